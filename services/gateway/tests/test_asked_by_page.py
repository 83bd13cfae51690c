"""What a page asks by itself keeps no session alive: routes that are always so, and requests that say so."""

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

ACCOUNT = {
    "id": str(UUID(int=7)),
    "kind": "enterprise",
    "organisation": str(UUID(int=1)),
    "district": None,
    "role": "manager",
}
BY_PAGE = {"X-Asked-By-Page": "1", "Sec-Fetch-Site": "same-origin"}
BY_PERSON = {"Sec-Fetch-Site": "same-origin"}
ASKED = (
    ("GET", "/api/views/confirmations"),
    ("GET", "/api/messages"),
    ("GET", "/api/session"),
    ("GET", "/api/sessions"),
    ("POST", "/api/files/evidence"),
)


class House:
    """All services: it notes of each question for a session whether it only looks, and what else services are told."""

    def __init__(self) -> None:
        self.looks: list[bool] = []
        self.told: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        if request.path == "/session":
            self.looks.append("x-session-look" in request.headers)
        self.told.extend(name.lower() for name in request.headers)
        return web.json_response({"account": ACCOUNT})


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Sessions are cached as long as the gateway caches them, so that a cached one cannot hide who was there."""
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


@pytest.mark.parametrize(("method", "path"), ASKED)
async def test_what_says_that_the_page_asked_keeps_no_session_alive(
    http: httpx.AsyncClient, house: House, method: str, path: str
) -> None:
    for _ in range(3):
        assert (await http.request(method, path, headers=BY_PAGE)).status_code == 200
    assert house.looks
    assert all(house.looks)
    assert "x-asked-by-page" not in house.told
    looked = len(house.looks)
    assert (await http.request(method, path, headers=BY_PERSON)).status_code == 200
    assert house.looks[looked:]
    assert not any(house.looks[looked:]), "the person is there again"


async def test_a_browser_cannot_say_it_in_the_gateways_own_words(
    http: httpx.AsyncClient, house: House
) -> None:
    await http.get("/api/session", headers=BY_PERSON | {"X-Session-Look": "1"})
    assert not any(house.looks)


def test_what_pages_ask_without_being_able_to_say_so_is_known() -> None:
    """The bell's stream and a picture have no headers of the page's own."""
    always = {route.path for route in ROUTES if route.asked_by_page}
    assert always == {"/api/messages/count", "/api/messages/stream", "/api/files/{sha256}/shown"}
