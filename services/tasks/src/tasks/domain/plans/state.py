"""The state of a plan: what was published, who does the work now, and whether it was stopped."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from qingyuan_events.tasks import (
    Assignee,
    Device,
    PlanCrewChanged,
    PlanPublished,
    PlanStopped,
)
from qingyuan_runtime.domain.decider import Refused

PlanFact = PlanPublished | PlanCrewChanged | PlanStopped


@dataclass(frozen=True, slots=True)
class PlanState:
    """`published` is None before the plan exists. `stopped_after`: windows that open later are no longer due."""

    published: PlanPublished | None = None
    assignees: tuple[Assignee, ...] = ()
    devices: tuple[Device, ...] = ()
    stopped_after: date | None = None
    crews: int = 1

    def in_force(self) -> PlanPublished:
        """The published plan. Raises `Refused` when there is none, or it was stopped."""
        if self.published is None:
            raise Refused("plan.missing", "没有找到要操作的对象，或您无权查看。")
        if self.stopped_after is not None:
            raise Refused("plan.stopped", f"该计划已于 {self.stopped_after} 终止，不能再修改。")
        return self.published


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOutline:
    """Whose plan it is, where it is carried out, and how many windows each of its items has."""

    operator_id: UUID
    points: frozenset[UUID]
    windows: tuple[int, ...]


def evolve(state: PlanState, fact: PlanFact) -> PlanState:
    match fact:
        case PlanPublished():
            return PlanState(fact, fact.assignees, fact.devices)
        case PlanCrewChanged():
            crews = state.crews + 1
            return replace(state, assignees=fact.assignees, devices=fact.devices, crews=crews)
        case PlanStopped():
            return replace(state, stopped_after=fact.last_day)
