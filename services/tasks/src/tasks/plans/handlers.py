"""Plans: each function checks the actor's rights, loads what the command needs, and carries it out.

A preview and a publication compute the windows of the same draft in the same way.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_events.tasks import Assignee, Device
from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.log.handling import CommandContext, handle
from qingyuan_runtime.log.store import Receipt

from tasks.domain.contracts.state import Agreement
from tasks.domain.plans import staffing
from tasks.domain.plans.commands import ChangeCrew, PublishPlan, StopPlan
from tasks.domain.plans.decider import PLAN
from tasks.domain.plans.draft import PlanDraft
from tasks.domain.plans.repeats import RepeatedPlan, repeated_plans
from tasks.domain.plans.staffing import staffed
from tasks.domain.plans.windows import PlannedWindows, plan_windows
from tasks.domain.register import MonitoringPointCopy
from tasks.shared import policy
from tasks.shared.repository import Repository


@dataclass(frozen=True, slots=True)
class Previewed:
    planned: PlannedWindows
    repeats: tuple[RepeatedPlan, ...]


async def preview(repository: Repository, actor: Actor, *, contract_id: UUID, draft: PlanDraft) -> Previewed:
    """The windows that publishing would create, and the plans that have its work already; nothing is recorded."""
    contract, points = await _contract_and_points(repository, actor, contract_id)
    others = await repository.plans_of_contract(contract_id)
    filing = await repository.filed.filing(contract.operator_id)
    planned = plan_windows(draft, contract, points, filing, repository.today())
    return Previewed(planned, repeated_plans(draft, others, points))


async def publish(
    repository: Repository,
    context: CommandContext,
    *,
    contract_id: UUID,
    draft: PlanDraft,
    gaps_reason: str,
) -> tuple[Receipt, tuple[Problem, ...]]:
    """The receipt, and the notes for the plan's author."""
    contract, points = await _contract_and_points(repository, context.meta.actor, contract_id)
    plan_id, today = new_id(context.meta.command_id, PLAN.noun), repository.today()
    filing = await repository.filed.filing(contract.operator_id)
    command = PublishPlan(
        plan_id=plan_id,
        contract=contract,
        draft=draft,
        points=points,
        filing=filing,
        gaps_reason=gaps_reason,
        today=today,
    )
    receipt = await handle(repository.store, PLAN, PLAN.stream(plan_id), command, context, begins=True)
    others = await repository.plans_of_contract(contract_id, but=plan_id)
    repeats = repeated_plans(draft, others, points)
    notes = plan_windows(draft, contract, points, filing, today).notes
    return receipt, (*notes, *(repeated.note for repeated in repeats))


async def change_crew(
    repository: Repository,
    context: CommandContext,
    plan_id: UUID,
    *,
    assignees: tuple[Assignee, ...],
    devices: tuple[Device, ...],
    reason: str,
    gaps_reason: str,
) -> tuple[Receipt, tuple[Problem, ...]]:
    """The receipt, and the notes for the plan's author."""
    operator_id = await _require_own(repository, context, plan_id)
    filing = await repository.filed.filing(operator_id)
    command = ChangeCrew(
        plan_id=plan_id,
        assignees=assignees,
        devices=devices,
        reason=reason,
        filing=filing,
        gaps_reason=gaps_reason,
        today=repository.today(),
    )
    receipt = await handle(repository.store, PLAN, PLAN.stream(plan_id), command, context)
    return receipt, tuple(staffing.notes(staffed(assignees, devices, filing), filing))


async def stop(
    repository: Repository, context: CommandContext, plan_id: UUID, *, last_day: date, reason: str
) -> Receipt:
    await _require_own(repository, context, plan_id)
    command = StopPlan(plan_id=plan_id, last_day=last_day, reason=reason, today=repository.today())
    return await handle(repository.store, PLAN, PLAN.stream(plan_id), command, context)


async def _contract_and_points(
    repository: Repository, actor: Actor, contract_id: UUID
) -> tuple[Agreement, tuple[MonitoringPointCopy, ...]]:
    """The operator's own contract and the points of its enterprise. Raises `Missing` or `Refused`."""
    policy.operator_of("write-plan", actor)
    contract = (await repository.contract(contract_id, actor)).agreement()
    return contract, (await repository.enterprise(contract.enterprise_id)).points


async def _require_own(repository: Repository, context: CommandContext, plan_id: UUID) -> UUID:
    """The operator whose plan it is."""
    operator_id = policy.operator_of("write-plan", context.meta.actor)
    await repository.require_own_plan(plan_id, operator_id)
    return operator_id
