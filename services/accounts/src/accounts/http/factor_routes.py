"""The routes of second steps: the second half of a log-in, and what an account has enrolled."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from qingyuan_runtime.domain.decider import Invalid, Problem
from qingyuan_runtime.domain.text import AsItIs, Text
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_runtime.edge.problems import problem

from accounts.factors.held import Method, WrongCode
from accounts.http import factor_models, response_models
from accounts.http.identity_routes import AgainBody, Code, Identity, show_again
from accounts.http.parts import From, Hashed, Service, shown
from accounts.service.log_in_steps import SecondStepDue
from accounts.sessions.restrictions import demands_factor
from accounts.signing import Signing

TAG: list[Any] = ["账户"]
Base64Url = Annotated[str, Field(min_length=1, max_length=8_192, pattern="^[A-Za-z0-9_-]+$")]
Signs = Annotated[Signing, Depends(from_state("signing"))]


class Assertion(BaseModel):
    """What a security key signed, as the browser's WebAuthn interface tells it; what else that tells is not read."""

    clientDataJSON: Base64Url
    authenticatorData: Base64Url
    signature: Base64Url


class Attestation(BaseModel):
    """A new security key, as the browser's WebAuthn interface tells it."""

    clientDataJSON: Base64Url
    attestationObject: Base64Url


class KeyAnswer(BaseModel):
    id: Base64Url
    rawId: Base64Url
    response: Assertion


class NewKey(BaseModel):
    id: Base64Url
    rawId: Base64Url
    response: Attestation


class StepBody(BaseModel):
    """`code` for `totp` and `recovery`, `assertion` for `webauthn`."""

    model_config = ConfigDict(extra="forbid")
    step: Annotated[str, AsItIs(100, least=1)]
    method: Method
    code: Code | None = None
    assertion: KeyAnswer | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "StepBody":
        if (self.assertion is not None) != (self.method == "webauthn") or self.proof is None:
            raise ValueError("a code for totp and recovery, an assertion for webauthn")
        return self

    @property
    def proof(self) -> str | dict[str, Any] | None:
        return self.assertion.model_dump() if self.assertion else self.code


class CodeBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: Code


class NewKeyBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    challenge: UUID
    name: Annotated[str, Text(50, least=1)]
    credential: NewKey


def add_routes(app: FastAPI) -> None:
    app.add_exception_handler(SecondStepDue, _due)
    app.add_exception_handler(WrongCode, _wrong)
    _add_step(app)
    _add_own(app)
    _add_totp(app)
    _add_keys(app)


def _add_step(app: FastAPI) -> None:
    @app.post("/session/step", response_model=response_models.Session, tags=TAG)
    async def second_step(body: StepBody, _by: ActorDep, service: Service, origin: From) -> JSONResponse:
        """Finish a log-in that answered `log-in.second-step`. `token` is for the gateway only."""
        assert body.proof is not None
        session = await service.steps.finish(body.step, body.method, body.proof, origin)
        return JSONResponse(shown(session, app.state.idle_minutes) | {"token": session.token})


def _add_own(app: FastAPI) -> None:
    @app.get("/factors", response_model=factor_models.OwnFactors, tags=TAG)
    async def own_factors(by: ActorDep, service: Service, signing: Signs, identity: Identity) -> JSONResponse:
        """The second steps of one's own account, and what it can confirm a signature with."""
        factors = service.factors
        methods = await factors.methods(by.account)
        keys = await factors.webauthn.of(by.account)
        ways = await identity.ways(by.account)
        return JSONResponse(
            {
                "totp": "totp" in methods,
                "totp_available": factors.totp.is_available,
                "webauthn": [_shown_key(dict(row)) for row in keys],
                "recovery_left": await factors.recovery.left(by.account),
                "demanded": demands_factor(service.settings, by.kind, by.role),
                "signing": await signing.kinds(by),
                "password": ways.password,
                "certificate": ways.certificate,
            }
        )

    @app.post("/factors/recovery", response_model=factor_models.RecoveryCodes, tags=TAG)
    async def renew_codes(
        body: AgainBody, by: ActorDep, service: Service, identity: Identity, hashed: Hashed
    ) -> JSONResponse:
        """Ten new recovery codes, shown once; the earlier ones are no longer accepted."""
        await show_again(body, by, service, identity)
        return JSONResponse({"codes": list(await service.factors.renew_codes(by.account, hashed))})


