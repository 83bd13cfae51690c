"""The HTTP edge of accounts. Requests come from the gateway, and those for display names also from views, with signed tokens."""

import time
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict
from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Invalid, Missing, Problem
from qingyuan_runtime.domain.text import AsItIs, Text
from qingyuan_runtime.edge.dependencies import ActorDep
from qingyuan_runtime.edge.fair_queue import Crowded
from qingyuan_runtime.edge.http import WITHOUT_BUSINESS, Ready, create_app, token_of
from qingyuan_runtime.edge.problems import SENTENCES, Forbidden, problem
from qingyuan_runtime.tokens.actors import ACTING, NAMING, Verifier
from qingyuan_runtime.tokens.issuers import Signs, Trusts

from accounts.attempts import Locked, TooManyFromAddress
from accounts.certificates.binding import CertificateBinding
from accounts.certificates.identity import CertificateIdentity
from accounts.certificates.log_in import CertificateLogIn
from accounts.certificates.lost_keys import LostKeys
from accounts.display_names import Reader
from accounts.http import (
    address_routes,
    admin_routes,
    certificate_routes,
    factor_models,
    factor_routes,
    identity_routes,
    lost_key_routes,
    organisation_routes,
    own_certificate_routes,
    response_models,
    security_log_routes,
    security_models,
    security_routes,
    signing_routes,
    wechat_routes,
)
from accounts.http.parts import From, Hashed, Password, Service, shown
from accounts.passwords.history import UsedBefore
from accounts.passwords.judging import THE_SAME, problem_with, used_before
from accounts.passwords.policy import expires_days, policy_on
from accounts.security.desk import SecurityDesk
from accounts.security_log.deed import Attributed
from accounts.service.account_service import AccountService
from accounts.sessions.opened import WrongCredentials
from accounts.signing import Signing
from accounts.wechat.opening import WeChatParts

ON = {
    "name": "on",
    "in": "query",
    "required": False,
    "schema": {"type": "string"},
    "description": "the object on which the accounts are shown, as the path of its view; read by the gateway alone",
}


class LogInBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    account: Annotated[str, Text(100, least=1, code=True)]
    password: Password


class PasswordBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    current: Password
    new: Password


async def named_to(request: Request) -> Actor:
    """The actor who reads names, either directly or through views, which prints them on the actor's behalf."""
    verifier: Verifier = request.app.state.naming
    return verifier.verify(token_of(request), now=time.time())


ForActor = Annotated[Actor, Depends(named_to)]


def build_app(
    accounts: AccountService,
    certificates: CertificateLogIn,
    security: SecurityDesk,
    signing: Signing,
    *,
    trusted: Trusts,
    signer: Signs,
    ready: Ready,
    idle_minutes: int,
    wechat: WeChatParts | None = None,
) -> FastAPI:
    app = create_app("accounts", trusted=trusted, ready=ready, admits=WITHOUT_BUSINESS)
    app.add_middleware(Attributed, verifier=app.state.verifier)
    app.state.accounts = accounts
    app.state.certificates = certificates
    app.state.trust = accounts.trust
    app.state.security_desk = security
    app.state.security_lines = security.lines
    app.state.security_log = security.log
    app.state.binding = CertificateBinding(accounts)
    app.state.identity = CertificateIdentity(accounts)
    app.state.lost_keys = LostKeys(accounts)
    app.state.wechat = wechat
    app.state.addresses = accounts.addresses
    app.state.signing = signing
    app.state.idle_minutes = idle_minutes
    app.state.signer = signer
    app.state.naming = Verifier(trusted, ACTING, NAMING)
    app.add_exception_handler(WrongCredentials, _wrong)
    app.add_exception_handler(Locked, _locked)
    app.add_exception_handler(TooManyFromAddress, _too_often)
    app.add_exception_handler(Crowded, _crowded)
    _add_sessions(app)
    _add_account(app)
    _add_colleagues(app)
    factor_routes.add_routes(app)
    signing_routes.add_routes(app)
    certificate_routes.add_routes(app)
    organisation_routes.add_routes(app)
    admin_routes.add_routes(app)
    security_routes.add_routes(app)
    security_log_routes.add_routes(app)
    identity_routes.add_routes(app)
    own_certificate_routes.add_routes(app)
    lost_key_routes.add_routes(app)
    wechat_routes.add_routes(app)
    address_routes.add_routes(app, trusted)
    return app


