"""Stop 1 of a command's walk: the route is in the table, the session is good, the actor is signed, forward."""

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from qingyuan_runtime.problems import problem
from qingyuan_runtime.telemetry import span, traceparent
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route

from gateway.headers import TO_SERVICE, SecurityHeaders
from gateway.pages import Pages
from gateway.route import Route as TableRow
from gateway.routes import ROUTES
from gateway.sessions import Known, LogInLimit, Sessions, hash_of
from gateway.settings import GatewaySettings
from gateway.upstream import Down, Reply, TooSlow, Upstream

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Gateway:
    settings: GatewaySettings
    upstream: Upstream
    sessions: Sessions
    log_ins: LogInLimit

    @property
    def cookie(self) -> str:
        return "__Host-qingyuan" if self.settings.cookie_secure else "qingyuan"

    async def answer(self, route: TableRow, request: Request) -> Response:
        """All checks of one request, in the order of their cost, then the service's answer."""
        if request.method not in SAFE and not _is_own_page(request):
            return problem(403, "origin.foreign", "请求来自其他网站，已拒绝。")
        token = request.cookies.get(self.cookie, "")
        known = await self.sessions.of(token) if token and route.who is not None else None
        if route.who is not None and known is None:
            return problem(401, "session.missing", "请先登录。")
        if known and route.who is not None and known.actor.kind not in route.who:
            return problem(403, "forbidden", "您没有执行此操作的权限。")
        body = await self._body(route, request)
        if body is None:
            return problem(413, "body.too-large", "提交的内容过大。")
        if route.path == "/api/session" and request.method == "POST":
            return await self._log_in(request, body)
        if route.answer == "stream":
            return await self._pass_on(route, request, known)
        reply = await self._forward(route, request, known, body)
        return self._after(route, known, token, reply)

    async def _body(self, route: TableRow, request: Request) -> bytes | None:
        limit = self._limit(route)
        if int(request.headers.get("content-length", 0)) > limit:
            return None
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                return None
        return bytes(body)

    def _limit(self, route: TableRow) -> int:
        match route.body:
            case "upload":
                return self.settings.upload_bytes_max
            case "chunk":
                return self.settings.chunk_bytes_max
            case _:
                return self.settings.json_bytes_max

    async def _forward(self, route: TableRow, request: Request, known: Known | None, body: bytes) -> Reply:
        return await self.upstream.ask(
            route.service,
            request.method,
            _path(route, request),
            headers=self._headers(route, request, known),
            body=body or None,
        )

    async def _pass_on(self, route: TableRow, request: Request, known: Known | None) -> Response:
        headers = self._headers(route, request, known)
        flow = await self.upstream.flow(route.service, _path(route, request), headers=headers)
        return StreamingResponse(flow.body, flow.status, {"cache-control": "no-store"} | flow.headers)

    def _headers(self, route: TableRow, request: Request, known: Known | None) -> dict[str, str]:
        given = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers.raw}
        headers: dict[str, str] = {name: given[name] for name in TO_SERVICE if name in given}
        if known:
            headers["authorization"] = f"Bearer {known.token}"
        if route.service == "accounts":
            headers["x-session-hash"] = hash_of(request.cookies.get(self.cookie, ""))
        if parent := traceparent():
            headers["traceparent"] = parent
        return headers

    async def _log_in(self, request: Request, body: bytes) -> Response:
        address = request.client.host if request.client else "?"
        if not self.log_ins.allows(address, time.monotonic()):
            return problem(
                429, "log-in.too-often", "登录过于频繁，请一分钟后再试。", headers={"Retry-After": "60"}
            )
        headers = self.sessions.own_headers() | {"content-type": "application/json"}
        reply = await self.upstream.ask("accounts", "POST", "/session", headers=headers, body=body)
        if reply.status != 200:
            return _response(reply)
        session = json.loads(reply.body)
        token = session.pop("token")
        answer = Response(json.dumps(session, ensure_ascii=False), media_type="application/json")
        answer.set_cookie(
            self.cookie, token, path="/", secure=self.settings.cookie_secure, httponly=True, samesite="strict"
        )
        return answer

    def _after(self, route: TableRow, known: Known | None, token: str, reply: Reply) -> Response:
        """A log-out or a new password takes effect in this process before the browser hears of it."""
        answer = _response(reply)
        if known is None or reply.status != 204:
            return answer
        if route.path == "/api/session":
            self.sessions.forget(token)
            answer.delete_cookie(self.cookie, secure=self.settings.cookie_secure)
        elif route.path in ("/api/sessions", "/api/password"):
            self.sessions.forget_account(known.actor.account)
        return answer


def build_app(gateway: Gateway, *, openapi: bytes, close: Callable[[], Awaitable[None]]) -> Starlette:
    table: list[BaseRoute] = [
        Route(route.path, _endpoint(gateway, route), methods=[route.method]) for route in ROUTES
    ]
    table += [
        Route("/livez", _ok),
        Route("/readyz", _ok),
        Route("/metrics", _metrics),
        Route("/api/openapi.json", lambda _: Response(openapi, media_type="application/json")),
        Mount("/api", app=_nothing),
        Mount("/", app=Pages(gateway.settings.web_dist)),
    ]
    middleware = [Middleware(SecurityHeaders, secure=gateway.settings.cookie_secure)]

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await close()

    return Starlette(routes=table, middleware=middleware, lifespan=lifespan)


def _endpoint(gateway: Gateway, route: TableRow) -> Callable[[Request], Awaitable[Response]]:
    name = f"gateway {route.method} {route.path}"

    async def endpoint(request: Request) -> Response:
        with span(name, request.headers.get("traceparent")):
            try:
                return await gateway.answer(route, request)
            except Down:
                return problem(
                    503, "service.down", "服务暂时不可用，请稍后重试。", headers={"Retry-After": "2"}
                )
            except TooSlow:
                return problem(504, "service.slow", "服务响应超时，请稍后重试。")

    return endpoint


def _is_own_page(request: Request) -> bool:
    """A request of our own page: browsers say so themselves, and pages of others cannot forge it."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host", "-")


def _path(route: TableRow, request: Request) -> str:
    path = route.upstream.format(**request.path_params)
    query = request.scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path


def _response(reply: Reply) -> Response:
    headers = {"cache-control": "no-store"} | reply.headers
    return Response(reply.body, reply.status, headers)


async def _ok(_request: Request) -> Response:
    return PlainTextResponse("ok")


async def _metrics(_request: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _nothing(scope: object, receive: object, send: object) -> None:
    answer = problem(404, "route.unknown", "没有这个地址。")
    await answer(scope, receive, send)  # type: ignore[arg-type]
