"""A draft is told of plans that have its work already: same content, same point, common days."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from plan_samples import GAS, OPERATOR, PLAN_ID, SECOND, WATER, draft, gas, published, second, water, weekly
from qingyuan_events.tasks import PlanStopped
from qingyuan_runtime.domain.decider import Problem
from tasks.domain.plans.repeats import repeated_plans
from tasks.domain.plans.state import PlanFact, PlanState, evolve

PLACES = (water, gas, second)
NEXT_WEEK = {"first_day": date(2026, 12, 8), "last_day": date(2026, 12, 31)}


def notes(*facts: PlanFact, **changes: Any) -> list[Problem]:
    state = PlanState()
    for fact in facts:
        state = evolve(state, fact)
    return [found.note for found in repeated_plans(replace(draft, **changes), (state,), PLACES)]


def test_the_note_names_the_other_plan_its_days_the_points_and_the_work() -> None:
    (note,) = notes(published, points=(WATER, GAS), **NEXT_WEEK)
    assert (note.field, note.rule) == ("items", "repeats")
    assert note.sentence == (
        "计划“12 月运维计划”（2026-12-01 至 2026-12-15）在测点“污水总测点”已有日常巡检，日期重叠，请核对是否重复。"
    )


def test_many_points_are_counted_after_the_first_three() -> None:
    points = (WATER, SECOND, GAS, PLAN_ID)
    (note,) = notes(published.model_copy(update={"points": points}), points=points)
    assert "在测点“污水总测点”、“车间排口测点”、“1 号锅炉”等 4 个测点已有" in note.sentence


@pytest.mark.parametrize(
    "changes",
    [
        {"first_day": date(2026, 12, 16), "last_day": date(2026, 12, 31)},
        {"first_day": date(2026, 11, 1), "last_day": date(2026, 11, 30)},
        {"points": (GAS,)},
        {"items": (replace(weekly, content="calibration"),)},
    ],
)
def test_other_days_points_or_work_repeat_nothing(changes: dict[str, Any]) -> None:
    assert notes(published, **changes) == []


def test_a_stopped_plan_repeats_until_its_last_day_only() -> None:
    stopped = PlanStopped(
        plan_id=PLAN_ID,
        operator_id=OPERATOR,
        enterprise_id=published.enterprise_id,
        district="310118",
        last_day=date(2026, 12, 7),
        reason="停产",
    )
    assert notes(published, stopped, **NEXT_WEEK) == []
    (note,) = notes(published, stopped)
    assert "2026-12-01 至 2026-12-07" in note.sentence