def _add_sessions(app: FastAPI) -> None:
    @app.post("/session", response_model=response_models.Session, tags=["账户"])
    async def log_in(body: LogInBody, _by: ActorDep, service: Service, origin: From) -> JSONResponse:
        """Open a session. `token` is for the gateway only, which turns it into a cookie.

        Where the account has a second step: 409 `log-in.second-step` with `step`, `methods` and `webauthn`.
        """
        session = await service.log_in(body.account, body.password, origin)
        return JSONResponse(shown(session, app.state.idle_minutes) | {"token": session.token})

    @app.get("/session", response_model=response_models.Session, tags=["账户"])
    async def who_am_i(request: Request, _by: ActorDep, service: Service, hashed: Hashed) -> JSONResponse:
        session = await service.session(hashed, used=not _only_looks(request))
        if session is None:
            return problem(401, "session.missing", "请先登录。")
        return JSONResponse(shown(session, app.state.idle_minutes))

    @app.get("/session/left", response_model=security_models.SessionLeft, tags=["账户"])
    async def time_left(_by: ActorDep, service: Service, hashed: Hashed) -> JSONResponse:
        """How long the session still lasts. Asking does not keep it alive, so that a page can warn before it ends."""
        left = await service.sessions.left(hashed, service.now())
        if left is None:
            return problem(401, "session.missing", "请先登录。")
        return JSONResponse({"idle_seconds": left.idle, "whole_seconds": left.whole})

    @app.delete("/session", status_code=204, tags=["账户"])
    async def log_out(_by: ActorDep, service: Service, hashed: Hashed) -> Response:
        await service.log_out(hashed)
        return Response(status_code=204)

    @app.delete("/sessions", status_code=204, tags=["账户"])
    async def log_out_everywhere(by: ActorDep, service: Service) -> Response:
        await service.log_out_everywhere(by.account)
        return Response(status_code=204)

    @app.get("/sessions", response_model=response_models.OpenSessions, tags=["账户"])
    async def sessions(by: ActorDep, service: Service, hashed: Hashed) -> JSONResponse:
        """The open sessions of one's own account: device, address, since when; `current` marks the present one."""
        rows = await service.sessions.of(by.account, hashed, service.now())
        return JSONResponse({"items": [_open_session(row) for row in rows]})

    @app.delete("/sessions/others", status_code=204, tags=["账户"])
    async def end_other_sessions(by: ActorDep, service: Service, hashed: Hashed) -> Response:
        """All but the one that this request belongs to."""
        await service.log_out_everywhere(by.account, but=hashed)
        return Response(status_code=204)

    @app.delete("/sessions/{session_id}", status_code=204, tags=["账户"])
    async def end_session(session_id: UUID, by: ActorDep, service: Service) -> Response:
        if not await service.end_session(by.account, session_id):
            raise Missing("session")
        return Response(status_code=204)


def _only_looks(request: Request) -> bool:
    """The gateway says that a page asked by itself, which must not keep the session alive."""
    return "x-session-look" in request.headers


