"""The board over HTTP: one question, under the asker's scope."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from qingyuan_runtime.domain.text import Code
from qingyuan_standards.days import local_day

from views.board.queries import BoardFilter, BoardQueries, Order
from views.shared.edge import After, From, Now, Seen, Sees, To

router = APIRouter(tags=["查询 · 看板"])


async def queries(request: Request) -> BoardQueries:
    found: BoardQueries = request.app.state.board
    return found


@router.get("/board", dependencies=Seen)
async def board(
    at: Annotated[BoardQueries, Depends(queries)],
    sees: Sees,
    now: Now,
    first_day: From = None,
    last_day: To = None,
    by: Literal["district", "operator", "enterprise"] = "district",
    district: Code | None = None,
    operator_id: UUID | None = None,
    enterprise_id: UUID | None = None,
    order: Annotated[Order, Query(description="最多的在前")] = "missed",
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
    after: After = None,
) -> JSONResponse:
    """Without days: this month until today. Totals are of all pages. Districts are named by the page."""
    today = local_day(now)
    last_day = last_day or today
    wanted = BoardFilter(
        first_day or last_day.replace(day=1),
        last_day,
        by,
        district,
        operator_id,
        enterprise_id,
        order,
        limit,
        after,
    )
    found = await at.board(sees, wanted, today)
    return JSONResponse(
        {"rows": found.rows, "totals": found.totals, "count": found.count, "next": found.following}
    )
