"""运维计划: published once, with the windows its rules came to; its crew may change and it may be stopped."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from qingyuan_events.tasks import (
    Assignee,
    Device,
    PlanCrewChanged,
    PlanPublished,
    PlanStopped,
)
from qingyuan_runtime.domain.decider import Decider, Problem, Refused
from qingyuan_standards.calendar import CALENDAR

from tasks.domain import checks, plan_crew
from tasks.domain.contract_state import Agreement
from tasks.domain.plan_laying import PlanDraft, last_deadline, lay
from tasks.places.place import Place

NOUN: Final = "plan"
CREWS_MOST: Final = 200
PlanFact = PlanPublished | PlanCrewChanged | PlanStopped


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPlan:
    """`places` are the points of the draft, as far as the register knows them."""

    plan_id: UUID
    contract: Agreement
    draft: PlanDraft
    places: tuple[Place, ...]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCrew:
    plan_id: UUID
    assignees: tuple[Assignee, ...]
    devices: tuple[Device, ...]
    reason: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPlan:
    plan_id: UUID
    last_day: date
    reason: str
    today: date


PlanCommand = PublishPlan | ChangeCrew | StopPlan


@dataclass(frozen=True, slots=True)
class PlanState:
    """`published` None: there is no such plan. `stopped_after`: windows that open later are no longer due."""

    published: PlanPublished | None = None
    assignees: tuple[Assignee, ...] = ()
    devices: tuple[Device, ...] = ()
    stopped_after: date | None = None
    crews: int = 1

    def going_on(self) -> PlanPublished:
        """The plan that may still change. Raises `Refused`."""
        if self.published is None:
            raise Refused("plan.missing", "没有找到要操作的对象，或您无权查看。")
        if self.stopped_after is not None:
            raise Refused("plan.stopped", f"该计划已于 {self.stopped_after} 终止，不能再修改。")
        return self.published


def decide(command: PlanCommand, state: PlanState) -> tuple[PlanFact, ...]:
    match command:
        case PublishPlan():
            return (_publish(command, state),)
        case ChangeCrew():
            return (_change_crew(command, state),)
        case StopPlan():
            return (_stop(command, state),)


def _publish(command: PublishPlan, state: PlanState) -> PlanPublished:
    if state.published is not None:
        raise Refused("plan.exists", "该计划已发布，不能重复发布。")
    contract, draft = command.contract, command.draft
    laid = lay(draft, contract, command.places, command.today)
    checks.refuse(iter(laid.problems))
    return PlanPublished(
        plan_id=command.plan_id,
        contract_id=contract.contract_id,
        operator_id=contract.operator_id,
        enterprise_id=contract.enterprise_id,
        district=contract.district,
        name=draft.name,
        points=draft.points,
        assignees=draft.assignees,
        devices=draft.devices,
        first_day=draft.first_day,
        last_day=draft.last_day,
        items=laid.items,
        calendar=CALENDAR.version,
    )


def _change_crew(command: ChangeCrew, state: PlanState) -> PlanCrewChanged:
    plan = state.going_on()
    if (command.assignees, command.devices) == (state.assignees, state.devices):
        raise Refused("plan.crew-unchanged", "人员和设备没有任何改动，无需提交。")
    if state.crews >= CREWS_MOST:
        raise Refused("plan.full", f"一份计划的人员和设备最多调整 {CREWS_MOST} 次，请终止后另行发布。")
    checks.refuse(_crew_problems(command, plan))
    return PlanCrewChanged(
        plan_id=command.plan_id,
        operator_id=plan.operator_id,
        enterprise_id=plan.enterprise_id,
        district=plan.district,
        assignees=command.assignees,
        devices=command.devices,
        reason=command.reason,
    )


def _crew_problems(command: ChangeCrew, plan: PlanPublished) -> Iterator[Problem]:
    yield from plan_crew.problems(command.assignees, command.devices, last_deadline(plan.items))
    yield from checks.line("reason", command.reason)


def _stop(command: StopPlan, state: PlanState) -> PlanStopped:
    plan = state.going_on()
    checks.refuse(_stopping_problems(command, plan))
    return PlanStopped(
        plan_id=command.plan_id,
        operator_id=plan.operator_id,
        enterprise_id=plan.enterprise_id,
        district=plan.district,
        last_day=command.last_day,
        reason=command.reason,
    )


def _stopping_problems(command: StopPlan, plan: PlanPublished) -> Iterator[Problem]:
    # What was due before today stays due: stopping must not make missed work disappear.
    if command.last_day < command.today:
        yield Problem("last_day", "not-past", "终止日期不能早于今天：已到期的周期不能取消。")
    elif command.last_day >= plan.last_day:
        yield Problem("last_day", "before-end", f"终止日期应早于计划的结束日期 {plan.last_day}。")
    yield from checks.line("reason", command.reason)


def evolve(state: PlanState, fact: PlanFact) -> PlanState:
    match fact:
        case PlanPublished():
            return PlanState(fact, fact.assignees, fact.devices)
        case PlanCrewChanged():
            crews = state.crews + 1
            return replace(state, assignees=fact.assignees, devices=fact.devices, crews=crews)
        case PlanStopped():
            return replace(state, stopped_after=fact.last_day)


def _parent(fact: PlanFact) -> str | None:
    return f"contract-{fact.contract_id}" if isinstance(fact, PlanPublished) else None


PLAN: Decider[PlanCommand, PlanState, PlanFact] = Decider(
    noun=NOUN, initial=PlanState(), decide=decide, evolve=evolve, parent=_parent
)
