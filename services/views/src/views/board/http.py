"""The board over HTTP: one question, under the asker's scope."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from views.board.queries import SHOWN, BoardFilter, BoardQueries, Figures
from views.edge import Now, Seen, Sees
from views.names import Names
from views.work.visits import SHANGHAI

router = APIRouter(tags=["查询 · 看板"])


async def queries(request: Request) -> BoardQueries:
    found: BoardQueries = request.app.state.board
    return found


@router.get("/board", dependencies=Seen)
async def board(
    at: Annotated[BoardQueries, Depends(queries)],
    sees: Sees,
    now: Now,
    first_day: Annotated[date | None, Query(alias="from")] = None,
    last_day: Annotated[date | None, Query(alias="to")] = None,
    by: Literal["district", "operator", "enterprise"] = "district",
    district: str | None = None,
    operator_id: UUID | None = None,
    enterprise_id: UUID | None = None,
) -> JSONResponse:
    """Without days: this month until today."""
    today = now.astimezone(SHANGHAI).date()
    last_day = last_day or today
    wanted = BoardFilter(
        first_day or last_day.replace(day=1), last_day, by, district, operator_id, enterprise_id
    )
    figures, names = await at.board(sees, wanted, today)
    return JSONResponse(answer(figures, names))


def answer(figures: dict[Any, Figures], names: Names) -> dict[str, Any]:
    """Rows sorted by name; whoever has none yet comes first. Districts are named by the page."""
    rows: list[dict[str, Any]] = [
        {"key": str(key), "name": _name(key, names), **one} for key, one in figures.items()
    ]
    totals = {name: sum(row[name] for row in rows) for name in SHOWN}
    return {"rows": sorted(rows, key=lambda row: (row["name"], row["key"])), "totals": totals}


def _name(key: Any, names: Names) -> str:
    return names.operators.get(key) or names.entries.get(key, {}).get("name", "")
