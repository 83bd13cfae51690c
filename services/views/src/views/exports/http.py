"""The lists of the working day as Excel files: every row that the list shows with the same filters."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.edge.dependencies import ActorDep
from qingyuan_standards.days import local_day

from views.confirmations.queries import ConfirmationQueries
from views.confirmations.query_models import ConfirmationQuery
from views.exports import columns
from views.exports.asked import asked_of
from views.shared.edge import ActorScope, Now, UpToDate
from views.shared.named_lists import Batch
from views.shared.names import Names
from views.shared.pages import EXPORTED_AT_ONCE
from views.shared.people import People, technicians
from views.shared.query_models import PageQuery
from views.shared.scope import Scope
from views.shared.workbook import ROWS_MAX, Row, Sheet, exported
from views.work.http import slack
from views.work.queries import WorkQueries
from views.work.query_models import CycleQuery, VisitQuery

router = APIRouter(tags=["查询 · 导出"])
Asking = TypeVar("Asking", bound=PageQuery)
Batches = AsyncIterator[Batch]


@dataclass(frozen=True, slots=True)
class Exports:
    """What every export needs of the application."""

    pool: Pool
    people: People
    work: WorkQueries
    confirmations: ConfirmationQueries


async def exports(request: Request) -> Exports:
    state = request.app.state
    return Exports(state.pool, state.people, state.work, state.confirmations)


Given = Annotated[Exports, Depends(exports)]


@router.get("/visits.xlsx", dependencies=UpToDate, response_class=Response)
async def visits(
    given: Given, actor: ActorDep, scope: ActorScope, now: Now, query: Annotated[VisitQuery, Query()]
) -> Response:
    sheet = Sheet("运维记录", columns.VISITS, await asked(given, actor, scope, query), now)
    found = given.work.every_visit(scope, whole(query), ROWS_MAX)
    return await exported(sheet, _with_technicians(given, actor, found, "day"))


@router.get("/confirmations.xlsx", dependencies=UpToDate, response_class=Response)
async def confirmations(
    given: Given, actor: ActorDep, scope: ActorScope, now: Now, query: Annotated[ConfirmationQuery, Query()]
) -> Response:
    sheet = Sheet("确认记录", columns.CONFIRMATIONS, await asked(given, actor, scope, query), now)
    found = given.confirmations.every(scope, whole(query), ROWS_MAX)
    return await exported(sheet, _with_technicians(given, actor, found, "visit_day"))


@router.get("/cycles.xlsx", dependencies=UpToDate, response_class=Response)
async def cycles(
    given: Given, actor: ActorDep, scope: ActorScope, now: Now, query: Annotated[CycleQuery, Query()]
) -> Response:
    sheet = Sheet("计划周期", columns.CYCLES, await asked(given, actor, scope, query), now)
    day = local_day(now)
    return await exported(sheet, _with_slack(given.work.every_cycle(scope, whole(query), day, ROWS_MAX), day))


async def asked(given: Exports, actor: Actor, scope: Scope, query: PageQuery) -> list[tuple[str, str]]:
    return await asked_of(given.pool, given.people, actor, scope, query)


def whole(query: Asking) -> Asking:
    """Read from the beginning, in larger steps than a page."""
    return query.model_copy(update={"limit": EXPORTED_AT_ONCE, "after": None})


async def _with_technicians(
    given: Exports, actor: Actor, batches: Batches, day: str
) -> AsyncIterator[Sequence[Row]]:
    async for rows, names in batches:
        technician = await technicians(given.people, actor, rows)
        yield [_named(row, names, day) | technician(row) for row in rows]


async def _with_slack(batches: Batches, day: date) -> AsyncIterator[Sequence[Row]]:
    async for rows, names in batches:
        yield [_named(row, names, "closes") | {"slack_days": slack(row, day)} for row in rows]


def _named(row: Any, names: Names, day: str) -> Row:
    return {**row, **names.of(row, row[day])}
