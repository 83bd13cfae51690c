"""The HTTP edge that all services share: the actor and the ids of a command, its response, and health."""

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Final
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from qingyuan_events import Actor, ActorRole, Meta
from starlette.datastructures import UploadFile

from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.edge import problems
from qingyuan_runtime.edge.parameters import KnownParameters
from qingyuan_runtime.edge.problems import BadRequest, Forbidden
from qingyuan_runtime.log.handling import CommandContext
from qingyuan_runtime.log.store import Receipt
from qingyuan_runtime.process.role_health import ROLE_HEALTH, reason_of
from qingyuan_runtime.process.telemetry import span, traceparent
from qingyuan_runtime.process.unavailable import is_unavailable
from qingyuan_runtime.tokens.actors import Untrusted, Verifier
from qingyuan_runtime.tokens.issuers import Trusts

_KEY: Final = re.compile("[ -~]{8,200}")
_VERSION: Final = re.compile('(?:W/)?"?([0-9]{1,18})"?')
_TRACE: Final = re.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

Ready = Callable[[], Awaitable[None]]
READY_SECONDS: Final = 1.5
FORMS: Final = ("multipart/", "application/x-www-form-urlencoded")
"""A body of such a type may have been read as a form before, and is not there to be read again."""
CHUNK: Final = 256 * 1024
NOT_READY: Final = "not ready"
WITHOUT_BUSINESS: Final[frozenset[ActorRole]] = frozenset({"security", "audit"})
"""Administrators who read and change no business data. Only services that name them let them in."""


async def always_ready() -> None:
    """For an edge that needs no server."""


class Note(BaseModel):
    """Something that the service has corrected by itself, with a sentence for the user."""

    field: str
    rule: str
    sentence: str


class Accepted(BaseModel):
    """The response to a command. A query with ``If-Version-At-Least: <stream>@<version>`` waits until views show its effect."""

    stream: str
    version: int
    notes: list[Note] | None = None


def create_app(
    title: str,
    *,
    trusted: Trusts,
    ready: Ready,
    union_tags: frozenset[str] = frozenset(),
    admits: frozenset[ActorRole] = frozenset(),
) -> FastAPI:
    """A service's HTTP edge with health, metrics and problem responses; the service adds its routes.

    `admits`: which of `WITHOUT_BUSINESS` may ask this service anything.
    """
    app = FastAPI(title=title, docs_url=None, redoc_url=None, telemetry={"tracing": False, "metrics": False})
    app.add_middleware(KnownParameters)
    app.add_middleware(problems.Contained)
    app.add_middleware(Traced, name=title)
    app.state.verifier = Verifier(trusted)
    app.state.union_tags = union_tags
    app.state.shut_out = WITHOUT_BUSINESS - admits
    problems.install(app)
    add_health(app, ready)
    return app


def add_routes(app: FastAPI, *routers: APIRouter) -> None:
    """Add the routes of these routers in one flat list: a router that is included matches every request twice.

    Only for routers without dependencies of their own, since nothing is merged into their routes.
    """
    for router in routers:
        app.router.routes.extend(router.routes)


def add_health(app: FastAPI, ready: Ready) -> None:
    @app.get("/livez", include_in_schema=False)
    async def livez() -> PlainTextResponse:
        return PlainTextResponse("ok")

    readiness = Readiness(ready)

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> PlainTextResponse:
        state = await readiness.check()
        return PlainTextResponse(state, 503 if state.startswith(NOT_READY) else 200)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


class Readiness:
    """Whether this process can serve requests: `ok`, `degraded: …` or `not ready: …`.

    Once it has been ready, an unavailable server only makes it degraded: it can still respond with 503 and Retry-After.
    """

    def __init__(self, ready: Ready) -> None:
        self._ready = ready
        self._has_been = False

    async def check(self) -> str:
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self._ready()
        except Exception as error:
            if not (self._has_been and is_unavailable(error)):
                return f"{NOT_READY}: {str(error) or type(error).__name__}"
            ROLE_HEALTH.degraded("api", reason_of(error, with_words=True), of="ready")
        else:
            self._has_been = True
            ROLE_HEALTH.recovered("api", of="ready")
        return str(ROLE_HEALTH)


async def current_actor(request: Request) -> Actor:
    """The actor behind a request, from the gateway's token. Raises `Untrusted` (HTTP 401) or `Forbidden`."""
    verifier: Verifier = request.app.state.verifier
    return admitted(request, verifier.verify(token_of(request), now=time.time()))


