"""Who is logged in shows once more who they are: by the password, a code of the app, or a certificate of the own account."""

from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict
from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Invalid, Problem, Refused
from qingyuan_runtime.domain.text import Text
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_runtime.edge.problems import problem

from accounts.attempts import at_second_step
from accounts.certificates.identity import CertificateIdentity
from accounts.factors.held import WrongCode
from accounts.http import response_models
from accounts.http.certificate_routes import CertificateBody, challenge_answer
from accounts.http.parts import From, Hashed, NewPassword, Password, Service
from accounts.passwords.judging import problem_with
from accounts.passwords.policy import policy_on
from accounts.service.account_service import AccountService
from accounts.service.first_password import set_first_password
from accounts.sessions.opened import WrongCredentials
from accounts.sessions.still_open import SessionEnded

Code = Annotated[str, Text(40, least=1, code=True)]
Identity = Annotated[CertificateIdentity, Depends(from_state("identity"))]


class AgainBody(BaseModel):
    """One of the three: `password`, a `code` of the authenticator app, or the `proof` of a certificate of the own account."""

    model_config = ConfigDict(extra="forbid")
    password: Password | None = None
    code: Code | None = None
    proof: CertificateBody | None = None


class FirstPasswordBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    proof: CertificateBody
    new: NewPassword


async def show_again(
    body: AgainBody, by: Actor, service: AccountService, identity: CertificateIdentity
) -> None:
    """Raises `Invalid` at the field that is wrong, `Locked`, or what a certificate's proof raises.

    Also `Refused` while the password is a one-time one: whoever handed it out knows it, and could leave the owner at a
    second step of their own.
    """
    if await service.must_change(by.account):
        raise Refused("password.one-time", "请先把一次性密码改成自己的密码，再更改登录方式。")
    if body.proof is not None:
        await identity.show(by.account, body.proof.challenge, body.proof.signed())
    elif body.code is not None:
        await _show_code(body.code, by, service)
    elif body.password is not None:
        await _show_password(body.password, by, service)
    else:
        raise Invalid((Problem("password", "missing", "请输入登录密码。"),))


async def _show_code(code: str, by: Actor, service: AccountService) -> None:
    keys = at_second_step(by.account)
    try:
        await service.factors.use_code(by.account, "totp", code, keys, service.now(), "identity-check-failed")
    except WrongCode:
        raise Invalid((Problem("code", "code-wrong", "动态码不正确或已用过。"),)) from None
    await service.log.add("identity-shown-again", by.account)


async def _show_password(password: str, by: Actor, service: AccountService) -> None:
    try:
        await service.verify_again(by.account, password, "identity-check-failed")
    except WrongCredentials:
        raise Invalid((Problem("password", "password-wrong", "登录密码不正确。"),)) from None
    await service.log.add("identity-shown-again", by.account)


async def _ended(_request: Request, _error: Exception) -> JSONResponse:
    return problem(401, "session.missing", "请先登录。")


def add_routes(app: FastAPI) -> None:
    app.add_exception_handler(SessionEnded, _ended)

    @app.post(
        "/factors/identity/challenges",
        status_code=201,
        response_model=response_models.Challenge,
        tags=["账户"],
    )
    async def challenge(by: ActorDep, identity: Identity, origin: From) -> JSONResponse:
        """A text to sign with a certificate of the own account, as `proof` where others give the password; good for one try."""
        return challenge_answer(await identity.challenge(origin.site[:200], origin.address, by.account))

    @app.post("/password/first", status_code=204, tags=["账户"])
    async def first_password(
        body: FirstPasswordBody, by: ActorDep, service: Service, identity: Identity, hashed: Hashed
    ) -> Response:
        """A password for an account that has none, by its certificate. Ends all other sessions of the account."""
        own, least = await service.names(by.account), policy_on(service.now().date()).length_min
        if sentence := problem_with(body.new, *own, least=least):
            raise Invalid((Problem("new", "password-strength", sentence),))
        await identity.show(by.account, body.proof.challenge, body.proof.signed())
        await set_first_password(service, by.account, body.new, keep=hashed)
        return Response(status_code=204)
