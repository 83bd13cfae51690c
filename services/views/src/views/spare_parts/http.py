"""What was used, over HTTP: GET only, for the operator itself and for offices."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse, Response
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.dependencies import from_state
from qingyuan_standards.days import local_day

from views.exports.http import Batches, whole
from views.shared.edge import ActorScope, Now, UpToDate, page_answer
from views.shared.workbook import ROWS_MAX, Row, Sheet, exported
from views.spare_parts import answers
from views.spare_parts.columns import PART_USES, asked
from views.spare_parts.queries import SparePartQueries
from views.spare_parts.query_models import PartUseQuery
from views.spare_parts.response_models import PartUsePage, Stocks

router = APIRouter(tags=["查询 · 备案"])
Queries = Annotated[SparePartQueries, Depends(from_state("spare_parts"))]


@router.get("/filings/{operator_id}/part-uses", dependencies=UpToDate, response_model=PartUsePage)
async def part_uses(
    operator_id: UUID, queries: Queries, scope: ActorScope, query: Annotated[PartUseQuery, Query()]
) -> JSONResponse:
    """What the sheets of complete visits say was used, by visit and lot, the newest first."""
    page = await queries.part_uses(scope, operator_id, query)
    return page_answer(page, [answers.part_use(row, page.names) for row in page.rows])


@router.get("/filings/{operator_id}/part-uses.xlsx", dependencies=UpToDate, response_class=Response)
async def part_uses_file(
    operator_id: UUID, queries: Queries, scope: ActorScope, now: Now, query: Annotated[PartUseQuery, Query()]
) -> Response:
    sheet = Sheet("备品备件使用记录", PART_USES, asked(query), now)
    return await exported(sheet, _named(queries.every_part_use(scope, operator_id, whole(query), ROWS_MAX)))


async def _named(batches: Batches) -> AsyncIterator[Sequence[Row]]:
    async for rows, names in batches:
        yield [{**row, **names.of(row, row["day"])} for row in rows]


@router.get("/filings/{operator_id}/stock", dependencies=UpToDate, response_model=Stocks)
async def stock(operator_id: UUID, queries: Queries, scope: ActorScope, now: Now) -> JSONResponse:
    """What is left of each filed part: the filed quantity without what visits used since it was filed."""
    found = await queries.stock(scope, operator_id, local_day(now))
    if found is None:
        raise Missing("filing")
    return JSONResponse(answers.stocks(found))
