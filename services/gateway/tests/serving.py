"""A gateway on a real port with a fake service behind it, and a raw connection that shows every byte of its responses."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from aiohttp import web
from aiohttp.test_utils import TestServer
from gateway.answering import Gateway
from gateway.app import build_app
from gateway.headers import SECURITY
from gateway.public import Limits, public_protocol
from gateway.sessions import Sessions
from gateway.settings import GatewaySettings
from gateway.upstream import Upstream
from qingyuan_local.children import free_port
from qingyuan_runtime.process.running import serve
from qingyuan_runtime.tokens.issuers import EveryIssuer

ACCOUNT = {
    "id": str(UUID(int=7)),
    "kind": "operator",
    "organisation": str(UUID(int=1)),
    "district": None,
    "role": "manager",
}
Responder = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def echo(request: web.Request) -> web.Response:
    return web.json_response({"body": (await request.read()).decode()})


@dataclass
class Services:
    """A fake of all services. Every session is valid; other requests are recorded and answered by `respond`."""

    respond: Responder = echo
    requests: list[web.Request] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/session" and request.method == "GET":
            return web.json_response({"account": ACCOUNT})
        self.requests.append(request)
        return await self.respond(request)


def gateway(address: str, *, timeout: float = 5, **settings: Any) -> tuple[Any, Upstream]:
    everywhere = dict.fromkeys(("accounts", "registry", "tasks", "signoff", "files", "views"), address)
    upstream = Upstream.open(everywhere, timeout=timeout)  # type: ignore[arg-type]
    sessions = Sessions(upstream, EveryIssuer(), cache_seconds=60)
    made = Gateway(GatewaySettings(cookie_secure=False, **settings), upstream, sessions)
    return build_app(made, openapi=b"{}", close=upstream.close), upstream


@asynccontextmanager
async def running(services: Services, limits: Limits, **settings: Any) -> AsyncIterator[int]:
    """Run the gateway; yields its port."""
    inside = web.Application(client_max_size=2**26)
    inside.router.add_route("*", "/{path:.*}", services.answer)
    async with TestServer(inside) as server:
        app, _ = gateway(str(server.make_url("")).rstrip("/"), **settings)
        port = free_port()
        protocol = public_protocol(limits, SECURITY)
        task = asyncio.create_task(serve(app, host="127.0.0.1", port=port, protocol=protocol))
        await _open(port)
        yield port
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _open(port: int) -> None:
    for _ in range(200):
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            return writer.close()
        await asyncio.sleep(0.02)
    raise AssertionError("the gateway does not listen")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """One connection, for several requests one after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    @classmethod
    async def to(cls, port: int) -> "Connection":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def answer(self) -> Answer:
        head = (await asyncio.wait_for(self._reader.readuntil(b"\r\n\r\n"), 20)).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = await self._reader.readexactly(int(headers.get("content-length", 0)))
        return Answer(int(first.split()[1]), headers, body)

    async def is_closed(self) -> bool:
        with suppress(ConnectionError):
            return await asyncio.wait_for(self._reader.read(1), 20) == b""
        return True


def request(method: str, path: str, *, body: bytes = b"", length: int | None = None, **headers: str) -> bytes:
    given = {
        "Host": "qingyuan", "Cookie": "qingyuan=known", "Sec-Fetch-Site": "same-origin",
        "Content-Length": str(len(body) if length is None else length),
    }  # fmt: skip
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in (given | headers).items()]
    return f"{method} {path} HTTP/1.1\r\n{''.join(lines)}\r\n".encode("latin-1") + body
