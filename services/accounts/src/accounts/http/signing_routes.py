"""The routes of the second factor of a signature: what a key is to sign, and the proof for exactly these contents."""

from base64 import b64decode
from typing import Annotated, Literal
from uuid import UUID

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator
from qingyuan_events import Actor
from qingyuan_events.parts import CertificateProof
from qingyuan_runtime.domain.decider import Invalid, Problem, Refused
from qingyuan_runtime.domain.text import AsItIs
from qingyuan_runtime.edge.dependencies import ActorDep
from qingyuan_runtime.edge.problems import Forbidden
from qingyuan_runtime.tokens import second_factor

from accounts.certificates.log_in import Bare, Proof, SignedData
from accounts.http import factor_models, response_models
from accounts.http.certificate_routes import Base64
from accounts.http.factor_routes import TAG, KeyAnswer, Signs
from accounts.http.identity_routes import Code
from accounts.http.parts import From, Password, Service
from accounts.managing.rights_now import NOT_SIGNATORY
from accounts.service.account_service import AccountService
from accounts.signing import Kind, Signing, SigningAsked

Over = Annotated[
    list[Annotated[str, Field(pattern="^[0-9a-f]{64}$")]],
    Field(min_length=1, max_length=100, description="SHA-256 of each content that the person was shown"),
]
LONGEST_TOKEN = 30_000
"""What the receivers of the token take."""
NEEDS: dict[Kind, tuple[str, ...]] = {
    "password": ("password",),
    "totp": ("code",),
    "webauthn": ("challenge", "assertion"),
    "certificate": ("challenge",),
}
WORDS = {
    "password": "请输入登录密码。",
    "code": "请输入动态码。",
    "challenge": "请先取得要验证的内容。",
    "assertion": "缺少安全密钥的应答。",
}


class SecondFactorBody(BaseModel):
    """`password`: the password. `totp`: `code`. `webauthn`: `challenge` and `assertion`. `certificate`: `challenge`, and either
    `certificate` with its bare `signature` or `signed_data`, in base64."""

    model_config = ConfigDict(extra="forbid")
    over: Over
    method: Kind = "password"
    password: Password | None = None
    code: Code | None = None
    challenge: UUID | None = None
    assertion: KeyAnswer | None = None
    certificate: Annotated[str, AsItIs(24_576, least=1)] | None = None
    signature: Base64 | None = None
    signed_data: Base64 | None = None

    @model_validator(mode="after")
    def _are_base64(self) -> "SecondFactorBody":
        for text in (self.signature, self.signed_data):
            b64decode(text or "", validate=True)
        return self

    def require(self) -> None:
        """Raises `Invalid` where the method lacks something."""
        lacking = [field for field in NEEDS[self.method] if getattr(self, field) is None]
        if lacking:
            raise Invalid(tuple(Problem(field, "missing", WORDS[field]) for field in lacking))

    def proof(self) -> Proof:
        if self.signed_data is not None:
            return SignedData(b64decode(self.signed_data))
        if self.certificate is None or self.signature is None:
            raise Invalid((Problem("signature", "missing", "缺少证书的签名。"),))
        return Bare(self.certificate, b64decode(self.signature))


class ChallengeBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    over: Over
    method: Literal["webauthn", "certificate"]


def add_routes(app: FastAPI) -> None:
    @app.post(
        "/second-factor/challenges",
        response_model=factor_models.SigningChallenge,
        tags=TAG,
    )
    async def ask(
        body: ChallengeBody, by: ActorDep, service: Service, signing: Signs, origin: From
    ) -> JSONResponse:
        """What a security key or a certificate is to sign for these contents; good for one try within five minutes."""
        await _require_signer(by, service)
        asks = signing.ask_key if body.method == "webauthn" else signing.ask_certificate
        return JSONResponse(_shown(await asks(by, body.over, origin.site)))

    @app.post("/second-factor", response_model=response_models.SecondFactor, tags=TAG)
    async def give_second_factor(
        body: SecondFactorBody, by: ActorDep, service: Service, signing: Signs
    ) -> JSONResponse:
        """Who signs shows once more who they are, for exactly these contents and for five minutes."""
        await _require_signer(by, service)
        body.require()
        certificate = await _shown_to_be(by, body, signing)
        issued = second_factor.issue(
            by.account,
            body.over,
            app.state.signer,
            service.now(),
            factor=body.method,
            certificate=certificate,
        )
        if len(issued.token) > LONGEST_TOKEN:
            raise Refused("second-factor.too-long", "证书签名的数据过大，请减少一次签字的条数。")
        return JSONResponse({"token": issued.token, "expires_at": issued.expires_at.isoformat()})


async def _shown_to_be(by: Actor, body: SecondFactorBody, signing: Signing) -> CertificateProof | None:
    match body.method:
        case "password":
            await signing.by_password(by, body.password or "")
        case "totp":
            await signing.by_code(by, body.code or "")
        case "webauthn":
            assert body.challenge is not None
            assert body.assertion is not None
            await signing.by_key(by, body.over, body.challenge, body.assertion.model_dump())
        case "certificate":
            assert body.challenge is not None
            return await signing.by_certificate(by, body.over, body.challenge, body.proof())
    return None


async def _require_signer(by: Actor, service: AccountService) -> None:
    """Of an enterprise only who may sign for it, of an operator nobody who only reads."""
    if by.kind not in ("enterprise", "operator") or by.role == "quality_officer":
        raise Forbidden
    if by.kind == "enterprise" and not await service.may_sign(by.account):
        raise Forbidden(*NOT_SIGNATORY)


def _shown(asked: SigningAsked) -> dict[str, object]:
    return {
        "id": str(asked.challenge.id),
        "text": asked.text,
        "webauthn": asked.webauthn,
        "expires_at": asked.challenge.expires_at.isoformat(),
    }
