"""运维计划: published once, with the windows that follow from its rules; its crew may change and it may be stopped."""

from collections.abc import Iterator
from typing import Final

from qingyuan_events.tasks import (
    PlanCrewChangedV2,
    PlanPublishedV2,
    PlanStopped,
)
from qingyuan_runtime.domain.decider import Decider, Problem, Refused
from qingyuan_runtime.domain.problems import refuse
from qingyuan_standards.calendar import CALENDAR

from tasks.domain import checks
from tasks.domain.plans.commands import ChangeCrew, PlanCommand, PublishPlan, StopPlan
from tasks.domain.plans.crew import problems
from tasks.domain.plans.gaps import FoundGap, deadlines, gaps_of, reason_problems
from tasks.domain.plans.staffing import Crew, staffed
from tasks.domain.plans.state import PlanFact, PlanState, evolve
from tasks.domain.plans.windows import last_deadline, plan_windows

NOUN: Final = "plan"
MAX_CREWS: Final = 200


def decide(command: PlanCommand, state: PlanState) -> tuple[PlanFact, ...]:
    match command:
        case PublishPlan():
            return (_publish(command, state),)
        case ChangeCrew():
            return (_change_crew(command, state),)
        case StopPlan():
            return (_stop(command, state),)


def _publish(command: PublishPlan, state: PlanState) -> PlanPublishedV2:
    if state.published is not None:
        raise Refused("plan.exists", "该计划已发布，不能重复发布。")
    contract, draft = command.contract, command.draft
    planned = plan_windows(draft, contract, command.points, command.filing, command.today)
    refuse(iter((*planned.problems, *reason_problems(planned.gaps, command.gaps_reason))))
    return PlanPublishedV2(
        plan_id=command.plan_id,
        contract_id=contract.contract_id,
        operator_id=contract.operator_id,
        enterprise_id=contract.enterprise_id,
        district=contract.district,
        name=draft.name,
        points=draft.points,
        assignees=planned.crew.assignees,
        devices=planned.crew.devices,
        first_day=draft.first_day,
        last_day=draft.last_day,
        items=planned.items,
        calendar=CALENDAR.version,
        gaps=tuple(found.gap for found in planned.gaps),
        gaps_reason=command.gaps_reason if planned.gaps else None,
    )


def _change_crew(command: ChangeCrew, state: PlanState) -> PlanCrewChangedV2:
    plan = state.in_force()
    crew = staffed(command.assignees, command.devices, command.filing)
    if (crew.assignees, crew.devices) == (state.assignees, state.devices):
        raise Refused("plan.crew-unchanged", "人员和设备没有任何改动，无需提交。")
    if state.crews >= MAX_CREWS:
        raise Refused("plan.full", f"一份计划的人员和设备最多调整 {MAX_CREWS} 次，请终止后另行发布。")
    # Whoever comes now is not asked about windows that have closed before.
    gaps = tuple(gaps_of(crew, command.filing, deadlines(plan.items, command.today)))
    refuse(_crew_problems(command, crew, gaps, plan))
    return PlanCrewChangedV2(
        plan_id=command.plan_id,
        operator_id=plan.operator_id,
        enterprise_id=plan.enterprise_id,
        district=plan.district,
        assignees=crew.assignees,
        devices=crew.devices,
        reason=command.reason,
        gaps=tuple(found.gap for found in gaps),
        gaps_reason=command.gaps_reason if gaps else None,
    )


def _crew_problems(
    command: ChangeCrew, crew: Crew, gaps: tuple[FoundGap, ...], plan: PlanPublishedV2
) -> Iterator[Problem]:
    yield from problems(crew, last_deadline(plan.items))
    yield from checks.line("reason", command.reason)
    yield from reason_problems(gaps, command.gaps_reason)


def _stop(command: StopPlan, state: PlanState) -> PlanStopped:
    plan = state.in_force()
    refuse(_stopping_problems(command, plan))
    return PlanStopped(
        plan_id=command.plan_id,
        operator_id=plan.operator_id,
        enterprise_id=plan.enterprise_id,
        district=plan.district,
        last_day=command.last_day,
        reason=command.reason,
    )


def _stopping_problems(command: StopPlan, plan: PlanPublishedV2) -> Iterator[Problem]:
    # Windows that closed before today stay: stopping a plan must not hide missed work.
    if command.last_day < command.today:
        yield Problem("last_day", "not-past", "终止日期不能早于今天：已到期的周期不能取消。")
    elif command.last_day >= plan.last_day:
        yield Problem("last_day", "before-end", f"终止日期应早于计划的结束日期 {plan.last_day}。")
    yield from checks.line("reason", command.reason)


def _parent(fact: PlanFact) -> str | None:
    return f"contract-{fact.contract_id}" if isinstance(fact, PlanPublishedV2) else None


PLAN: Decider[PlanCommand, PlanState, PlanFact] = Decider(
    noun=NOUN, initial=PlanState(), decide=decide, evolve=evolve, parent=_parent
)
