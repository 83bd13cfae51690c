"""The signing service on loopback: WebSocket and HTTP on one port, for pages of known origins only.

Any page that is open in the browser can reach loopback. So each request must name an origin that was configured, and its
host must be loopback (a name that a stranger's DNS points here is refused).
"""

import asyncio
import json
from collections.abc import Iterable
from typing import Final

from aiohttp import WSMsgType, web
from qingyuan_local.children import can_bind

from qingyuan_cli.token.protocol import PORTS, SigningDesk

BODY_MOST: Final = 256 * 1024
DESK: Final = web.AppKey("desk", SigningDesk)
ORIGINS: Final = web.AppKey("origins", frozenset[str])


class NoPort(Exception):
    """All ports that pages try are in use."""


def build(desk: SigningDesk, origins: Iterable[str]) -> web.Application:
    app = web.Application(client_max_size=BODY_MOST, middlewares=[_known_origins])
    app[DESK] = desk
    app[ORIGINS] = frozenset(origins)
    app.router.add_get("/", _websocket)
    app.router.add_post("/", _http)
    app.router.add_options("/", _preflight)
    return app


def free_port() -> int:
    """The first port of the list that is free. Raises NoPort."""
    for port in PORTS:
        if can_bind(port):
            return port
    raise NoPort


async def serve(app: web.Application, port: int, until: asyncio.Event) -> None:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await until.wait()
    finally:
        await runner.cleanup()


@web.middleware
async def _known_origins(request: web.Request, handler: object) -> web.StreamResponse:
    host = request.host.rpartition(":")[0] or request.host
    origin = request.headers.get("Origin", "")
    if host not in ("127.0.0.1", "localhost") or origin not in request.app[ORIGINS]:
        return web.json_response({"error": {"code": "origin.foreign"}}, status=403)
    return await handler(request)  # type: ignore[operator, no-any-return]


def _headers(request: web.Request) -> dict[str, str]:
    return {"Access-Control-Allow-Origin": request.headers["Origin"], "Vary": "Origin"}


async def _preflight(request: web.Request) -> web.Response:
    """Browsers ask before a page of a public address may reach loopback (Private Network Access)."""
    allowed = {
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "content-type",
        "Access-Control-Allow-Private-Network": "true",
        "Access-Control-Max-Age": "600",
    }
    return web.Response(status=204, headers=_headers(request) | allowed)


async def _http(request: web.Request) -> web.Response:
    """Only `application/json`: a form of a page needs no permission to be sent, but cannot have this type."""
    if request.content_type != "application/json":
        return web.json_response({"error": {"code": "request.unknown"}}, status=415)
    answer = await request.app[DESK].answer(await request.text(), request.headers["Origin"])
    return web.json_response(answer, headers=_headers(request))


async def _websocket(request: web.Request) -> web.StreamResponse:
    channel = web.WebSocketResponse(max_msg_size=BODY_MOST)
    if not channel.can_prepare(request):
        return web.json_response({"error": {"code": "request.unknown"}}, status=400)
    await channel.prepare(request)
    async for message in channel:
        if message.type is not WSMsgType.TEXT:
            break
        answer = await request.app[DESK].answer(message.data, request.headers["Origin"])
        await channel.send_str(json.dumps(answer))
    return channel
