"""The application of the gateway: the table of routes, the pages, and what every response has."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from qingyuan_runtime.edge.problems import BARE, Contained, bare, problem
from qingyuan_runtime.process.telemetry import span
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.answering import Gateway
from gateway.headers import ReadableAddress, SecurityHeaders
from gateway.pages import Pages
from gateway.request_parts import Refused
from gateway.route import Route as TableRow
from gateway.routes import ROUTES
from gateway.upstream import Down, TooSlow


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
