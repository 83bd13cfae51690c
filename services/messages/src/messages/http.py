"""The HTTP edge of messages: the inbox of the account that asks, its stream of news, what it prefers, and what failed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Depends, FastAPI, Query
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator
from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.domain.decider import Invalid, Problem
from qingyuan_runtime.domain.text import AsItIs
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_runtime.edge.http import WITHOUT_BUSINESS, Ready, add_routes, create_app
from qingyuan_runtime.edge.policy import Policy, kinds, roles
from qingyuan_runtime.edge.problems import Forbidden, problem
from qingyuan_runtime.tokens.issuers import Trusts

from messages import http_preferences
from messages import response_models as shown
from messages.failures import Failures
from messages.inbox import Inbox, Place
from messages.preferences import PreferenceRepository
from messages.rulebook import Means
from messages.streaming import Hub, TooManyStreams, events
from messages.texts import TEXTS

LIMIT_MAX: Final = 100
IDS_MAX: Final = 200
POLICY: Final = Policy(
    actions={
        "read-texts": kinds("administrator"),
        "read-failures": kinds("administrator", "enterprise", "operator"),
    },
    roles={"read-texts": roles("system"), "read-failures": roles("system", "manager")},
)

InboxDep = Annotated[Inbox, Depends(from_state("inbox"))]
HubDep = Annotated[Hub, Depends(from_state("hub"))]
FailuresDep = Annotated[Failures, Depends(from_state("failures"))]

router = APIRouter(tags=["消息"])


class ReadBody(BaseModel):
    """Either `ids`, or `all`."""

    model_config = ConfigDict(extra="forbid")
    ids: list[UUID] = Field(default=[], max_length=IDS_MAX)
    all: bool = False

    @model_validator(mode="after")
    def _one_of_two(self) -> "ReadBody":
        if bool(self.ids) == self.all:
            raise ValueError("either ids or all")
        return self


def build_app(
    pool: Pool,
    hub: Hub,
    *,
    trusted: Trusts,
    ready: Ready,
    clock: Callable[[], datetime],
    reaching: frozenset[Means] = frozenset(),
) -> FastAPI:
    app = create_app("messages", trusted=trusted, ready=ready, admits=WITHOUT_BUSINESS)
    app.state.inbox = Inbox(pool, clock)
    app.state.hub = hub
    app.state.failures = Failures(pool)
    app.state.preferences = PreferenceRepository(pool)
    app.state.reaching = reaching
    app.state.clock = clock
    app.add_exception_handler(TooManyStreams, _too_many)
    add_routes(app, router, http_preferences.router)
    return app


@router.get("/messages", response_model=shown.InboxPage)
async def page(
    by: ActorDep,
    inbox: InboxDep,
    unread: Annotated[bool, Query()] = False,
    after: Annotated[str | None, AsItIs(100), Query()] = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = 20,
) -> JSONResponse:
    """The messages of the account's audiences, newest first. `after` is the `next` of the page before."""
    rows = await inbox.page(by, unread=unread, after=_place(after), limit=limit)
    items = [_item(row) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    next_ = f"{last['at'].isoformat()}_{last['message_id']}" if last else None
    return JSONResponse({"items": items, "unread": await inbox.unread(by), "next": next_})


def _place(after: str | None) -> Place | None:
    if not after:
        return None
    at, _, message_id = after.partition("_")
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("no zone")
        return Place(moment.astimezone(UTC), UUID(message_id))
    except (ValueError, OverflowError):  # the first and the last day have no UTC in some zones
        raise Invalid((Problem("after", "cursor", "翻页位置无效，请从第一页开始。"),)) from None


def _item(row: asyncpg.Record) -> dict[str, object]:
    return {
        "id": str(row["message_id"]),
        "kind": row["kind"],
        "title": row["title"],
        "text": row["text"],
        "about": row["about"],
        "link": row["link"],
        "phone_link": row["phone_link"],
        "at": row["at"].isoformat(),
        "read": row["read"],
        "done": row["done"],
    }


@router.get("/messages/count", response_model=shown.Unread)
async def count(by: ActorDep, inbox: InboxDep) -> JSONResponse:
    return JSONResponse({"unread": await inbox.unread(by)})


@router.post("/messages/read", status_code=204)
async def read(body: ReadBody, by: ActorDep, inbox: InboxDep) -> Response:
    """Mark messages as read. Ids that are not the account's are left out, as if they did not exist."""
    if body.all:
        await inbox.read_all(by)
    else:
        await inbox.read(by, body.ids)
    return Response(status_code=204)


@router.get("/messages/stream", response_class=StreamingResponse)
async def stream(by: ActorDep, inbox: InboxDep, hub: HubDep) -> StreamingResponse:
    """Server-sent events `unread`, with the number of unread messages: at once, and when it changes."""
    content = events(hub, hub.subscribe(by), by, inbox.unread)
    return StreamingResponse(content, media_type="text/event-stream", headers={"cache-control": "no-store"})


@router.get("/messages/texts", response_model=shown.TextsShown)
async def texts(by: ActorDep) -> JSONResponse:
    """Every text, and how it reads with its example."""
    POLICY.require("read-texts", by)
    items = []
    for text in (text for text in TEXTS.values() if not text.chosen_with):
        title, body = text.rendered(text.example)
        row = {"kind": text.kind, "name": text.name, "title": text.title, "text": text.text}
        items.append(row | {"example_title": title, "example_text": body})
    return JSONResponse({"items": items})


@router.get("/messages/failures", response_model=shown.Failures)
async def failures(by: ActorDep, found: FailuresDep) -> JSONResponse:
    """What could not be sent, or may not have been: to administrators all of it, to a manager that of the organisation."""
    POLICY.require("read-failures", by)
    return JSONResponse({"items": await found.of(_organisation(by))})


def _organisation(by: Actor) -> UUID | None:
    """None: all."""
    if by.kind == "administrator":
        return None
    if by.organisation is None:
        raise Forbidden
    return by.organisation


async def _too_many(_request: object, _error: Exception) -> JSONResponse:
    return problem(
        429, "stream.too-many", "此账户打开的页面过多，新消息将稍后显示。", headers={"Retry-After": "60"}
    )
