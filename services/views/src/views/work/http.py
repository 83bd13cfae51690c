"""The questions about the working day over HTTP: GET only, each under the asker's scope."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.domain.text import Code
from qingyuan_runtime.edge.http import current_actor
from qingyuan_runtime.edge.problems import Forbidden
from qingyuan_standards.cycles import slack_days
from qingyuan_standards.days import local_day

from views.shared.edge import After, ConfirmationFigure, From, Limit, Now, Seen, Sees, To
from views.shared.names import Names
from views.shared.pages import Page
from views.shared.scope import scope_of
from views.work import answers, today
from views.work.lists import CycleFilter, VisitFilter
from views.work.queries import WorkQueries

router = APIRouter(tags=["查询 · 运维"])

ContractStanding = Literal["submitted", "confirmed", "declined", "ended"]
VisitState = Literal["open", "complete", "aborted"]
CycleState = Literal["open", "done", "missed", "stopped", "planned"]
Mark = Literal[
    "outside_fence",
    "no_fix",
    "no_location",
    "poor_accuracy",
    "clock_skew",
    "received_late",
    "implausible_travel",
]


async def queries(request: Request) -> WorkQueries:
    found: WorkQueries = request.app.state.work
    return found


async def operating(actor: Annotated[Actor, Depends(current_actor)]) -> Actor:
    """An operator's account; everybody else is turned away."""
    if actor.kind != "operator" or actor.organisation is None:
        raise Forbidden
    return actor


async def wanted_visits(
    first_day: From = None,
    last_day: To = None,
    operator_id: UUID | None = None,
    enterprise_id: UUID | None = None,
    point_id: UUID | None = None,
    district: Code | None = None,
    state: VisitState | None = None,
    mark: Mark | None = None,
    backfilled: bool | None = None,
    confirmation: ConfirmationFigure | None = None,
) -> VisitFilter:
    return VisitFilter(
        first_day,
        last_day,
        operator_id,
        enterprise_id,
        point_id,
        district,
        state,
        mark,
        backfilled,
        confirmation,
    )


async def wanted_cycles(
    first_day: From = None,
    last_day: To = None,
    plan_id: UUID | None = None,
    operator_id: UUID | None = None,
    enterprise_id: UUID | None = None,
    point_id: UUID | None = None,
    district: Code | None = None,
    state: CycleState | None = None,
) -> CycleFilter:
    return CycleFilter(first_day, last_day, plan_id, operator_id, enterprise_id, point_id, district, state)


At = Annotated[WorkQueries, Depends(queries)]


@router.get("/tasks/today", dependencies=Seen)
async def tasks_today(at: At, actor: Annotated[Actor, Depends(operating)], now: Now) -> JSONResponse:
    """All that a technician's phone needs to work without a network. Which day it is, the server says."""
    day = local_day(now)
    async with at.fenced(scope_of(actor)) as connection:
        return JSONResponse(await today.answer(connection, actor, day))


@router.get("/visits", dependencies=Seen)
async def visits(
    at: At,
    sees: Sees,
    wanted: Annotated[VisitFilter, Depends(wanted_visits)],
    limit: Limit = 50,
    after: After = None,
) -> JSONResponse:
    page = await at.visits(sees, wanted, limit, after)
    items = [answers.visit_row(row, page.names) for row in page.rows]
    return JSONResponse({"items": items, "next": page.following})


@router.get("/visits/{visit_id}", dependencies=Seen)
async def visit(visit_id: UUID, at: At, sees: Sees) -> JSONResponse:
    found = await at.visit(sees, visit_id)
    if found is None:
        raise Missing("visit")
    return JSONResponse(answers.visit(found))


@router.get("/cycles", dependencies=Seen)
async def cycles(
    at: At,
    sees: Sees,
    wanted: Annotated[CycleFilter, Depends(wanted_cycles)],
    now: Now,
    limit: Limit = 50,
    after: After = None,
) -> JSONResponse:
    day = local_day(now)
    page = await at.cycles(sees, wanted, day, limit, after)
    items = [answers.cycle_row(row, page.names, _slack(row, day)) for row in page.rows]
    return JSONResponse({"items": items, "next": page.following})


def _slack(row: Any, day: date) -> int | None:
    if row["state"] != "open":
        return None
    return slack_days(day, row["closes"], row["last_done"], row["gap_days_max"])


def _contractual(page: Page, row_of: Callable[[Any, Names], answers.Row]) -> JSONResponse:
    items = [row_of(row, page.names) for row in page.rows]
    return JSONResponse({"items": items, "next": page.following})


@router.get("/contracts", dependencies=Seen)
async def contracts(
    at: At,
    sees: Sees,
    enterprise_id: UUID | None = None,
    operator_id: UUID | None = None,
    state: ContractStanding | None = None,
    limit: Limit = 50,
    after: After = None,
) -> JSONResponse:
    page = await at.contracts(
        sees, limit, after, state=state, enterprise_id=enterprise_id, operator_id=operator_id
    )
    return _contractual(page, answers.contract_row)


@router.get("/contracts/{contract_id}", dependencies=Seen)
async def contract(contract_id: UUID, at: At, sees: Sees) -> JSONResponse:
    found = await at.contract(sees, contract_id)
    if found is None:
        raise Missing("contract")
    return JSONResponse(answers.contract(found))


@router.get("/plans", dependencies=Seen)
async def plans(
    at: At,
    sees: Sees,
    contract_id: UUID | None = None,
    enterprise_id: UUID | None = None,
    operator_id: UUID | None = None,
    limit: Limit = 50,
    after: After = None,
) -> JSONResponse:
    narrowed = {"contract_id": contract_id, "enterprise_id": enterprise_id, "operator_id": operator_id}
    return _contractual(await at.plans(sees, limit, after, **narrowed), answers.plan_row)


@router.get("/plans/{plan_id}", dependencies=Seen)
async def plan(plan_id: UUID, at: At, sees: Sees) -> JSONResponse:
    found = await at.plan(sees, plan_id)
    if found is None:
        raise Missing("plan")
    return JSONResponse(answers.plan(found))
