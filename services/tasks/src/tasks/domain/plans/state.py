"""The state of a plan: what was published, who does the work now, and whether it was stopped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from qingyuan_events.tasks import (
    AssigneeV2,
    CycleRef,
    DeviceV2,
    PlanCrewChangedV2,
    PlanPublishedV2,
    PlanStopped,
)
from qingyuan_runtime.domain.decider import Refused

PlanFact = PlanPublishedV2 | PlanCrewChangedV2 | PlanStopped


@dataclass(frozen=True, slots=True)
class PlanState:
    """`published` is None before the plan exists. `stopped_after`: windows that open later are no longer due."""

    published: PlanPublishedV2 | None = None
    assignees: tuple[AssigneeV2, ...] = ()
    devices: tuple[DeviceV2, ...] = ()
    stopped_after: date | None = None
    crews: int = 1

    def in_force(self) -> PlanPublishedV2:
        """The published plan. Raises `Refused` when there is none, or it was stopped."""
        if self.published is None:
            raise Refused("plan.missing", "没有找到要操作的对象，或您无权查看。")
        if self.stopped_after is not None:
            raise Refused("plan.stopped", f"该计划已于 {self.stopped_after} 终止，不能再修改。")
        return self.published


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOutline:
    """Whose plan it is, where it is carried out, how many windows each of its items has, and when these open.

    `opens` are ordinals of days, item by item: a plan may have thousands of windows, and thousands of plans are kept.
    """

    operator_id: UUID
    points: frozenset[UUID]
    windows: tuple[int, ...]
    opens: tuple[Sequence[int], ...] = ()

    def opens_on(self, cycle: CycleRef) -> date | None:
        """The first day of a window; None where the plan has no such window."""
        days = self.opens[cycle.item] if cycle.item < len(self.opens) else ()
        return date.fromordinal(days[cycle.number - 1]) if cycle.number <= len(days) else None


def evolve(state: PlanState, fact: PlanFact) -> PlanState:
    match fact:
        case PlanPublishedV2():
            return PlanState(fact, fact.assignees, fact.devices)
        case PlanCrewChangedV2():
            crews = state.crews + 1
            return replace(state, assignees=fact.assignees, devices=fact.devices, crews=crews)
        case PlanStopped():
            return replace(state, stopped_after=fact.last_day)
