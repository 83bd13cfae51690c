"""The routes of the log-in with a certificate: ask for a challenge, sign it, come back with the signature."""

from base64 import b64decode
from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator
from qingyuan_certificates.refusals import CertificateRefused
from qingyuan_runtime.domain.text import AsItIs
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_runtime.edge.problems import problem

from accounts import response_models
from accounts.certificate_challenges import ChallengeGone, TooManyChallenges
from accounts.certificate_log_in import Bare, CertificateLogIn, Proof, SignedData
from accounts.http_parts import From, shown

Certificates = Annotated[CertificateLogIn, Depends(from_state("certificates"))]
Base64 = Annotated[str, Field(min_length=4, max_length=24_576, pattern=r"^[A-Za-z0-9+/]+={0,2}$")]


class CertificateBody(BaseModel):
    """`signed_data` is PKCS#7 and holds the certificate; else `certificate` and its bare `signature`, in base64."""

    model_config = ConfigDict(extra="forbid")
    challenge: UUID
    certificate: Annotated[str, AsItIs(24_576, least=1)] | None = None
    signature: Base64 | None = None
    signed_data: Base64 | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "CertificateBody":
        bare = self.certificate is not None and self.signature is not None
        if bare == (self.signed_data is not None):
            raise ValueError("either signed_data, or certificate and signature")
        for text in (self.signature, self.signed_data):
            b64decode(text or "", validate=True)
        return self

    def proof(self) -> Proof:
        if self.signed_data is not None:
            return SignedData(b64decode(self.signed_data))
        assert self.certificate is not None
        assert self.signature is not None
        return Bare(self.certificate, b64decode(self.signature))


def add_routes(app: FastAPI) -> None:
    app.add_exception_handler(CertificateRefused, _refused)
    app.add_exception_handler(ChallengeGone, _gone)
    app.add_exception_handler(TooManyChallenges, _too_many)

    @app.post("/session/challenges", status_code=201, response_model=response_models.Challenge, tags=["账户"])
    async def challenge(
        request: Request, _by: ActorDep, certificates: Certificates, origin: From
    ) -> JSONResponse:
        """A text to sign with the certificate's key, byte for byte in UTF-8; good for one try."""
        site = request.headers.get("x-client-site", "unknown")[:200]
        made = await certificates.challenge(site, origin.address)
        content = {"id": str(made.id), "text": made.signed_text, "expires_at": made.expires_at.isoformat()}
        return JSONResponse(content, status_code=201)

    @app.post("/session/certificate", response_model=response_models.Session, tags=["账户"])
    async def log_in(
        body: CertificateBody, _by: ActorDep, certificates: Certificates, origin: From
    ) -> JSONResponse:
        """Open a session. The first certificate of a credit code registers its organisation.

        `token` is for the gateway only, which turns it into a cookie.
        """
        session = await certificates.log_in(body.challenge, body.proof(), origin)
        return JSONResponse(shown(session, app.state.idle_minutes) | {"token": session.token})


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CertificateRefused)
    return problem(401, error.reason, error.sentence)


async def _gone(_request: Request, _error: Exception) -> JSONResponse:
    return problem(409, "challenge.gone", "本次登录请求已使用或超过两分钟，请重新登录。")


async def _too_many(_request: Request, _error: Exception) -> JSONResponse:
    return problem(
        429, "log-in.too-often", "来自此网络的登录请求过多，请两分钟后再试。", headers={"Retry-After": "120"}
    )
