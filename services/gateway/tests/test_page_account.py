"""A page says for which account it is. Where another one is logged in, nothing reaches a service."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from gateway.answering import Gateway
from gateway.app import build_app
from gateway.routes import ROUTES
from gateway.sessions import Sessions
from gateway.settings import GatewaySettings
from gateway.upstream import Upstream
from qingyuan_runtime.tokens.issuers import EveryIssuer

THERE = UUID(int=0xABC)
OTHER = UUID(int=8)
ACCOUNT = {
    "id": str(THERE),
    "kind": "enterprise",
    "organisation": str(UUID(int=1)),
    "district": None,
    "role": "manager",
}
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
READ = ("GET", "/api/views/confirmations?state=open&limit=5")
WRITE = ("PUT", "/api/contact")
STREAM = ("GET", "/api/messages/stream")
UPLOAD = ("POST", "/api/files/uploads")
EVERYWHERE = ("DELETE", "/api/sessions")
NOT_HIS = ("GET", "/api/security-log")
"""An account of another kind than that of the page would be told first that it may not."""

OF_ANOTHER_FORM = {"sha256": "a" * 64, "upload_id": "u", "year": "2026", "stream": f"visit-{OTHER}"}


class House:
    """All services; it notes what they are asked, but for sessions."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.headers: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        if request.path == "/session" and request.method == "GET":
            return web.json_response({"account": ACCOUNT})
        self.asked.append(f"{request.method} {request.rel_url}")
        self.headers.extend(name.lower() for name in request.headers)
        return web.json_response({})


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", house.answer)
    async with TestServer(app) as server:
        address = str(server.make_url("")).rstrip("/")
        services = dict.fromkeys(("accounts", "views", "messages", "files"), address)
        upstream = Upstream.open(services, timeout=5)  # type: ignore[arg-type]
        sessions = Sessions(upstream, EveryIssuer(), cache_seconds=600)
        settings = GatewaySettings(cookie_secure=False)
        gateway: Any = build_app(Gateway(settings, upstream, sessions), openapi=b"{}", close=upstream.close)
        transport = httpx.ASGITransport(gateway)
        async with httpx.AsyncClient(transport=transport, base_url="http://qingyuan.test") as client:
            client.cookies.set("qingyuan", "known")
            yield client
        await upstream.close()


@pytest.mark.parametrize(("method", "path"), [READ, WRITE, STREAM, UPLOAD, EVERYWHERE, NOT_HIS])
@pytest.mark.parametrize("named", [str(OTHER), "", "demo-enterprise"])
async def test_a_page_of_another_account_gets_and_does_nothing(
    http: httpx.AsyncClient, house: House, method: str, path: str, named: str
) -> None:
    headers = OWN_PAGE | {"X-Qingyuan-Account": named}
    refused = await http.request(method, path, headers=headers)
    assert refused.status_code == 409
    assert refused.headers["content-type"].startswith("application/problem+json")
    assert refused.json()["code"] == "session.other-account"
    assert "另一账户" in refused.json()["title"]
    assert house.asked == []


@pytest.mark.parametrize(("method", "path"), [READ, WRITE, STREAM, UPLOAD])
@pytest.mark.parametrize("headers", [{}, {"X-Qingyuan-Account": str(THERE).upper()}])
async def test_the_own_page_and_what_says_nothing_go_on(
    http: httpx.AsyncClient, house: House, method: str, path: str, headers: dict[str, str]
) -> None:
    assert (await http.request(method, path, headers=OWN_PAGE | headers)).status_code == 200
    assert len(house.asked) == 1
    assert "x-qingyuan-account" not in house.headers


async def test_what_has_no_headers_of_the_page_says_it_in_the_query(
    http: httpx.AsyncClient, house: House
) -> None:
    refused = await http.get("/api/messages/stream", params={"page_account": str(OTHER)})
    assert (refused.status_code, refused.json()["code"], house.asked) == (409, "session.other-account", [])
    picture = f"/api/files/{'a' * 64}/shown"
    assert (await http.get(f"{picture}?size=thumb&page_account={OTHER}")).status_code == 409
    assert (await http.get(f"{picture}?size=thumb&page_account={THERE}")).status_code == 200
    assert (await http.get(f"/api/messages/stream?page_account={THERE}")).status_code == 200
    assert [asked.split("?")[1:] for asked in house.asked] == [["size=thumb"], []], "services are not told"


async def test_whoever_is_there_can_be_asked_for_and_logged_out(
    http: httpx.AsyncClient, house: House
) -> None:
    headers = OWN_PAGE | {"X-Qingyuan-Account": str(OTHER)}
    assert (await http.get("/api/session", headers=headers)).json()["account"]["id"] == str(THERE)
    assert (await http.delete("/api/session", headers=headers)).status_code == 200
    assert house.asked == ["DELETE /session"]


async def test_a_log_in_does_not_look_whose_page_it_is(http: httpx.AsyncClient, house: House) -> None:
    headers = OWN_PAGE | {"X-Qingyuan-Account": str(OTHER)}
    assert (await http.get("/api/session/left", headers=headers)).status_code == 200
    assert (await http.post("/api/invitations/check", json={}, headers=headers)).status_code == 200
    assert len(house.asked) == 2


async def test_without_a_session_it_is_a_log_in_that_is_missing(http: httpx.AsyncClient) -> None:
    http.cookies.clear()
    refused = await http.get("/api/messages", headers={"X-Qingyuan-Account": str(OTHER)})
    assert refused.json()["code"] == "session.missing"


@pytest.mark.parametrize(
    "route", [r for r in ROUTES if r.who and r.path != "/api/session"], ids=lambda r: f"{r.method} {r.path}"
)
async def test_no_route_of_a_session_is_without_it(http: httpx.AsyncClient, house: House, route: Any) -> None:
    path = re.sub(r"{(\w+)}", lambda named: OF_ANOTHER_FORM.get(named[1], str(OTHER)), route.path)
    headers = OWN_PAGE | {"X-Qingyuan-Account": str(OTHER)}
    refused = await http.request(route.method, path, headers=headers)
    assert (refused.status_code, house.asked) == (409, [])
    assert "session.other-account" in refused.text or route.method == "HEAD"
