"""The questions about the working day over HTTP: GET only, each under the asker's scope."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.http import current_actor
from qingyuan_runtime.edge.problems import Forbidden
from qingyuan_standards.cycles import slack_days
from qingyuan_standards.days import local_day

from views.shared.edge import Now, Seen, Sees
from views.shared.names import Names
from views.shared.pages import Page
from views.shared.scope import scope_of
from views.work import answers, today
from views.work.queries import WorkQueries
from views.work.query_models import ContractQuery, CycleQuery, PlanQuery, VisitQuery
from views.work.response_models import Contract, ContractPage, CyclePage, Plan, PlanPage, Tasks
from views.work.response_models_visits import Visit, VisitPage

router = APIRouter(tags=["查询 · 运维"])


async def queries(request: Request) -> WorkQueries:
    found: WorkQueries = request.app.state.work
    return found


async def operating(actor: Annotated[Actor, Depends(current_actor)]) -> Actor:
    """An operator's account; everybody else is turned away."""
    if actor.kind != "operator" or actor.organisation is None:
        raise Forbidden
    return actor


At = Annotated[WorkQueries, Depends(queries)]


@router.get("/tasks/today", dependencies=Seen, response_model=Tasks)
async def tasks_today(at: At, actor: Annotated[Actor, Depends(operating)], now: Now) -> JSONResponse:
    """All that a technician's phone needs to work without a network. Which day it is, the server says."""
    day = local_day(now)
    async with at.fenced(scope_of(actor)) as connection:
        return JSONResponse(await today.answer(connection, actor, day))


@router.get("/visits", dependencies=Seen, response_model=VisitPage)
async def visits(at: At, sees: Sees, asked: Annotated[VisitQuery, Query()]) -> JSONResponse:
    return _page(await at.visits(sees, asked), answers.visit_row)


@router.get("/visits/{visit_id}", dependencies=Seen, response_model=Visit)
async def visit(visit_id: UUID, at: At, sees: Sees) -> JSONResponse:
    found = await at.visit(sees, visit_id)
    if found is None:
        raise Missing("visit")
    return JSONResponse(answers.visit(found))


@router.get("/cycles", dependencies=Seen, response_model=CyclePage)
async def cycles(at: At, sees: Sees, asked: Annotated[CycleQuery, Query()], now: Now) -> JSONResponse:
    day = local_day(now)
    page = await at.cycles(sees, asked, day)
    return _page(page, lambda row, names: answers.cycle_row(row, names, _slack(row, day)))


def _slack(row: Any, day: date) -> int | None:
    if row["state"] != "open":
        return None
    return slack_days(day, row["closes"], row["last_done"], row["gap_days_max"])


def _page(page: Page, row_of: Callable[[Any, Names], answers.Row]) -> JSONResponse:
    items = [row_of(row, page.names) for row in page.rows]
    return JSONResponse({"items": items, "next": page.following})


@router.get("/contracts", dependencies=Seen, response_model=ContractPage)
async def contracts(at: At, sees: Sees, asked: Annotated[ContractQuery, Query()]) -> JSONResponse:
    return _page(await at.contracts(sees, asked), answers.contract_row)


@router.get("/contracts/{contract_id}", dependencies=Seen, response_model=Contract)
async def contract(contract_id: UUID, at: At, sees: Sees) -> JSONResponse:
    found = await at.contract(sees, contract_id)
    if found is None:
        raise Missing("contract")
    return JSONResponse(answers.contract(found))


@router.get("/plans", dependencies=Seen, response_model=PlanPage)
async def plans(at: At, sees: Sees, asked: Annotated[PlanQuery, Query()]) -> JSONResponse:
    return _page(await at.plans(sees, asked), answers.plan_row)


@router.get("/plans/{plan_id}", dependencies=Seen, response_model=Plan)
async def plan(plan_id: UUID, at: At, sees: Sees) -> JSONResponse:
    found = await at.plan(sees, plan_id)
    if found is None:
        raise Missing("plan")
    return JSONResponse(answers.plan(found))
