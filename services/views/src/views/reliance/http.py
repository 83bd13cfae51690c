"""What work stands on papers, over HTTP: GET only, each restricted to what the asker may see."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_standards.days import local_day

from views.reliance import answers
from views.reliance.queries import RelianceQueries
from views.reliance.query_models import ImpossibleQuery
from views.reliance.response_models import Impossible, ReliedPage
from views.shared.edge import ActorScope, Now, UpToDate
from views.shared.people import People, technicians
from views.work.query_models import ReliedQuery

router = APIRouter(tags=["查询 · 备案"])
Queries = Annotated[RelianceQueries, Depends(from_state("reliance"))]
Named = Annotated[People, Depends(from_state("people"))]


@router.get("/papers/{paper_id}/relied-on", dependencies=UpToDate, response_model=ReliedPage)
async def relied_on(
    paper_id: UUID,
    queries: Queries,
    people: Named,
    actor: ActorDep,
    scope: ActorScope,
    query: Annotated[ReliedQuery, Query()],
) -> JSONResponse:
    """The visits that relied on a filed paper for a day on which it does not hold: revoked, or corrected backwards."""
    found = await queries.relied_on(scope, paper_id, query)
    if found is None:
        raise Missing("paper")
    technician = await technicians(people, actor, found.page.rows)
    return JSONResponse(answers.relied(found, technician))


@router.get("/filings/{operator_id}/impossible", dependencies=UpToDate, response_model=Impossible)
async def impossible(
    operator_id: UUID,
    queries: Queries,
    scope: ActorScope,
    now: Now,
    query: Annotated[ImpossibleQuery, Query()],
) -> JSONResponse:
    """Planned windows that close soon and for which assignees or devices will have no valid paper on the last day.

    Without names: a plan may name any account, and this service vouches for none of them.
    """
    today = local_day(now)
    found = await queries.impossible(scope, operator_id, query, today)
    if found is None:
        raise Missing("filing")
    last_day = today + timedelta(days=query.within)
    return JSONResponse(answers.impossible(found, last_day))
