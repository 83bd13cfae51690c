"""Finds published plans that already have work of a draft: same content, same point, common days. A warning, no refusal.

An operator may plan more of a kind of work at a point on purpose, but one visit then fulfils the windows of both plans.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from qingyuan_events.tasks import PlanPublishedV2
from qingyuan_runtime.domain.decider import Problem
from qingyuan_standards.contents import CONTENTS

from tasks.domain.plans.draft import PlanDraft
from tasks.domain.plans.state import PlanState
from tasks.domain.register import MonitoringPointCopy

NAMED_POINTS: Final = 3
"""A sentence names so many points; a plan may have a hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedPlan:
    plan_id: UUID
    name: str
    note: Problem


def repeated_plans(
    draft: PlanDraft, others: Iterable[PlanState], points: tuple[MonitoringPointCopy, ...]
) -> tuple[RepeatedPlan, ...]:
    """`others`: plans of the same operator, as they stand; `points`: the registered points of the enterprise."""
    names = {point.point_id: point.name for point in points}
    return tuple(repeated for other in others for repeated in _repeated(draft, other, names))


def _repeated(draft: PlanDraft, other: PlanState, names: Mapping[UUID, str]) -> Iterator[RepeatedPlan]:
    plan = other.published
    if plan is None:
        return
    last_day = min(plan.last_day, other.stopped_after or plan.last_day)
    common = [point for point in draft.points if point in plan.points]
    contents = _common_contents(draft, plan)
    if common and contents and draft.first_day <= last_day and plan.first_day <= draft.last_day:
        sentence = (
            f"计划“{plan.name}”（{plan.first_day} 至 {last_day}）在{_named(common, names)}"
            f"已有{'、'.join(contents)}，日期重叠，请核对是否重复。"
        )
        note = Problem("items", "repeats", sentence)
        yield RepeatedPlan(plan_id=plan.plan_id, name=plan.name, note=note)


def _common_contents(draft: PlanDraft, plan: PlanPublishedV2) -> list[str]:
    """The names of what both have, each once, in the order of the draft."""
    theirs = {item.content for item in plan.items}
    ours = dict.fromkeys(item.content for item in draft.items if item.content in theirs)
    return [CONTENTS[code].name for code in ours if code in CONTENTS]


def _named(points: list[UUID], names: Mapping[UUID, str]) -> str:
    named = "、".join(f"“{names.get(point, '')}”" for point in points[:NAMED_POINTS])
    return f"测点{named}" if len(points) <= NAMED_POINTS else f"测点{named}等 {len(points)} 个测点"
