"""The board over HTTP: one question, under the asker's scope."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from qingyuan_standards.days import local_day

from views.board.queries import BoardQueries
from views.board.query_models import BoardQuery
from views.board.response_models import Board
from views.shared.edge import Now, Seen, Sees

router = APIRouter(tags=["查询 · 看板"])


async def queries(request: Request) -> BoardQueries:
    found: BoardQueries = request.app.state.board
    return found


@router.get("/board", dependencies=Seen, response_model=Board)
async def board(
    at: Annotated[BoardQueries, Depends(queries)],
    sees: Sees,
    now: Now,
    asked: Annotated[BoardQuery, Query()],
) -> JSONResponse:
    """Without days: this month until today. Totals are of all pages. Districts are named by the page."""
    found = await at.board(sees, asked, local_day(now))
    return JSONResponse(
        {"rows": found.rows, "totals": found.totals, "count": found.count, "next": found.following}
    )
