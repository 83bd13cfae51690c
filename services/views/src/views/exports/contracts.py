"""The lists of contracts and plans as Excel files: every row that the list shows with the same filters."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from qingyuan_runtime.edge.dependencies import ActorDep
from qingyuan_standards.days import local_day

from views.exports import columns
from views.exports.http import Batches, Given, asked, whole
from views.shared.edge import ActorScope, Now, UpToDate
from views.shared.names import Names
from views.shared.workbook import ROWS_MAX, Row, Sheet, exported
from views.work import answers
from views.work.query_models import ContractQuery, PlanQuery

router = APIRouter(tags=["查询 · 导出"])


@router.get("/contracts.xlsx", dependencies=UpToDate, response_class=Response)
async def contracts(
    given: Given, actor: ActorDep, scope: ActorScope, now: Now, query: Annotated[ContractQuery, Query()]
) -> Response:
    sheet = Sheet("合同", columns.CONTRACTS, await asked(given, actor, scope, query), now)
    found = given.work.every_contract(scope, whole(query), local_day(now), ROWS_MAX)
    return await exported(sheet, _as_listed(found, answers.contract_row))


@router.get("/plans.xlsx", dependencies=UpToDate, response_class=Response)
async def plans(
    given: Given, actor: ActorDep, scope: ActorScope, now: Now, query: Annotated[PlanQuery, Query()]
) -> Response:
    sheet = Sheet("运维计划", columns.PLANS, await asked(given, actor, scope, query), now)
    found = given.work.every_plan(scope, whole(query), local_day(now), ROWS_MAX)
    return await exported(sheet, _as_listed(found, answers.plan_row))


async def _as_listed(batches: Batches, row_of: Callable[[Any, Names], Row]) -> AsyncIterator[Sequence[Row]]:
    """What the list shows of a row, which may be less than the row has; its days and times as such."""
    async for rows, names in batches:
        yield [row_of(row, names) | _times(row) for row in rows]


def _times(row: Any) -> Row:
    kept = ("first_day", "last_day", "ended_on", "stopped_on", "submitted", "published", "standing")
    return {name: row[name] for name in kept if name in row.keys()}  # noqa: SIM118 - a record iterates over its values