def _add_totp(app: FastAPI) -> None:
    @app.post("/factors/totp", response_model=factor_models.NewTotp, tags=TAG)
    async def begin_totp(body: AgainBody, by: ActorDep, service: Service, identity: Identity) -> JSONResponse:
        """A secret for an authenticator app. It counts only after a code of it was confirmed."""
        await show_again(body, by, service, identity)
        name = (await service.names(by.account))[0]
        secret, uri = await service.factors.totp.begin(by.account, name)
        return JSONResponse({"secret": secret, "uri": uri})

    @app.post("/factors/totp/confirmation", response_model=factor_models.RecoveryCodes, tags=TAG)
    async def confirm_totp(body: CodeBody, by: ActorDep, service: Service, hashed: Hashed) -> JSONResponse:
        try:
            codes = await service.factors.confirm_totp(by.account, hashed, body.code, service.now())
        except WrongCode:
            raise Invalid((Problem("code", "code-wrong", "动态码不正确，请核对手机时间后重试。"),)) from None
        return JSONResponse({"codes": list(codes)})

    @app.post("/factors/totp/removal", status_code=204, tags=TAG)
    async def remove_totp(
        body: AgainBody, by: ActorDep, service: Service, identity: Identity, hashed: Hashed
    ) -> Response:
        """Refused where a second step is demanded of the account and this is its last."""
        await show_again(body, by, service, identity)
        await service.factors.remove_totp(by.account, hashed)
        return Response(status_code=204)


def _add_keys(app: FastAPI) -> None:
    @app.post(
        "/factors/webauthn/challenges",
        response_model=factor_models.KeyChallenge,
        tags=TAG,
    )
    async def ask_for_key(
        body: AgainBody, by: ActorDep, service: Service, identity: Identity, origin: From
    ) -> JSONResponse:
        """What the browser needs to make a new key; good for one try within five minutes."""
        await show_again(body, by, service, identity)
        name, label = await service.names(by.account)
        asked = await service.factors.ask_for_key(by.account, name, label, origin.site, service.now())
        expires = asked.challenge.expires_at.isoformat()
        content = {"id": str(asked.challenge.id), "webauthn": asked.webauthn, "expires_at": expires}
        return JSONResponse(content)

    @app.post("/factors/webauthn", response_model=factor_models.RecoveryCodes, tags=TAG)
    async def add_key(body: NewKeyBody, by: ActorDep, service: Service, hashed: Hashed) -> JSONResponse:
        codes = await service.factors.add_key(
            by.account, hashed, body.challenge, body.name, body.credential.model_dump(), service.now()
        )
        return JSONResponse({"codes": list(codes)})

    @app.post("/factors/webauthn/{key_id}/removal", status_code=204, tags=TAG)
    async def remove_key(
        key_id: UUID,
        body: AgainBody,
        by: ActorDep,
        service: Service,
        identity: Identity,
        hashed: Hashed,
    ) -> Response:
        """Refused where a second step is demanded of the account and this is its last."""
        await show_again(body, by, service, identity)
        await service.factors.remove_key(by.account, hashed, key_id)
        return Response(status_code=204)


def _shown_key(row: dict[str, Any]) -> dict[str, object]:
    last_used = row["last_used"]
    return {
        "id": str(row["key_id"]),
        "name": row["name"],
        "added": row["added"].isoformat(),
        "last_used": last_used.isoformat() if last_used else None,
    }


async def _due(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, SecondStepDue)
    return problem(
        409,
        "log-in.second-step",
        "请完成第二步验证。",
        step=error.step,
        methods=error.methods,
        webauthn=error.webauthn,
    )


async def _wrong(_request: Request, _error: Exception) -> JSONResponse:
    return problem(401, "log-in.code-wrong", "验证未通过：动态码或恢复码不正确、已用过，或安全密钥不符。")
