"""Stop 1 of a command's walk: the route is in the table, the session is good, the actor is signed, forward."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from qingyuan_runtime.edge.hang_ups import while_connected
from qingyuan_runtime.edge.problems import BARE, Contained, bare, problem
from qingyuan_runtime.process.telemetry import span, traceparent
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.asked import Network, Refused, address_of, body_of, forwarded, is_own_page, path_of
from gateway.headers import ReadableAddress, SecurityHeaders
from gateway.naming import standing_on, view_of
from gateway.pages import Pages
from gateway.route import Route as TableRow
from gateway.routes import ROUTES
from gateway.sessions import Known, Sessions, hash_of
from gateway.settings import GatewaySettings
from gateway.upstream import Down, Flow, Reply, TooSlow, Upstream

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ENDING_OTHERS = frozenset({"/api/sessions", "/api/sessions/{session_id}", "/api/password"})
SMALL_BYTES = 4 * 1024
"""Enough for a name and a password: what a stranger sends is read before anybody knows who it is."""


Headers = Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """What a service is asked, made of a request."""

    path: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Gateway:
    settings: GatewaySettings
    upstream: Upstream
    sessions: Sessions
    proxies: Sequence[Network] = ()

    @property
    def cookie(self) -> str:
        return "__Host-qingyuan" if self.settings.cookie_secure else "qingyuan"

    async def answer(self, route: TableRow, request: Request) -> Response:
        """All checks of one request, in the order of their cost, then the service's answer."""
        if request.method not in SAFE and not is_own_page(request):
            raise Refused(403, "origin.foreign", "请求来自其他网站，已拒绝。")
        token = request.cookies.get(self.cookie, "")
        known = await self._permitted(route, token)
        asked = Asked(path_of(route, request), self._headers(route, request, known))
        body = await self._body(route, request)
        if route.path == "/api/session" and request.method == "POST":
            return await self._log_in(asked, body)
        if route.path == "/api/account-labels":
            asked.headers.update(await self._vouched(request, known, asked.headers))
        asking = self._asking(route, request.method, asked, body)
        reply = await (while_connected(request, asking) if request.method in SAFE else asking)
        return _flowing(reply) if isinstance(reply, Flow) else self._after(route, known, token, reply)

    async def _asking(self, route: TableRow, method: str, asked: Asked, body: bytes) -> Reply | Flow:
        if route.answer == "stream":
            return await self.upstream.flow(route.service, asked.path, headers=asked.headers)
        return await self.upstream.ask(
            route.service, method, asked.path, headers=asked.headers, body=body or None
        )

    async def _permitted(self, route: TableRow, token: str) -> Known | None:
        if route.who is None:
            return None
        known = await self.sessions.of(token) if token else None
        if known is None:
            raise Refused(401, "session.missing", "请先登录。")
        if known.actor.kind not in route.who:
            raise Refused(403, "forbidden", "您没有执行此操作的权限。")
        return known

    async def _body(self, route: TableRow, request: Request) -> bytes:
        return await body_of(
            request,
            limit=self._limit(route),
            seconds=self.settings.body_seconds,
            bytes_per_second=self.settings.body_bytes_per_second,
        )

    def _limit(self, route: TableRow) -> int:
        match route.body:
            case "upload":
                return self.settings.upload_bytes_max
            case "chunk":
                return self.settings.chunk_bytes_max
            case "small":
                return SMALL_BYTES
            case _:
                return self.settings.json_bytes_max

    async def _vouched(self, request: Request, known: Known | None, headers: Headers) -> dict[str, str]:
        """Who stands on the thing that the page shows, as the view says to this very person."""
        thing = request.query_params.get("on")
        if not thing or not known:
            return {}
        view = view_of(thing, known.actor.kind)
        as_them = {"authorization": headers["authorization"]}
        reply = await self.upstream.ask("views", "GET", view, headers=as_them)
        if reply.status != 200:
            return {}
        return standing_on(reply.body).headers(set(request.query_params.get("ids", "").split(",")))

    def _headers(self, route: TableRow, request: Request, known: Known | None) -> dict[str, str]:
        headers = forwarded(request)
        if known:
            headers["authorization"] = f"Bearer {known.token}"
        if route.service == "accounts":
            headers |= self._origin(request)
        if parent := traceparent():
            headers["traceparent"] = parent
        return headers

    def _origin(self, request: Request) -> dict[str, str]:
        """What accounts keeps of where a session comes from, and counts wrong passwords by."""
        agent = request.headers.get("user-agent", "")[:300]
        return {
            "x-session-hash": hash_of(request.cookies.get(self.cookie, "")),
            "x-client-address": address_of(request, self.proxies),
            "x-client-agent": "".join(sign for sign in agent if sign.isascii() and sign.isprintable()),
        }

    async def _log_in(self, asked: Asked, body: bytes) -> Response:
        headers = asked.headers | self.sessions.own_headers() | {"content-type": "application/json"}
        reply = await self.upstream.ask("accounts", "POST", asked.path, headers=headers, body=body)
        if reply.status != 200:
            return _response(reply)
        session = json.loads(reply.body)
        token = session.pop("token")
        answer = Response(
            json.dumps(session, ensure_ascii=False),
            media_type="application/json",
            headers={"cache-control": "no-store"},
        )
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
        elif route.path in ENDING_OTHERS:
            self.sessions.forget_account(known.actor.account)
        return answer


def build_app(gateway: Gateway, *, openapi: bytes, close: Callable[[], Awaitable[None]]) -> Starlette:
    table = [Route(route.path, _endpoint(gateway, route), methods=[route.method]) for route in ROUTES]
    table.append(Route("/api/openapi.json", lambda _: Response(openapi, media_type="application/json")))
    rooms: list[BaseRoute] = [
        *table,
        Mount("/api", app=_nothing(table)),
        Mount("/", app=Pages(gateway.settings.web_dist)),
    ]
    middleware = [
        Middleware(SecurityHeaders, secure=gateway.settings.cookie_secure),
        Middleware(Contained),
        Middleware(ReadableAddress),
    ]

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await close()

    said = {HTTPException: bare}
    return Starlette(routes=rooms, middleware=middleware, exception_handlers=said, lifespan=lifespan)


def _endpoint(gateway: Gateway, route: TableRow) -> Callable[[Request], Awaitable[Response]]:
    name = f"gateway {route.method} {route.path}"

    async def endpoint(request: Request) -> Response:
        with span(name, request.headers.get("traceparent")):
            try:
                return await gateway.answer(route, request)
            except Refused as no:
                return problem(no.status, no.code, no.sentence, errors=no.errors, headers=dict(no.headers))
            except Down:
                return problem(
                    503, "service.down", "服务暂时不可用，请稍后重试。", headers={"Retry-After": "2"}
                )
            except TooSlow:
                return problem(
                    503, "service.slow", "服务响应超时，请稍后重试。", headers={"Retry-After": "5"}
                )

    return endpoint


def _response(reply: Reply) -> Response:
    headers = {"cache-control": "no-store"} | reply.headers
    return Response(reply.body, reply.status, headers)


def _flowing(flow: Flow) -> Response:
    return StreamingResponse(flow.body, flow.status, {"cache-control": "no-store"} | flow.headers)


def _nothing(routes: Sequence[Route]) -> ASGIApp:
    """What no route takes: the method is another, or the address is unknown."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        methods = {
            m for route in routes if route.path_regex.match(scope["path"]) for m in route.methods or ()
        }
        number = 405 if methods else 404
        headers = {"Allow": ", ".join(sorted(methods))} if methods else None
        await problem(number, *BARE[number], headers=headers)(scope, receive, send)

    return answer
