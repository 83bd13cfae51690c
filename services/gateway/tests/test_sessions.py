"""Only 401 and 404 from accounts mean "no session". After any other failure the user stays logged in and is asked to wait."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from gateway.answering import Gateway
from gateway.app import build_app
from gateway.sessions import Sessions
from gateway.settings import GatewaySettings
from gateway.upstream import Upstream
from qingyuan_runtime.tokens.issuers import EveryIssuer

ACCOUNT = {
    "id": str(UUID(int=7)),
    "kind": "operator",
    "organisation": str(UUID(int=1)),
    "district": None,
    "role": "manager",
}
Responder = Callable[[], web.Response]


class Accounts:
    """A fake of all services that responds as set by the test."""

    def __init__(self) -> None:
        self.respond: Responder = valid_session
        self.delay = 0.0

    async def answer(self, _request: web.Request) -> web.Response:
        await asyncio.sleep(self.delay)
        return self.respond()


def valid_session() -> web.Response:
    return web.json_response({"account": ACCOUNT})


def responding(status: int, **headers: str) -> Responder:
    return lambda: web.Response(status=status, headers=headers, text=json.dumps({"code": "session.missing"}))


@pytest.fixture
def accounts() -> Accounts:
    return Accounts()


@pytest.fixture
async def server(accounts: Accounts) -> AsyncIterator[TestServer]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", accounts.answer)
    async with TestServer(app) as server:
        yield server


@pytest.fixture
async def http(server: TestServer) -> AsyncIterator[httpx.AsyncClient]:
    address = str(server.make_url("")).rstrip("/")
    upstream = Upstream.open({"accounts": address, "tasks": address, "views": address}, timeout=0.5)  # type: ignore[dict-item]
    settings = GatewaySettings(cookie_secure=False)
    sessions = Sessions(upstream, EveryIssuer(), cache_seconds=0)
    app: Any = build_app(Gateway(settings, upstream, sessions), openapi=b"{}", close=upstream.close)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://qingyuan.test") as client:
        client.cookies.set("qingyuan", "known")
        yield client
    await upstream.close()


@pytest.mark.parametrize("must", ["password", "factor"])
async def test_a_session_that_must_do_something_first_may_do_that_and_nothing_else(
    http: httpx.AsyncClient, accounts: Accounts, must: str
) -> None:
    accounts.respond = lambda: web.json_response({"account": ACCOUNT, "must": [must]})
    own = {"Sec-Fetch-Site": "same-origin"}
    for path in ("/api/tasks/forms", "/api/views/visits", "/api/colleagues", "/api/sessions"):
        answer = await http.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "session.restricted")
    for path in ("/api/session", "/api/factors", "/api/password-policy"):
        assert (await http.get(path)).status_code == 200
    for path in ("/api/password", "/api/factors/totp", "/api/factors/webauthn"):
        assert (await http.post(path, json={}, headers=own)).status_code == 200


async def test_after_a_factor_was_enrolled_the_session_is_asked_for_anew(
    server: TestServer, accounts: Accounts
) -> None:
    """Otherwise it would stay restricted until the gateway forgets it."""
    address = str(server.make_url("")).rstrip("/")
    upstream = Upstream.open({"accounts": address, "tasks": address}, timeout=0.5)  # type: ignore[dict-item]
    sessions = Sessions(upstream, EveryIssuer(), cache_seconds=600)
    app: Any = build_app(
        Gateway(GatewaySettings(cookie_secure=False), upstream, sessions), openapi=b"{}", close=upstream.close
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://qingyuan.test") as http:
        http.cookies.set("qingyuan", "known")
        accounts.respond = lambda: web.json_response({"account": ACCOUNT, "must": ["factor"]})
        assert (await http.get("/api/tasks/forms")).status_code == 403
        accounts.respond = valid_session
        own = {"Sec-Fetch-Site": "same-origin"}
        assert (await http.post("/api/factors/totp/confirmation", json={}, headers=own)).status_code == 200
        assert (await http.get("/api/tasks/forms")).status_code == 200
    await upstream.close()


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        ("security", "DELETE", f"/api/security/sessions/{UUID(int=3)}"),
        ("security", "POST", f"/api/admin/organisations/{UUID(int=1)}/certificate-demand"),
        ("", "POST", "/api/session/lost-key/password"),
    ],
)
async def test_a_session_that_somebody_else_ended_is_asked_for_at_once(
    server: TestServer, accounts: Accounts, role: str, method: str, path: str
) -> None:
    """The request does not say whose session ends, and the cache would let it live for some seconds."""
    address = str(server.make_url("")).rstrip("/")
    upstream = Upstream.open({"accounts": address, "tasks": address}, timeout=0.5)  # type: ignore[dict-item]
    sessions = Sessions(upstream, EveryIssuer(), cache_seconds=600)
    app: Any = build_app(
        Gateway(GatewaySettings(cookie_secure=False), upstream, sessions), openapi=b"{}", close=upstream.close
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://qingyuan.test") as http:
        thief, officer = {"cookie": "qingyuan=stolen"}, {"cookie": "qingyuan=officer"}
        assert (await http.get("/api/tasks/forms", headers=thief)).status_code == 200
        who = {"account": ACCOUNT | {"id": str(UUID(int=8)), "kind": "administrator", "role": role}}
        accounts.respond = lambda: web.json_response(who)
        own = {"Sec-Fetch-Site": "same-origin"} | (officer if role else {})
        assert (await http.request(method, path, json={}, headers=own)).status_code == 200
        accounts.respond = responding(401)
        assert (await http.get("/api/tasks/forms", headers=thief)).status_code == 401
    await upstream.close()


@pytest.mark.parametrize("status", [401, 404])
async def test_after_401_or_404_from_accounts_the_user_is_asked_to_log_in(
    http: httpx.AsyncClient, accounts: Accounts, status: int
) -> None:
    accounts.respond = responding(status)
    answer = await http.get("/api/tasks/forms")
    assert (answer.status_code, answer.json()["code"]) == (401, "session.missing")


@pytest.mark.parametrize("status", [403, 429, 500, 502, 503, 504])
async def test_after_any_other_status_the_user_is_asked_to_wait_and_keeps_the_cookie(
    http: httpx.AsyncClient, accounts: Accounts, status: int
) -> None:
    assert (await http.get("/api/session")).status_code == 200
    accounts.respond = responding(status)
    require_down(await http.get("/api/session"))
    accounts.respond = valid_session
    assert (await http.get("/api/session")).status_code == 200


async def test_when_accounts_is_slow_or_unreachable_the_user_is_asked_to_wait(
    http: httpx.AsyncClient, accounts: Accounts, server: TestServer
) -> None:
    accounts.delay = 1.0
    require_down(await http.get("/api/session"))
    await server.close()
    require_down(await http.get("/api/session"))


async def test_a_401_about_the_gateways_own_token_logs_nobody_out(
    http: httpx.AsyncClient, accounts: Accounts
) -> None:
    accounts.respond = responding(401, **{"WWW-Authenticate": 'Bearer error="invalid_token"'})
    require_down(await http.get("/api/session"))


async def test_a_slow_service_is_answered_503_with_retry_after(
    http: httpx.AsyncClient, accounts: Accounts
) -> None:
    """The route needs no session, so it is not the question about the session that takes long."""
    accounts.delay = 1.0
    answer = await http.get("/api/views/checks/00000000-0000-0000-0000-000000000001")
    assert (answer.status_code, answer.json()["code"]) == (503, "service.slow")
    assert answer.headers["retry-after"]


def require_down(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (503, "service.down")
    assert answer.headers["retry-after"]
    assert "set-cookie" not in answer.headers


async def test_an_accepted_invitation_opens_a_session_as_a_log_in_does(
    http: httpx.AsyncClient, accounts: Accounts
) -> None:
    accounts.respond = lambda: web.json_response({"token": "secret", "account": ACCOUNT})
    own_page = {"Sec-Fetch-Site": "same-origin"}
    answer = await http.post("/api/invitations/acceptance", json={"code": "x"}, headers=own_page)
    assert "qingyuan=secret" in answer.headers["set-cookie"]
    assert answer.json() == {"account": ACCOUNT}


@pytest.mark.parametrize(
    ("kind", "role", "path"),
    [
        ("regulator", "reader", "/api/filing/filings/passing"),
        ("operator", "quality_officer", "/api/tasks/plans"),
        ("enterprise", "signatory", "/api/registry/outlets"),
        ("operator", "technician", "/api/organisation/accounts"),
        ("administrator", "audit", "/api/admin/accounts"),
    ],
)
async def test_a_role_that_the_table_does_not_name_is_refused(
    http: httpx.AsyncClient, accounts: Accounts, kind: str, role: str, path: str
) -> None:
    accounts.respond = lambda: web.json_response({"account": ACCOUNT | {"kind": kind, "role": role}})
    answer = await http.post(path, json={}, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
