"""The board over HTTP: one query, restricted to what the asker may see."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.dependencies import from_state
from qingyuan_standards.days import local_day

from views.board.queries import BoardQueries
from views.board.query_models import BoardQuery
from views.board.response_models import Board
from views.shared.edge import ActorScope, Now, UpToDate

router = APIRouter(tags=["查询 · 看板"])


@router.get("/board", dependencies=UpToDate, response_model=Board)
async def board(
    queries: Annotated[BoardQueries, Depends(from_state("board"))],
    scope: ActorScope,
    now: Now,
    query: Annotated[BoardQuery, Query()],
) -> JSONResponse:
    """Without days: this month until today. Totals are of all pages. Districts are named by the page."""
    board_page = await queries.board(scope, query, local_day(now))
    return JSONResponse(
        {
            "rows": board_page.rows,
            "totals": board_page.totals,
            "count": board_page.count,
            "next": board_page.following,
        }
    )
