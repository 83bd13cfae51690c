"""Only a clear no of accounts is a no: whatever else happens there, nobody is taken for logged out."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from gateway.app import Gateway, build_app
from gateway.sessions import Sessions
from gateway.settings import GatewaySettings
from gateway.upstream import Upstream
from qingyuan_runtime.tokens.issuers import EveryIssuer

ACCOUNT = {"id": str(UUID(int=7)), "kind": "operator", "organisation": str(UUID(int=1)), "district": None}
Answering = Callable[[], web.Response]


class Accounts:
    """A twin of accounts that answers as it is told."""

    def __init__(self) -> None:
        self.says: Answering = good
        self.takes = 0.0

    async def answer(self, _request: web.Request) -> web.Response:
        await asyncio.sleep(self.takes)
        return self.says()


def good() -> web.Response:
    return web.json_response({"account": ACCOUNT})


def saying(status: int, **headers: str) -> Answering:
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


@pytest.mark.parametrize("status", [401, 404])
async def test_a_clear_no_is_a_no(http: httpx.AsyncClient, accounts: Accounts, status: int) -> None:
    accounts.says = saying(status)
    answer = await http.get("/api/tasks/forms")
    assert (answer.status_code, answer.json()["code"]) == (401, "session.missing")


@pytest.mark.parametrize("status", [403, 429, 500, 502, 503, 504])
async def test_anything_else_is_wait_and_the_cookie_stays(
    http: httpx.AsyncClient, accounts: Accounts, status: int
) -> None:
    assert (await http.get("/api/session")).status_code == 200
    accounts.says = saying(status)
    waits(await http.get("/api/session"))
    accounts.says = good
    assert (await http.get("/api/session")).status_code == 200


async def test_accounts_too_slow_and_accounts_out_of_reach_are_the_same(
    http: httpx.AsyncClient, accounts: Accounts, server: TestServer
) -> None:
    accounts.takes = 1.0
    waits(await http.get("/api/session"))
    await server.close()
    waits(await http.get("/api/session"))


async def test_a_service_that_does_not_believe_the_gateway_logs_nobody_out(
    http: httpx.AsyncClient, accounts: Accounts
) -> None:
    accounts.says = saying(401, **{"WWW-Authenticate": 'Bearer error="invalid_token"'})
    waits(await http.get("/api/session"))


async def test_a_service_that_is_too_slow_is_asked_again_later(
    http: httpx.AsyncClient, accounts: Accounts
) -> None:
    """The session is known for long here; what hangs is what was asked."""
    accounts.takes = 1.0
    answer = await http.get("/api/views/checks/00000000-0000-0000-0000-000000000001")
    assert (answer.status_code, answer.json()["code"]) == (503, "service.slow")
    assert answer.headers["retry-after"]


def waits(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (503, "service.down")
    assert answer.headers["retry-after"]
    assert "set-cookie" not in answer.headers
