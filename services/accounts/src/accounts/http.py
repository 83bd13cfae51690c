"""The accounts service's HTTP edge. Only the gateway talks to it, and says so with its own token."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import JSONResponse, Response
from joserfc.jwk import OctKey
from pydantic import BaseModel, ConfigDict, Field
from qingyuan_events import Actor
from qingyuan_runtime import second_factor
from qingyuan_runtime.decider import Invalid, Problem
from qingyuan_runtime.http import Ready, acting, create_app
from qingyuan_runtime.problems import Forbidden, problem

from accounts.book import Book, Locked, Session, WrongCredentials
from accounts.passwords import problem_with


class LogInBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    account: str = Field(min_length=1, max_length=100)
    password: str = Field(min_length=1, max_length=200)


class PasswordBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    current: str = Field(max_length=200)
    new: str = Field(max_length=200)


class SecondFactorBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    password: str = Field(min_length=1, max_length=200)
    over: list[Annotated[str, Field(pattern="^[0-9a-f]{64}$")]] = Field(
        min_length=1, max_length=100, description="SHA-256 of each content that the person was shown"
    )


ByActor = Annotated[Actor, Depends(acting)]


async def book(request: Request) -> Book:
    found: Book = request.app.state.book
    return found


InBook = Annotated[Book, Depends(book)]


async def hash_header(request: Request) -> bytes:
    """The session's token as the gateway passes it on: hashed, so that no log can hold a working one."""
    return bytes.fromhex(request.headers.get("x-session-hash", ""))


Hashed = Annotated[bytes, Depends(hash_header)]


def build_app(in_book: Book, *, actor_key: OctKey, ready: Ready, idle_minutes: int) -> FastAPI:
    app = create_app("accounts", actor_key=actor_key, ready=ready)
    app.state.book = in_book
    app.state.idle_minutes = idle_minutes
    app.state.actor_key = actor_key
    app.add_exception_handler(WrongCredentials, _wrong)
    app.add_exception_handler(Locked, _locked)
    _add_sessions(app)
    _add_account(app)
    _add_second_factor(app)
    return app


def _add_sessions(app: FastAPI) -> None:
    @app.post("/session", tags=["账户"])
    async def log_in(body: LogInBody, _by: ByActor, at: InBook) -> JSONResponse:
        """Open a session. `token` goes to the gateway only, which turns it into a cookie."""
        session = await at.log_in(body.account, body.password)
        return JSONResponse(_shown(session, app.state.idle_minutes) | {"token": session.token})

    @app.get("/session", tags=["账户"])
    async def who_am_i(_by: ByActor, at: InBook, hashed: Hashed) -> JSONResponse:
        session = await at.session(hashed)
        if session is None:
            return problem(401, "session.missing", "请先登录。")
        return JSONResponse(_shown(session, app.state.idle_minutes))

    @app.delete("/session", status_code=204, tags=["账户"])
    async def log_out(_by: ByActor, at: InBook, hashed: Hashed) -> Response:
        await at.log_out(hashed)
        return Response(status_code=204)

    @app.delete("/sessions", status_code=204, tags=["账户"])
    async def log_out_everywhere(by: ByActor, at: InBook) -> Response:
        await at.log_out_everywhere(by.account)
        return Response(status_code=204)


def _add_account(app: FastAPI) -> None:
    @app.post("/password", status_code=204, tags=["账户"])
    async def change_password(body: PasswordBody, by: ByActor, at: InBook, hashed: Hashed) -> Response:
        """Ends all other sessions of the account. A wrong present password counts towards the lock."""
        if why := problem_with(body.new, str(by.account)):
            raise Invalid((Problem("new", "password-strength", why),))
        await at.change_password(by.account, body.current, body.new, keep=hashed)
        return Response(status_code=204)

    @app.get("/account-labels", tags=["账户"])
    async def labels(_by: ByActor, at: InBook, ids: Annotated[str, Query(max_length=4000)]) -> JSONResponse:
        """Display names of accounts, for history pages. Unknown ids are left out."""
        wanted = [UUID(one) for one in ids.split(",") if one][:100]
        return JSONResponse({"labels": await at.labels(wanted)})


def _add_second_factor(app: FastAPI) -> None:
    @app.post("/second-factor", tags=["账户"])
    async def give_second_factor(body: SecondFactorBody, by: ByActor, at: InBook) -> JSONResponse:
        """The password once more, for signing exactly these contents within five minutes."""
        if by.kind != "enterprise":
            raise Forbidden
        try:
            await at.prove(by.account, body.password)
        except WrongCredentials:
            raise second_factor.wrong() from None
        issued = second_factor.issue(by.account, body.over, app.state.actor_key, at.now())
        return JSONResponse({"token": issued.token, "expires_at": issued.expires_at.isoformat()})

    @app.get("/colleagues", tags=["账户"])
    async def colleagues(by: ByActor, at: InBook) -> JSONResponse:
        """The accounts of one's own organisation: who can be named as having come along, or be given work."""
        if by.kind not in ("enterprise", "operator") or by.organisation is None:
            raise Forbidden
        found = await at.colleagues(by.organisation)
        items = [{"id": str(one.id), "name": one.name, "label": one.label} for one in found]
        return JSONResponse({"items": items})


def _shown(session: Session, idle_minutes: int) -> dict[str, object]:
    account = session.account
    return {
        "account": {
            "id": str(account.id),
            "name": account.name,
            "label": account.label,
            "kind": account.kind,
            "organisation": str(account.organisation) if account.organisation else None,
            "district": account.district,
            "role": account.role,
            "organisation_name": account.organisation_name,
        },
        "expires_at": session.expires_at.isoformat(),
        "idle_minutes": idle_minutes,
    }


async def _wrong(_request: Request, _error: Exception) -> JSONResponse:
    return problem(401, "credentials.wrong", "账户或密码不正确。")


async def _locked(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Locked)
    title = "密码错误次数过多，账户已临时锁定，请稍后再试。"
    return problem(423, "account.locked", title, until=error.until.isoformat())
