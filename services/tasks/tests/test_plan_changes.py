"""运维计划 after it is published: its crew changes, and it is stopped."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from plan_samples import (
    ACCOUNT,
    ENTERPRISE,
    OPERATOR,
    PLAN_ID,
    TODAY,
    published,
)
from qingyuan_events.tasks import AssigneeV2, PlanCrewChangedV2, PlanStopped
from qingyuan_runtime.domain.testing import given
from tasks.domain.filed import FilingCopy
from tasks.domain.plans.commands import ChangeCrew, StopPlan
from tasks.domain.plans.decider import MAX_CREWS, PLAN


def crew(**changes: Any) -> ChangeCrew:
    other = AssigneeV2(account=UUID(int=99), certificate_to=date(2026, 12, 14))
    return replace(
        ChangeCrew(
            plan_id=PLAN_ID,
            assignees=(other,),
            devices=(),
            reason="换班",
            filing=FilingCopy(),
            today=TODAY,
        ),
        **changes,
    )


def test_a_crew_change_is_recorded_and_an_unchanged_crew_is_refused() -> None:
    changed = PlanCrewChangedV2(
        plan_id=PLAN_ID,
        operator_id=OPERATOR,
        enterprise_id=ENTERPRISE,
        district="310118",
        assignees=crew().assignees,
        devices=(),
        reason="换班",
    )
    given(PLAN, published).when(crew()).then(changed)
    given(PLAN, published, changed).when(crew()).refused("plan.crew-unchanged")
    given(PLAN).when(crew()).refused("plan.missing")


def test_a_new_crew_is_checked_as_the_first_one() -> None:
    expired = AssigneeV2(account=ACCOUNT, certificate_to=date(2026, 12, 13))
    given(PLAN, published).when(crew(assignees=(expired,), reason="")).refused(
        "command.invalid", "assignees.0.certificate_to", "reason"
    )
    given(PLAN, published).when(crew(assignees=())).refused("command.invalid", "assignees")


stopped = PlanStopped(
    plan_id=PLAN_ID,
    operator_id=OPERATOR,
    enterprise_id=ENTERPRISE,
    district="310118",
    last_day=date(2026, 12, 7),
    reason="停产",
)


def test_a_plan_is_stopped_once_and_does_not_change_afterwards() -> None:
    stop = StopPlan(plan_id=PLAN_ID, last_day=date(2026, 12, 7), reason="停产", today=TODAY)
    given(PLAN, published).when(stop).then(stopped)
    given(PLAN, published, stopped).when(stop).refused("plan.stopped")
    given(PLAN, published, stopped).when(crew()).refused("plan.stopped")
    given(PLAN).when(stop).refused("plan.missing")


@pytest.mark.parametrize(
    ("last_day", "reason", "fields"),
    [
        (TODAY - timedelta(days=1), "停产", ["last_day"]),
        (date(2026, 12, 15), "停产", ["last_day"]),
        (TODAY, " ", ["reason"]),
    ],
)
def test_a_plan_is_not_stopped_in_the_past_nor_on_its_last_day_nor_without_a_reason(
    last_day: date, reason: str, fields: list[str]
) -> None:
    given(PLAN, published).when(
        StopPlan(plan_id=PLAN_ID, last_day=last_day, reason=reason, today=TODAY)
    ).refused("command.invalid", *fields)


def test_the_number_of_crew_changes_is_bounded_and_the_plan_can_still_be_stopped() -> None:
    changed = PLAN.decide(crew(), PLAN.fold((published,)))
    facts = [published, *(MAX_CREWS * changed)]
    others = crew(assignees=(), devices=())
    given(PLAN, *facts).when(replace(others, assignees=published.assignees)).refused("plan.full")
    assert (
        given(PLAN, *facts).when(StopPlan(plan_id=PLAN_ID, last_day=TODAY, reason="终止", today=TODAY)).facts
    )
