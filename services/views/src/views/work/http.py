"""The queries about the working day over HTTP: GET only, each restricted to what the asker may see."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_runtime.edge.problems import Forbidden
from qingyuan_standards.cycles import slack_days
from qingyuan_standards.days import local_day

from views.shared.edge import ActorScope, Now, UpToDate, page_answer
from views.shared.names import Names
from views.shared.pages import Page
from views.shared.people import People, technicians
from views.shared.scope import scope_of
from views.work import answers, today
from views.work.queries import WorkQueries
from views.work.query_models import ContractQuery, CycleQuery, PlanQuery, VisitQuery
from views.work.response_models import Contract, ContractPage, CyclePage, Plan, PlanPage, Tasks
from views.work.response_models_visits import Visit, VisitPage

router = APIRouter(tags=["查询 · 运维"])


async def operator_account(actor: ActorDep) -> Actor:
    """An operator's account; raises `Forbidden` for all others."""
    if actor.kind != "operator" or actor.organisation is None:
        raise Forbidden
    return actor


Queries = Annotated[WorkQueries, Depends(from_state("work"))]


@router.get("/tasks/today", dependencies=UpToDate, response_model=Tasks)
async def tasks_today(
    queries: Queries, actor: Annotated[Actor, Depends(operator_account)], now: Now
) -> JSONResponse:
    """All that a technician's phone needs to work without a network. Which day it is, the server says."""
    day = local_day(now)
    async with queries.scoped(scope_of(actor)) as connection:
        return JSONResponse(await today.answer(connection, actor, day))


@router.get("/visits", dependencies=UpToDate, response_model=VisitPage)
async def visits(
    queries: Queries,
    people: Annotated[People, Depends(from_state("people"))],
    actor: ActorDep,
    scope: ActorScope,
    query: Annotated[VisitQuery, Query()],
) -> JSONResponse:
    page = await queries.visits(scope, query)
    technician = await technicians(people, actor, page.rows)
    return _page(page, lambda row, names: answers.visit_row(row, names) | technician(row))


@router.get("/visits/{visit_id}", dependencies=UpToDate, response_model=Visit)
async def visit(visit_id: UUID, queries: Queries, scope: ActorScope) -> JSONResponse:
    found = await queries.visit(scope, visit_id)
    if found is None:
        raise Missing("visit")
    return JSONResponse(answers.visit(found))


@router.get("/cycles", dependencies=UpToDate, response_model=CyclePage)
async def cycles(
    queries: Queries, scope: ActorScope, query: Annotated[CycleQuery, Query()], now: Now
) -> JSONResponse:
    day = local_day(now)
    page = await queries.cycles(scope, query, day)
    return _page(page, lambda row, names: answers.cycle_row(row, names, slack(row, day)))


def slack(row: Any, day: date) -> int | None:
    """The days that are left of an open window."""
    if row["state"] != "open":
        return None
    return slack_days(day, row["closes"], row["last_done"], row["gap_days_max"])


def _page(page: Page, row_of: Callable[[Any, Names], answers.Row]) -> JSONResponse:
    return page_answer(page, [row_of(row, page.names) for row in page.rows])


@router.get("/contracts", dependencies=UpToDate, response_model=ContractPage)
async def contracts(
    queries: Queries, scope: ActorScope, query: Annotated[ContractQuery, Query()], now: Now
) -> JSONResponse:
    return _page(await queries.contracts(scope, query, local_day(now)), answers.contract_row)


@router.get("/contracts/{contract_id}", dependencies=UpToDate, response_model=Contract)
async def contract(contract_id: UUID, queries: Queries, scope: ActorScope, now: Now) -> JSONResponse:
    found = await queries.contract(scope, contract_id, local_day(now))
    if found is None:
        raise Missing("contract")
    return JSONResponse(answers.contract(found))


@router.get("/plans", dependencies=UpToDate, response_model=PlanPage)
async def plans(
    queries: Queries, scope: ActorScope, query: Annotated[PlanQuery, Query()], now: Now
) -> JSONResponse:
    return _page(await queries.plans(scope, query, local_day(now)), answers.plan_row)


@router.get("/plans/{plan_id}", dependencies=UpToDate, response_model=Plan)
async def plan(plan_id: UUID, queries: Queries, scope: ActorScope) -> JSONResponse:
    found = await queries.plan(scope, plan_id)
    if found is None:
        raise Missing("plan")
    return JSONResponse(answers.plan(found))
