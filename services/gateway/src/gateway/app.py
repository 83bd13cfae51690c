"""Handles each request of a browser: finds the route, checks the session, signs the actor's token, forwards the request."""

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

from gateway.headers import ReadableAddress, SecurityHeaders
from gateway.naming import ids_in, view_of
from gateway.pages import Pages
from gateway.request_parts import (
    Network,
    Refused,
    address_of,
    body_of,
    forwarded,
    is_own_page,
    path_of,
    printable,
    site_of,
)
from gateway.route import Route as TableRow
from gateway.routes import ROUTES
from gateway.sessions import ActiveSession, Sessions, hash_of
from gateway.settings import GatewaySettings
from gateway.upstream import Down, Reply, StreamReply, TooSlow, Upstream

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OPENING = frozenset({"/api/session", "/api/session/certificate"})
ENDING_OTHERS = frozenset({"/api/sessions", "/api/sessions/{session_id}", "/api/password"})
SMALL_BYTES = 4 * 1024
"""Enough for a name and a password. The log-in is read before the client is known, so it must be small."""
PROOF_BYTES = 32 * 1024
"""Enough for signed data with a chain of certificates."""


Headers = Mapping[str, str]


@dataclass(frozen=True)
class UpstreamRequest:
    """The path and the headers of the request to a service."""

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
        """All checks of one request, the cheapest first, then the service's response."""
        if request.method not in SAFE and not is_own_page(request):
            raise Refused(403, "origin.foreign", "请求来自其他网站，已拒绝。")
        token = request.cookies.get(self.cookie, "")
        session = await self._permitted(route, token)
        upstream = UpstreamRequest(path_of(route, request), self._headers(route, request, session))
        body = await self._body(route, request)
        if route.path in OPENING and request.method == "POST":
            return await self._log_in(upstream, body)
        if route.path == "/api/session/challenges":
            upstream.headers.update(self.sessions.own_headers())
        if route.path == "/api/account-labels":
            upstream.headers.update(await self._vouched(request, session, upstream.headers))
        forwarding = self._forward(route, request.method, upstream, body)
        reply = await (while_connected(request, forwarding) if request.method in SAFE else forwarding)
        if isinstance(reply, StreamReply):
            return _streaming_response(reply)
        return self._after(route, session, token, reply)

    async def _forward(
        self, route: TableRow, method: str, request: UpstreamRequest, body: bytes
    ) -> Reply | StreamReply:
        if route.answer == "stream":
            return await self.upstream.stream(route.service, request.path, headers=request.headers)
        return await self.upstream.ask(
            route.service, method, request.path, headers=request.headers, body=body or None
        )

    async def _permitted(self, route: TableRow, token: str) -> ActiveSession | None:
        if route.who is None:
            return None
        session = await self.sessions.of(token) if token else None
        if session is None:
            raise Refused(401, "session.missing", "请先登录。")
        if session.actor.kind not in route.who:
            raise Refused(403, "forbidden", "您没有执行此操作的权限。")
        return session

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
            case "proof":
                return PROOF_BYTES
            case _:
                return self.settings.json_bytes_max

    async def _vouched(
        self, request: Request, session: ActiveSession | None, headers: Headers
    ) -> dict[str, str]:
        """Headers with the account ids that are named on the object `on`, as views shows it to this user."""
        shown = request.query_params.get("on")
        if not shown or not session:
            return {}
        view = view_of(shown, session.actor.kind)
        as_user = {"authorization": headers["authorization"]}
        reply = await self.upstream.ask("views", "GET", view, headers=as_user)
        if reply.status != 200:
            return {}
        return ids_in(reply.body).headers(set(request.query_params.get("ids", "").split(",")))

    def _headers(self, route: TableRow, request: Request, session: ActiveSession | None) -> dict[str, str]:
        headers = forwarded(request)
        if session:
            headers["authorization"] = f"Bearer {session.token}"
        if route.service == "accounts":
            headers |= self._origin(request)
        if parent := traceparent():
            headers["traceparent"] = parent
        return headers

    def _origin(self, request: Request) -> dict[str, str]:
        """Headers with the origin of the request. Accounts stores it with sessions, and counts wrong passwords by it."""
        return {
            "x-session-hash": hash_of(request.cookies.get(self.cookie, "")),
            "x-client-site": site_of(request),
            "x-client-address": address_of(request, self.proxies),
            "x-client-agent": printable(request.headers.get("user-agent", "")[:300]),
        }

    async def _log_in(self, request: UpstreamRequest, body: bytes) -> Response:
        headers = request.headers | self.sessions.own_headers() | {"content-type": "application/json"}
        reply = await self.upstream.ask("accounts", "POST", request.path, headers=headers, body=body)
        if reply.status != 200:
            return _response(reply)
        session_data = json.loads(reply.body)
        token = session_data.pop("token")
        response = Response(
            json.dumps(session_data, ensure_ascii=False),
            media_type="application/json",
            headers={"cache-control": "no-store"},
        )
        response.set_cookie(
            self.cookie, token, path="/", secure=self.settings.cookie_secure, httponly=True, samesite="strict"
        )
        return response

    def _after(self, route: TableRow, session: ActiveSession | None, token: str, reply: Reply) -> Response:
        """After a log-out or a new password, forget the sessions in this process before the browser gets its response."""
        response = _response(reply)
        if session is None or reply.status != 204:
            return response
        if route.path == "/api/session":
            self.sessions.forget(token)
            response.delete_cookie(self.cookie, secure=self.settings.cookie_secure)
        elif route.path in ENDING_OTHERS:
            self.sessions.forget_account(session.actor.account)
        return response


def build_app(gateway: Gateway, *, openapi: bytes, close: Callable[[], Awaitable[None]]) -> Starlette:
    table = [Route(route.path, _endpoint(gateway, route), methods=[route.method]) for route in ROUTES]
    table.append(Route("/api/openapi.json", lambda _: Response(openapi, media_type="application/json")))
    routes: list[BaseRoute] = [
        *table,
        Mount("/api", app=_no_route(table)),
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

    handlers = {HTTPException: bare}
    return Starlette(routes=routes, middleware=middleware, exception_handlers=handlers, lifespan=lifespan)


def _endpoint(gateway: Gateway, route: TableRow) -> Callable[[Request], Awaitable[Response]]:
    name = f"gateway {route.method} {route.path}"

    async def endpoint(request: Request) -> Response:
        with span(name, request.headers.get("traceparent")):
            try:
                return await gateway.answer(route, request)
            except Refused as refused:
                return problem(
                    refused.status,
                    refused.code,
                    refused.sentence,
                    errors=refused.errors,
                    headers=dict(refused.headers),
                )
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


def _streaming_response(reply: StreamReply) -> Response:
    return StreamingResponse(reply.body, reply.status, {"cache-control": "no-store"} | reply.headers)


def _no_route(routes: Sequence[Route]) -> ASGIApp:
    """Responds to requests that match no route: 405 if the path exists with another method, else 404."""

    async def respond(scope: Scope, receive: Receive, send: Send) -> None:
        methods = {
            m for route in routes if route.path_regex.match(scope["path"]) for m in route.methods or ()
        }
        number = 405 if methods else 404
        headers = {"Allow": ", ".join(sorted(methods))} if methods else None
        await problem(number, *BARE[number], headers=headers)(scope, receive, send)

    return respond
