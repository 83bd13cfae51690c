"""The routes of the certificates of one's own account: listed, added, removed."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, Response
from qingyuan_events import Actor
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_runtime.edge.problems import Forbidden

from accounts.certificates.binding import CertificateBinding
from accounts.http import certificate_models, response_models
from accounts.http.certificate_routes import CertificateBody, challenge_answer
from accounts.http.identity_routes import AgainBody, Identity, show_again
from accounts.http.parts import From, Hashed, Service

Binding = Annotated[CertificateBinding, Depends(from_state("binding"))]


class AddBody(AgainBody):
    """`added` is the certificate with its signed challenge; and who asks shows once more who they are."""

    added: CertificateBody


def add_routes(app: FastAPI) -> None:
    @app.get("/certificates", response_model=certificate_models.OwnCertificates, tags=["账户"])
    async def own(by: ActorDep, binding: Binding) -> JSONResponse:
        """The certificates with which one may log in to the own account."""
        return _json({"items": [asdict(certificate) for certificate in await binding.own(by.account)]})

    @app.post(
        "/certificates/challenges", status_code=201, response_model=response_models.Challenge, tags=["账户"]
    )
    async def challenge_to_add(
        by: ActorDep, binding: Binding, service: Service, origin: From
    ) -> JSONResponse:
        """A text to sign with the key of the certificate that is to be added; it names the account."""
        _require_organisation(by)
        return challenge_answer(
            await binding.challenge(origin.site, origin.address, by.account, service.now())
        )

    @app.post("/certificates", response_model=certificate_models.OwnCertificate, tags=["账户"])
    async def add(
        body: AddBody, by: ActorDep, binding: Binding, service: Service, identity: Identity, hashed: Hashed
    ) -> JSONResponse:
        """Add a certificate of the own organisation to the own account. The name and the code are the certificate's.

        It opens the account from then on, so a session left open is not enough: one of the ways of `AgainBody` is asked for.
        """
        _require_organisation(by)
        await show_again(body, by, service, identity)
        proof = body.added.signed()
        return _json(asdict(await binding.add(by, hashed, body.added.challenge, proof, service.now())))

    @app.delete("/certificates/{certificate_id}", status_code=204, tags=["账户"])
    async def take_away(
        certificate_id: UUID, by: ActorDep, binding: Binding, service: Service, hashed: Hashed
    ) -> Response:
        """The certificate opens no session any more, and those that it opened end."""
        await binding.remove(by.account, hashed, certificate_id, service.now())
        return Response(status_code=204)


def _require_organisation(by: Actor) -> None:
    if by.organisation is None:
        raise Forbidden("certificate.no-organisation", "只有排污单位和运维机构的账户可以绑定法人一证通。")


def _json(content: object) -> JSONResponse:
    return JSONResponse(jsonable_encoder(content))
