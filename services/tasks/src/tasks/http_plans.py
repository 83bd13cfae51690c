"""Requests of operators about their plans. A preview and a publishing lay the same draft in the same way."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Missing, Problem
from qingyuan_runtime.edge.http import Accepted, Note, accepted, new_id
from qingyuan_runtime.log.handling import CommandContext, handle, load

from tasks import policy
from tasks.bodies_plans import CrewBody, ItemPreview, PlanBody, PlanPreview, StoppingBody
from tasks.desk import AtDesk, ByActor, ByAsked, Desk
from tasks.domain import plan_crew
from tasks.domain.contract_state import Agreement
from tasks.domain.plan import PLAN, ChangeCrew, PublishPlan, StopPlan
from tasks.domain.plan_laying import lay
from tasks.places import Place

router = APIRouter(prefix="/plans", tags=["运维计划"])


@router.post("/preview", response_model=PlanPreview)
async def preview_plan(body: PlanBody, at: AtDesk, actor: ByActor) -> PlanPreview:
    """What publishing would come to; nothing is recorded."""
    contract, places = await _ground(body, at, actor)
    laid = lay(body.draft(), contract, places, at.today())
    items = [ItemPreview(content=item.content, windows=item.windows) for item in laid.items]
    return PlanPreview(items=items, problems=_told(laid.problems), notes=_told(laid.notes))


@router.post("", status_code=202, response_model=Accepted)
async def publish_plan(body: PlanBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    contract, places = await _ground(body, at, by.meta.actor)
    plan_id = new_id(by.meta.command_id, PLAN.noun)
    draft, today = body.draft(), at.today()
    command = PublishPlan(plan_id=plan_id, contract=contract, draft=draft, places=places, today=today)
    answer = await handle(at.store, PLAN, PLAN.stream(plan_id), command, by, begins=True)
    return accepted(answer, lay(draft, contract, places, today).notes)


@router.post("/{plan_id}/crew", status_code=202, response_model=Accepted)
async def change_crew(plan_id: UUID, body: CrewBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    await _require_own(plan_id, at, by)
    command = ChangeCrew(
        plan_id=plan_id, assignees=body.assignees, devices=body.devices, reason=body.reason, today=at.today()
    )
    answer = await handle(at.store, PLAN, PLAN.stream(plan_id), command, by)
    return accepted(answer, tuple(plan_crew.notes(body.assignees, body.devices)))


@router.post("/{plan_id}/stopping", status_code=202, response_model=Accepted)
async def stop_plan(plan_id: UUID, body: StoppingBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    await _require_own(plan_id, at, by)
    command = StopPlan(plan_id=plan_id, last_day=body.last_day, reason=body.reason, today=at.today())
    return accepted(await handle(at.store, PLAN, PLAN.stream(plan_id), command, by))


async def _ground(body: PlanBody, at: Desk, actor: Actor) -> tuple[Agreement, tuple[Place, ...]]:
    """The operator's own contract and the points of its enterprise. Raises `Missing` or `Refused`."""
    policy.operator_of("write-plan", actor)
    contract = (await at.contract(body.contract_id, actor)).agreement()
    return contract, (await at.enterprise(contract.enterprise_id)).points


async def _require_own(plan_id: UUID, at: Desk, by: CommandContext) -> None:
    operator_id = policy.operator_of("write-plan", by.meta.actor)
    _, state = await load(at.store, PLAN, PLAN.stream(plan_id))
    if state.published is None or state.published.operator_id != operator_id:
        raise Missing("plan")


def _told(problems: tuple[Problem, ...]) -> list[Note]:
    return [Note(field=one.field, rule=one.rule, sentence=one.sentence) for one in problems]