def admitted(request: Request, actor: Actor) -> Actor:
    """The actor, if this service lets its role in. Raises `Forbidden`."""
    if actor.role in request.app.state.shut_out:
        raise Forbidden
    return actor


async def organisation_name(request: Request) -> str | None:
    """The name of the actor's organisation, None where it has none. Raises `Untrusted` (HTTP 401)."""
    verifier: Verifier = request.app.state.verifier
    return verifier.organisation_name(token_of(request), now=time.time())


def token_of(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Untrusted("no token")
    return token


async def command_context(
    request: Request, actor: Annotated[Actor, Depends(current_actor)]
) -> CommandContext:
    """The context of the command in this request. Raises `BadRequest` (HTTP 400)."""
    key = request.headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        raise BadRequest(
            "idempotency-key.missing", "请求缺少 Idempotency-Key（8 至 200 个可见的 ASCII 字符）。"
        )
    command_id = uuid5(actor.account, key)
    fingerprint = hashlib.sha256(await _content(request)).hexdigest()
    meta = Meta(
        actor=actor,
        command_id=command_id,
        correlation=_correlation(request, command_id),
        traceparent=traceparent() or _trace_of(request.headers.get("traceparent", "")),
    )
    return CommandContext(meta=meta, fingerprint=fingerprint, expected=if_match(request))


async def _content(request: Request) -> bytes:
    """The bytes to compute the fingerprint from, the same at every retry: the body, or a form's fields and hashes of its files."""
    route = f"{request.method} {request.url.path}\n".encode()
    if not request.headers.get("content-type", "").lower().startswith(FORMS):
        return route + await request.body()
    form = await request.form()
    return route + b"\n".join(
        [await _field(name, value) for name, value in sorted(form.multi_items(), key=_name)]
    )


def _name(item: tuple[str, UploadFile | str]) -> str:
    return item[0]


async def _field(name: str, value: UploadFile | str) -> bytes:
    if isinstance(value, str):
        return json.dumps([name, value]).encode()
    digest = hashlib.sha256()
    await value.seek(0)
    while chunk := await value.read(CHUNK):
        digest.update(chunk)
    await value.seek(0)
    return json.dumps([name, value.filename, digest.hexdigest()]).encode()


def if_match(request: Request) -> int | None:
    """The version that the user has changed: ``If-Match: "7"``; absent or ``*`` means any."""
    raw = request.headers.get("if-match", "").strip()
    if raw in ("", "*"):
        return None
    if (version := _VERSION.fullmatch(raw)) is None:
        raise BadRequest("if-match.malformed", "If-Match 应为版本号。")
    return int(version[1])


def new_id(command_id: UUID, noun: str) -> UUID:
    """The id of what a command creates. Derived from the command's id, so a retry gets the same."""
    return uuid5(command_id, noun)


def accepted(receipt: Receipt, notes: Sequence[Problem] = ()) -> JSONResponse:
    """202 with the stream and its version; `notes` say what the service has corrected."""
    body: dict[str, object] = {"stream": receipt.stream, "version": receipt.version}
    if notes:
        body["notes"] = [{"field": n.field, "rule": n.rule, "sentence": n.sentence} for n in notes]
    return JSONResponse(body, 202, headers={"ETag": f'"{receipt.version}"'})


def _trace_of(header: str) -> str | None:
    """A `traceparent` in W3C form. Anything else is ignored, since it would be stored in the fact for ever."""
    return header if _TRACE.fullmatch(header) else None


def _correlation(request: Request, command_id: UUID) -> UUID:
    try:
        return UUID(request.headers.get("x-correlation-id", ""))
    except ValueError:
        return command_id


class Traced:
    """ASGI middleware: one span per request, as a child of the request's traceparent."""

    def __init__(self, app: Callable[..., Awaitable[None]], name: str) -> None:
        self._app = app
        self._name = name

    async def __call__(self, scope: dict[str, object], receive: object, send: object) -> None:
        if scope["type"] != "http" or scope["path"] in ("/livez", "/readyz", "/metrics"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])  # type: ignore[call-overload]
        parent = _trace_of(headers.get(b"traceparent", b"").decode("latin-1"))
        with span(f"{self._name} {scope['method']}", parent) as current:
            current.set_attribute("url.path", str(scope["path"]))
            await self._app(scope, receive, send)
