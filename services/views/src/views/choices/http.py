"""The choices of a list's filters over HTTP, restricted to what the asker may see."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.dependencies import ActorDep, from_state

from views.choices.queries import SHOWN_MAX, ChoiceQueries
from views.choices.query_models import ChoiceQuery
from views.choices.response_models import Choices
from views.shared.edge import ActorScope, UpToDate

router = APIRouter(tags=["查询 · 筛选"])


@router.get("/choices", dependencies=UpToDate, response_model=Choices)
async def choices(
    queries: Annotated[ChoiceQueries, Depends(from_state("choices"))],
    actor: ActorDep,
    scope: ActorScope,
    query: Annotated[ChoiceQuery, Query()],
) -> JSONResponse:
    """Enterprises, points, operators or technicians by a part of their name; the first twenty."""
    found = await queries.choices(actor, scope, query)
    items = [asdict(choice) | {"id": str(choice.id)} for choice in found[:SHOWN_MAX]]
    return JSONResponse({"items": items, "more": len(found) > SHOWN_MAX})
