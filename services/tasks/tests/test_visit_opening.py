"""现场运维: how a visit is opened, by which operator, and under which contract."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from qingyuan_events.tasks import (
    BackfillV2,
    CycleRef,
    Obstruction,
    VisitAborted,
    VisitBackfilledV2,
    VisitObstructed,
    VisitPhotoAdded,
)
from qingyuan_runtime.domain.testing import given
from tasks.domain.visits.commands import (
    AddPhoto,
    Opening,
    VisitCommand,
)
from tasks.domain.visits.decider import VISIT as VISITS
from tasks.domain.visits.state import VisitFacts
from visit_facts import (
    BY,
    HEADER,
    abort,
    backfill,
    contract_of,
    event_types,
    obstruction,
    opened,
    recorded,
    signed_in,
    signed_out,
    with_opening,
)
from visit_samples import (
    COMPANION,
    ELSEWHERE,
    MORNING,
    PLAN,
    RECEIVED,
    TECHNICIAN,
    contract,
    opening,
    photo,
    record,
    sign_in,
    sign_out,
)


@pytest.mark.parametrize(
    ("command", "fact"),
    [
        (sign_in, signed_in),
        (record(), recorded),
        (
            AddPhoto(opening=opening, photo=photo()),
            VisitPhotoAdded(**HEADER, photo=photo(), by=TECHNICIAN, received_at=RECEIVED),
        ),
        (sign_out(), signed_out),
        (
            backfill,
            VisitBackfilledV2(
                **HEADER, backfill=BackfillV2(**BY, reason_class="signal", explanation="地下泵房没有信号")
            ),
        ),
        (obstruction, VisitObstructed(**HEADER, obstruction=Obstruction(**BY, what="门卫不让进入"))),
        (abort, VisitAborted(**HEADER, **BY, reason="突发暴雨")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_any_command_may_open_the_visit_and_its_repeat_adds_nothing(
    command: VisitCommand, fact: VisitFacts
) -> None:
    given(VISITS).when(command).then(opened, fact)
    later = with_opening(command, by=COMPANION, received_at=RECEIVED + timedelta(days=1))
    given(VISITS, opened, fact).when(later).then()


def test_a_visit_needs_a_contract_that_covers_the_point_on_the_local_day() -> None:
    def at(moment: datetime) -> Opening:
        return replace(opening, claimed_at=moment, received_at=moment)

    last_second = datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)
    assert event_types(replace(sign_in, opening=at(last_second))) == ["visit.opened", "visit.signed_in"]
    for changes in (
        at(last_second + timedelta(seconds=1)),
        at(datetime(2025, 12, 31, 15, 59, tzinfo=UTC)),
        replace(opening, contract=None, contract_id=None),
        replace(opening, contract=contract_of(UUID(int=77))),
        replace(opening, contract=replace(contract, points=(ELSEWHERE,))),
        replace(opening, contract=replace(contract, status="ended", ended_on=date(2026, 11, 23))),
    ):
        given(VISITS).when(replace(sign_in, opening=changes)).refused("point.not-contracted")


def test_a_visit_begins_under_a_confirmed_contract_and_goes_on_whatever_becomes_of_it() -> None:
    asked = replace(contract, status="submitted", points=())
    given(VISITS).when(with_opening(sign_in, contract=asked)).refused("contract.unconfirmed")
    over = replace(contract, status="ended", ended_on=date(2026, 11, 23))
    for later in (asked, over):
        given(VISITS, opened).when(with_opening(sign_in, contract=later)).then(_signed_in())


def _signed_in() -> VisitFacts:
    return VISITS.decide(sign_in, VISITS.fold((opened,)))[0]


def test_a_visit_counts_for_windows_of_its_own_operators_plans_at_its_point() -> None:
    own = opening.plans[PLAN]
    for plans, cycle in (
        ({}, opening.cycles[0]),
        ({PLAN: replace(own, operator_id=UUID(int=77))}, opening.cycles[0]),
        ({PLAN: replace(own, points=frozenset({ELSEWHERE}))}, opening.cycles[0]),
        (opening.plans, CycleRef(plan_id=PLAN, item=1, number=1)),
        (opening.plans, CycleRef(plan_id=PLAN, item=0, number=5)),
    ):
        changes = with_opening(sign_in, plans=plans, cycles=(cycle,))
        given(VISITS).when(changes).refused("command.invalid", "opening.cycles.0")


def test_another_operators_command_on_the_visit_is_refused() -> None:
    foreign = UUID(int=77)
    command = with_opening(record(), operator_id=foreign, contract=contract_of(foreign))
    given(VISITS, opened).when(command).refused("visit.missing")


def test_a_command_with_a_different_opening_is_refused() -> None:
    for changed in (
        {"contract_id": ELSEWHERE},
        {"cycles": ()},
        {"claimed_at": MORNING - timedelta(seconds=1)},
    ):
        given(VISITS, opened).when(with_opening(record(), **changed)).refused("opening.differs")


def test_all_facts_of_a_visit_name_the_district_of_its_opening() -> None:
    moved = replace(opening.point, district="310113")
    facts = given(VISITS, opened).when(with_opening(record(), point=moved)).facts
    assert [fact.district for fact in facts] == ["310118"]
