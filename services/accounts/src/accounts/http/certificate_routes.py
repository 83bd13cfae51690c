"""The routes of certificates of whoever is not logged in yet: log in with one, try one out."""

from base64 import b64decode
from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator
from qingyuan_certificates.refusals import CertificateRefused
from qingyuan_certificates.verifying import Verified
from qingyuan_runtime.domain.text import AsItIs
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_runtime.edge.problems import problem

from accounts.certificates.challenges import (
    Challenge,
    ChallengeGone,
    TooManyChallenges,
    TooManyOfAccount,
)
from accounts.certificates.log_in import Bare, CertificateLogIn, Proof, Register, SignedData
from accounts.http import certificate_models, response_models
from accounts.http.parts import From, shown

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

    def signed(self) -> Proof:
        if self.signed_data is not None:
            return SignedData(b64decode(self.signed_data))
        assert self.certificate is not None
        assert self.signature is not None
        return Bare(self.certificate, b64decode(self.signature))


class CertificateLogInBody(CertificateBody):
    """`register` is what whoever holds an unknown certificate says when asked: an operator's first, or somebody new there."""

    register_as: Register | None = Field(default=None, alias="register")


def add_routes(app: FastAPI) -> None:
    app.add_exception_handler(CertificateRefused, _refused)
    app.add_exception_handler(ChallengeGone, _gone)
    app.add_exception_handler(TooManyChallenges, _too_many)
    app.add_exception_handler(TooManyOfAccount, _too_many_of_account)
    _add_log_in(app)


def _add_log_in(app: FastAPI) -> None:
    @app.post("/session/challenges", status_code=201, response_model=response_models.Challenge, tags=["账户"])
    async def challenge(_by: ActorDep, certificates: Certificates, origin: From) -> JSONResponse:
        """A text to sign with the certificate's key, byte for byte in UTF-8; good for one try."""
        return challenge_answer(await certificates.challenge(origin.site, origin.address))

    @app.post("/session/certificate", response_model=certificate_models.CertificateSession, tags=["账户"])
    async def log_in(
        body: CertificateLogInBody, _by: ActorDep, certificates: Certificates, origin: From
    ) -> JSONResponse:
        """Open a session. The first certificate of a credit code registers its organisation, if `register` says so.

        Without it such a certificate is answered with 409 `certificate.unknown-organisation`, with `organisation` and `uscc`;
        and a later one, where a manager's certificate is on record, with 409 `certificate.unknown-holder` unless it is `technician`.
        `token` is for the gateway only, which turns it into a cookie.
        """
        said = body.register_as
        entered = await certificates.log_in(body.challenge, body.signed(), origin, register=said)
        content = shown(entered.session, app.state.idle_minutes)
        return JSONResponse(content | {"registered": entered.registered, "token": entered.session.token})

    @app.post("/session/certificate/trial", response_model=certificate_models.CertificateTrial, tags=["账户"])
    async def trial(body: CertificateBody, _by: ActorDep, certificates: Certificates) -> JSONResponse:
        """Verify a signed challenge of the log-in and say what the certificate holds. Opens and registers nothing."""
        return JSONResponse(_tried(await certificates.try_out(body.challenge, body.signed())))


def challenge_answer(made: Challenge) -> JSONResponse:
    content = {"id": str(made.id), "text": made.signed_text, "expires_at": made.expires_at.isoformat()}
    return JSONResponse(content, status_code=201)


def _tried(verified: Verified) -> dict[str, object]:
    certificate, age = verified.certificate, verified.list_age
    return {
        "organisation": verified.subject.name,
        "uscc": verified.subject.uscc,
        "serial": certificate.serial,
        "valid_from": certificate.valid_from.isoformat(),
        "valid_to": certificate.valid_to.isoformat(),
        "list_made_at": age.made_at.isoformat() if age.made_at else None,
        "list_overdue": age.overdue,
    }


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CertificateRefused)
    return problem(401, error.reason, error.sentence)


async def _gone(_request: Request, _error: Exception) -> JSONResponse:
    return problem(409, "challenge.gone", "本次登录请求已使用或超过两分钟，请重新登录。")


async def _too_many(_request: Request, _error: Exception) -> JSONResponse:
    return problem(
        429, "log-in.too-often", "来自此网络的登录请求过多，请两分钟后再试。", headers={"Retry-After": "120"}
    )


async def _too_many_of_account(_request: Request, _error: Exception) -> JSONResponse:
    title = "本账户取得验证内容的次数过多，请两分钟后再试。"
    return problem(429, "challenge.too-many", title, headers={"Retry-After": "120"})
