"""Events go on until the session ends, and do not keep it alive."""

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

    def __init__(self, then: int) -> None:
        self.then = then
        self.sent = 0
        self.looks: list[bool] = []
        self.left = asyncio.Event()

    async def session(self, request: web.Request) -> web.Response:
        self.looks.append("x-session-look" in request.headers)
        if self.sent >= 3:
            return web.Response(status=self.then)
        return web.json_response({"account": ACCOUNT})

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
