"""Requests of operators about their plans."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.edge.http import Accepted, Note, accepted

from tasks.plans import handlers
from tasks.plans.bodies import (
    CrewBody,
    FoundGap,
    ItemPreview,
    PlanBody,
    PlanPreview,
    RepeatedPlan,
    StoppingBody,
)
from tasks.shared.dependencies import ActorDep, ContextDep, RepositoryDep

router = APIRouter(prefix="/plans", tags=["运维计划"])


@router.post("/preview", response_model=PlanPreview)
async def preview_plan(body: PlanBody, repository: RepositoryDep, actor: ActorDep) -> PlanPreview:
    """What publishing would come to; nothing is recorded."""
    found = await handlers.preview(repository, actor, contract_id=body.contract_id, draft=body.draft())
    planned, repeats = found.planned, found.repeats
    return PlanPreview(
        items=[ItemPreview(content=item.content, windows=item.windows) for item in planned.items],
        assignees=planned.crew.assignees,
        devices=planned.crew.devices,
        gaps=[
            FoundGap(**found.gap.model_dump(), field=found.field, sentence=found.sentence)
            for found in planned.gaps
        ],
        problems=_notes(planned.problems),
        notes=_notes((*planned.notes, *(plan.note for plan in repeats))),
        repeats=[
            RepeatedPlan(id=plan.plan_id, name=plan.name, sentence=plan.note.sentence) for plan in repeats
        ],
    )


@router.post("", status_code=202, response_model=Accepted)
async def publish_plan(body: PlanBody, repository: RepositoryDep, context: ContextDep) -> JSONResponse:
    receipt, notes = await handlers.publish(
        repository,
        context,
        contract_id=body.contract_id,
        draft=body.draft(),
        gaps_reason=body.gaps_reason,
    )
    return accepted(receipt, notes)


@router.post("/{plan_id}/crew", status_code=202, response_model=Accepted)
async def change_crew(
    plan_id: UUID, body: CrewBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    receipt, notes = await handlers.change_crew(
        repository,
        context,
        plan_id,
        assignees=body.assignees,
        devices=body.devices,
        reason=body.reason,
        gaps_reason=body.gaps_reason,
    )
    return accepted(receipt, notes)


@router.post("/{plan_id}/stopping", status_code=202, response_model=Accepted)
async def stop_plan(
    plan_id: UUID, body: StoppingBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    return accepted(
        await handlers.stop(repository, context, plan_id, last_day=body.last_day, reason=body.reason)
    )


def _notes(problems: tuple[Problem, ...]) -> list[Note]:
    return [Note(field=problem.field, rule=problem.rule, sentence=problem.sentence) for problem in problems]
