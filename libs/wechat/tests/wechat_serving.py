"""Runs the fake of WeChat over real HTTP for a test, and keeps tokens in memory or on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import uvicorn
from qingyuan_local.children import free_port
from qingyuan_local.wechat.server import build_app
from qingyuan_local.wechat.world import Official, World
from qingyuan_wechat.client import OfficialAccount, WeChat, open_http
from qingyuan_wechat.tokens import Fetch, SharedTokens

KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
OFFICIAL = Official("wx49f0ab532d5d035a", "a secret", "123456", KEY, "http://platform.test")
ZHOU = "o-zhou"


class TokensInMemory:
    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    async def valid(self, key: str, fetch: Fetch, *, instead_of: str | None = None) -> str:
        if self.values.get(key) in (None, instead_of):
            self.values[key] = (await fetch()).value
        return self.values[key]


class Fake:
    """A running fake: its state, its address, and clients of it."""

    def __init__(self, world: World, url: str, http: httpx.AsyncClient) -> None:
        self.world = world
        self.url = url
        self.http = http

    def client(self, tokens: SharedTokens | None = None, *, secret: str = OFFICIAL.secret) -> WeChat:
        account = OfficialAccount(OFFICIAL.app_id, secret, self.url)
        return WeChat(account, self.http, tokens or TokensInMemory())


@asynccontextmanager
async def running_fake(official: Official = OFFICIAL) -> AsyncIterator[Fake]:
    world, port = World(official), free_port()
    server = uvicorn.Server(
        uvicorn.Config(build_app(world), host="127.0.0.1", port=port, log_level="error", lifespan="off")
    )
    running = asyncio.create_task(server.serve())
    url = f"http://127.0.0.1:{port}"
    async with open_http(url) as http:
        await _answers(http, url)
        yield Fake(world, url, http)
    server.should_exit = True
    await running


async def _answers(http: httpx.AsyncClient, url: str) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                await http.get(f"{url}/readyz")
            except httpx.HTTPError:
                await asyncio.sleep(0.01)
            else:
                return


def clock() -> datetime:
    return datetime.now(UTC)