def _add_account(app: FastAPI) -> None:
    @app.post("/password", status_code=204, tags=["账户"])
    async def change_password(body: PasswordBody, by: ActorDep, service: Service, hashed: Hashed) -> Response:
        """Ends all other sessions of the account. A wrong present password counts as a failed attempt."""
        own, policy = await service.names(by.account), policy_on(service.now().date())
        if sentence := (
            THE_SAME if body.new == body.current else problem_with(body.new, *own, least=policy.length_min)
        ):
            raise Invalid((Problem("new", "password-strength", sentence),))
        try:
            await service.change_password(by.account, body.current, body.new, keep=hashed)
        except UsedBefore as used:
            raise Invalid((Problem("new", "password-used-before", used_before(used.how_many)),)) from None
        return Response(status_code=204)

    @app.get("/password-policy", response_model=factor_models.PasswordPolicy, tags=["账户"])
    async def password_policy(_by: ActorDep, service: Service) -> JSONResponse:
        """What a new password has to be, as of today, and where the rule comes from."""
        policy = policy_on(service.now().date())
        return JSONResponse(
            {
                "length_min": policy.length_min,
                "expires_days": expires_days(service.settings, service.now()),
                "history": policy.history,
                "valid_from": policy.valid_from.isoformat(),
                "sources": list(policy.sources),
            }
        )

    @app.get(
        "/account-labels",
        response_model=response_models.AccountLabels,
        tags=["账户"],
        openapi_extra={"parameters": [ON]},
    )
    async def labels(
        request: Request, by: ForActor, service: Service, ids: Annotated[str, AsItIs(4_000), Query()]
    ) -> JSONResponse:
        """Display names of accounts. `on` names the object on which they are shown (`/views/visits/<id>`), for the gateway.

        Ids that are unknown, or whose names the reader may not know, are left out.
        """
        return JSONResponse({"labels": await service.labels(_ids(ids)[:100], _reader(request, by))})


def _reader(request: Request, by: Actor) -> Reader:
    def ids_of(header: str) -> list[UUID]:
        return _ids(request.headers.get(header, ""), header)

    return Reader(
        by.kind == "regulator" or (by.kind == "administrator" and by.role not in WITHOUT_BUSINESS),
        by.organisation,
        *map(ids_of, ("x-vouched-accounts", "x-sent-accounts", "x-named-organisations")),
    )


def _ids(text: str, field: str = "ids") -> list[UUID]:
    try:
        return [UUID(part) for part in text.split(",") if part]
    except ValueError:
        raise Invalid((Problem(field, "uuid_parsing", SENTENCES["uuid_parsing"]),)) from None


def _add_colleagues(app: FastAPI) -> None:
    @app.get("/colleagues", response_model=response_models.Colleagues, tags=["账户"])
    async def colleagues(by: ActorDep, managers: organisation_routes.Managers) -> JSONResponse:
        """The accounts of one's own organisation, to choose companions of a visit or assignees of a plan."""
        if by.kind not in ("enterprise", "operator") or by.organisation is None:
            raise Forbidden
        accounts = await managers.colleagues(by.organisation)
        items = [
            {"id": str(account.id), "name": account.name, "label": account.label} for account in accounts
        ]
        return JSONResponse({"items": items})


async def _wrong(_request: Request, _error: Exception) -> JSONResponse:
    return problem(401, "credentials.wrong", "账户或密码不正确。")


def _open_session(row: asyncpg.Record) -> dict[str, object]:
    return {
        "id": str(row["session_id"]),
        "device": row["device"],
        "address": row["address"],
        "since": row["created"].isoformat(),
        "last_seen": row["last_seen"].isoformat(),
        "current": row["current"],
    }


async def _locked(_request: Request, error: Exception) -> JSONResponse:
    """The same response for a name that no account has."""
    assert isinstance(error, Locked)
    title = "密码错误次数过多，账户已临时锁定，请稍后再试。"
    return problem(423, "account.locked", title, until=error.until.isoformat())


async def _too_often(_request: Request, _error: Exception) -> JSONResponse:
    title = "来自此网络的密码错误过多，请一分钟后再试。"
    return problem(429, "log-in.too-often", title, headers={"Retry-After": "60"})


async def _crowded(_request: Request, _error: Exception) -> JSONResponse:
    return problem(503, "log-in.crowded", "登录的人较多，请稍后重试。", headers={"Retry-After": "2"})
