"""补录: the real times of arrival and departure, which a person types and which are checked before they are kept."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from qingyuan_events.tasks import CycleRef, VisitBackfilledV2
from qingyuan_runtime.domain.decider import Invalid
from qingyuan_runtime.domain.testing import given
from tasks.domain.plans.state import PlanOutline
from tasks.domain.visits.commands import DeclareBackfill
from tasks.domain.visits.decider import VISIT as VISITS
from visit_calls import Phone
from visit_facts import backfill, happened_after, opened
from visit_samples import MORNING, OPERATOR, PLAN, POINT, RECEIVED, contract, happened, opening

ARRIVED, LEFT = MORNING - timedelta(days=1), MORNING - timedelta(hours=22)


def with_times(
    arrived_at: datetime | None, left_at: datetime | None, opens: date | None = None
) -> DeclareBackfill:
    days = ([opens.toordinal()],) if opens else ()
    outline = PlanOutline(operator_id=OPERATOR, points=frozenset({POINT}), windows=(1,), opens=days)
    here = replace(opening, cycles=(CycleRef(plan_id=PLAN, item=0, number=1),), plans={PLAN: outline})
    return replace(backfill, opening=here, arrived_at=arrived_at, left_at=left_at)


def refused(command: DeclareBackfill) -> tuple[str, list[tuple[str, str]]]:
    with pytest.raises(Invalid) as raised:
        VISITS.decide(command, VISITS.initial)
    return raised.value.code, [(problem.field, problem.rule) for problem in raised.value.problems]


def test_the_real_times_are_kept_with_the_reason() -> None:
    *_, fact = given(VISITS).when(with_times(ARRIVED, LEFT)).facts
    assert isinstance(fact, VisitBackfilledV2)
    assert (fact.backfill.arrived_at, fact.backfill.left_at) == (ARRIVED, LEFT)


def test_a_phone_of_before_states_none() -> None:
    *_, fact = given(VISITS).when(with_times(None, None)).facts
    assert isinstance(fact, VisitBackfilledV2)
    assert (fact.backfill.arrived_at, fact.backfill.left_at) == (None, None)


@pytest.mark.parametrize(
    ("arrived_at", "left_at", "opens", "problems"),
    [
        (ARRIVED, None, None, [("left_at", "required")]),
        (None, LEFT, None, [("arrived_at", "required")]),
        (LEFT, ARRIVED, None, [("left_at", "after-arrival")]),
        (LEFT, LEFT, None, [("left_at", "after-arrival")]),
        (ARRIVED, RECEIVED + timedelta(hours=1), None, [("left_at", "not-future")]),
        (ARRIVED, LEFT, MORNING.date(), [("arrived_at", "before-window")]),
    ],
)
def test_impossible_times_are_refused_at_their_field(
    arrived_at: datetime | None, left_at: datetime | None, opens: date | None, problems: list[Any]
) -> None:
    assert refused(with_times(arrived_at, left_at, opens)) == ("backfill.times", problems)


def test_the_first_day_of_the_window_and_a_clock_that_is_hardly_wrong_are_accepted() -> None:
    for command in (
        with_times(ARRIVED, LEFT, ARRIVED.date()),
        with_times(ARRIVED, RECEIVED + timedelta(seconds=30)),
    ):
        assert given(VISITS).when(command).facts


def test_a_window_opens_on_the_local_day() -> None:
    """01:00 in Shanghai is still the day before in UTC."""
    night = datetime(2026, 11, 22, 17, tzinfo=UTC)
    assert given(VISITS).when(with_times(night, night + timedelta(hours=1), date(2026, 11, 23))).facts


@pytest.mark.parametrize("ended", [False, True])
def test_nobody_arrives_before_the_contract_begins_also_where_no_window_is_named(ended: bool) -> None:
    """It begins on 2026-01-01, in Shanghai's time."""
    over = {"status": "ended", "ended_on": date(2026, 11, 23)} if ended else {}
    unplanned = replace(opening, cycles=(), plans={}, contract=replace(contract, **over))  # type: ignore[arg-type]
    first = datetime(2025, 12, 31, 16, tzinfo=UTC)

    def arriving(at: datetime) -> DeclareBackfill:
        return replace(backfill, opening=unplanned, arrived_at=at, left_at=LEFT)

    state = VISITS.fold([opened.model_copy(update={"cycles": ()})])
    for early in (datetime(2025, 3, 1, tzinfo=UTC), first - timedelta(seconds=1)):
        with pytest.raises(Invalid) as raised:
            VISITS.decide(arriving(early), state)
        (problem,) = raised.value.problems
        assert (problem.field, problem.rule) == ("arrived_at", "before-contract")
        assert "2026-01-01" in problem.sentence
    with pytest.raises(Invalid):
        VISITS.decide(arriving(datetime(1626, 11, 24, tzinfo=UTC)), state)
    assert VISITS.decide(arriving(first), state)


def test_where_there_is_no_contract_a_day_of_another_century_is_refused() -> None:
    """Only visits of before are without one; the log may hold some that are open."""
    without = replace(opening, cycles=(), plans={}, contract=None, contract_id=None)
    state = VISITS.fold([opened.model_copy(update={"cycles": (), "contract_id": None})])
    command = replace(backfill, opening=without, arrived_at=ARRIVED, left_at=LEFT)
    assert VISITS.decide(command, state)
    with pytest.raises(Invalid) as raised:
        VISITS.decide(replace(command, arrived_at=datetime(1626, 11, 24, tzinfo=UTC)), state)
    assert [problem.field for problem in raised.value.problems] == ["arrived_at"]


def test_other_times_are_another_statement() -> None:
    facts = happened(with_times(ARRIVED, LEFT))
    assert happened_after(facts, with_times(ARRIVED, LEFT)) == ()
    given(VISITS, *facts).when(with_times(ARRIVED, LEFT + timedelta(minutes=1))).refused("backfill.second")


async def test_the_fields_are_named_over_http(phone: Phone) -> None:
    times = {"arrived_at": "2026-11-24T02:00:00Z", "left_at": "2026-11-24T01:00:00Z"}
    answer = await phone.send("backfill", **times)
    assert (answer.status_code, answer.json()["code"]) == (422, "backfill.times")
    assert [error["field"] for error in answer.json()["errors"]][-1] == "left_at"
