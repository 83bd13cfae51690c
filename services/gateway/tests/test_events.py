"""Events go on until the session ends or its account is another, and do not keep it alive."""

import asyncio
from collections.abc import AsyncIterator
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
from gateway.ticking import with_ticks
from gateway.upstream import Upstream
from qingyuan_runtime.tokens.issuers import EveryIssuer

ACCOUNT = {
    "id": str(UUID(int=7)),
    "kind": "operator",
    "role": "manager",
    "organisation": str(UUID(int=1)),
    "district": None,
}
EVENT = b"event: unread\ndata: 1\n\n"


class House:
    """A fake of accounts and messages. After `events` events the session has ended, or accounts is away."""

    def __init__(self, then: int, *, account: dict[str, Any] | None = None) -> None:
        self.then = then
        self.account = account
        self.sent = 0
        self.looks: list[bool] = []
        self.left = asyncio.Event()

    async def session(self, request: web.Request) -> web.Response:
        self.looks.append("x-session-look" in request.headers)
        if self.sent >= 3:
            return self._changed()
        return web.json_response({"account": ACCOUNT})

    def _changed(self) -> web.Response:
        return web.json_response(self.account) if self.account else web.Response(status=self.then)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        try:
            while self.sent < 1_000:
                await response.write(EVENT)
                self.sent += 1
                await asyncio.sleep(0.01)
        finally:
            self.left.set()
        return response


class Silent(House):
    """Says one thing and no more. What becomes of the account is seen after it was let in and that was passed on."""

    async def session(self, request: web.Request) -> web.Response:
        self.looks.append("x-session-look" in request.headers)
        return web.json_response({"account": ACCOUNT}) if len(self.looks) <= 2 else self._changed()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        try:
            await response.write(EVENT)
            await asyncio.sleep(3_600)
        finally:
            self.left.set()
        return response


async def through_the_gateway(house: House) -> AsyncIterator[httpx.Response]:
    app = web.Application()
    app.router.add_get("/session", house.session)
    app.router.add_get("/messages/stream", house.stream)
    async with TestServer(app) as server:
        address = str(server.make_url("")).rstrip("/")
        upstream = Upstream.open({"accounts": address, "messages": address}, timeout=5)
        sessions = Sessions(upstream, EveryIssuer(), cache_seconds=0)
        gateway: Any = build_app(
            Gateway(GatewaySettings(cookie_secure=False), upstream, sessions),
            openapi=b"{}",
            close=upstream.close,
        )
        transport = httpx.ASGITransport(gateway)
        async with httpx.AsyncClient(transport=transport, base_url="http://qingyuan.test") as client:
            client.cookies.set("qingyuan", "known")
            yield await client.get("/api/messages/stream")
        await upstream.close()


@pytest.mark.parametrize("status", [401, 404])
async def test_the_stream_ends_with_the_session(status: int) -> None:
    house = House(status)
    async for answer in through_the_gateway(house):
        assert answer.headers["content-type"] == "text/event-stream"
        assert answer.headers["x-accel-buffering"] == "no"
        assert answer.content.count(EVENT) < 1_000
        assert answer.content.startswith(EVENT * 2)
        await asyncio.wait_for(house.left.wait(), 20)
    assert all(house.looks), "it would keep the session alive for ever"


async def test_while_accounts_is_away_nobody_is_cut_off() -> None:
    async for answer in through_the_gateway(House(503)):
        assert answer.content.count(EVENT) == 1_000


@pytest.mark.parametrize(
    "account",
    [
        {"account": ACCOUNT | {"role": "technician"}},
        {"account": ACCOUNT | {"organisation": str(UUID(int=2))}},
        {"account": ACCOUNT | {"kind": "regulator", "organisation": None, "district": "310118"}},
        {"account": ACCOUNT, "must": ["factor"]},
    ],
)
async def test_the_stream_ends_when_its_account_is_not_what_it_was(account: dict[str, Any]) -> None:
    """The page opens it again, and then it counts for who it is now."""
    house = House(200, account=account)
    async for answer in through_the_gateway(house):
        assert answer.content.count(EVENT) < 1_000
        await asyncio.wait_for(house.left.wait(), 20)
    assert all(house.looks)


@pytest.mark.parametrize("account", [None, {"account": ACCOUNT | {"role": "technician"}}])
async def test_a_silent_stream_ends_as_soon_as_sessions_are_asked_for_anew(
    account: dict[str, Any] | None,
) -> None:
    """A locked account does not go on until the service says something, which may take fifteen seconds."""
    house = Silent(401, account=account)
    async with asyncio.timeout(8):
        async for answer in through_the_gateway(house):
            assert answer.content == EVENT
            await house.left.wait()
    assert len(house.looks) == 3


async def test_a_silent_stream_goes_on_while_nothing_changed() -> None:
    """Looking at the session takes no part away."""

    async def slowly() -> AsyncIterator[bytes]:
        for number in range(5):
            await asyncio.sleep(0.05)
            yield str(number).encode()

    parts = [part async for part in with_ticks(slowly(), 0.01)]
    assert [part for part in parts if part] == [b"0", b"1", b"2", b"3", b"4"]
    assert None in parts
