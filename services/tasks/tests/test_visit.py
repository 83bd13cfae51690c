"""现场运维: what each command adds, in every state, and what is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from qingyuan_events.content import sha256
from qingyuan_events.tasks import (
    Backfill,
    CycleRef,
    Judged,
    Obstruction,
    SignIn,
    SignOut,
    VisitAborted,
    VisitAmended,
    VisitBackfilled,
    VisitCompleted,
    VisitObstructed,
    VisitOpened,
    VisitPhotoAdded,
    VisitSheetCorrected,
    VisitSheetRecorded,
    VisitSignedIn,
    VisitSignedOut,
)
from qingyuan_runtime.domain.testing import given
from tasks.domain.contracts.state import ContractState
from tasks.domain.visits.commands import (
    AbortVisit,
    AddPhoto,
    DeclareBackfill,
    Opening,
    ReportObstruction,
    VisitCommand,
)
from tasks.domain.visits.decider import VISIT as VISITS
from tasks.domain.visits.parts import MAX_PHOTOS, MAX_REVISIONS
from tasks.domain.visits.state import VisitFacts
from visit_samples import (
    COMPANION,
    CONTRACT,
    ELSEWHERE,
    ENTERPRISE,
    FIRST,
    MORNING,
    OPERATOR,
    OTHER_PHOTO,
    OTHER_SHEET,
    OUTLET,
    PHOTO,
    PLAN,
    POINT,
    RECEIVED,
    SECOND,
    TECHNICIAN,
    THIRD,
    VISIT,
    contract,
    file,
    happened,
    near,
    opening,
    photo,
    record,
    sheet,
    sign_in,
    sign_out,
    signature,
)

WHERE: dict[str, Any] = {
    "visit_id": VISIT,
    "operator_id": OPERATOR,
    "enterprise_id": ENTERPRISE,
    "outlet_id": OUTLET,
    "point_id": POINT,
    "district": "310118",
}
BY: dict[str, Any] = {"by": TECHNICIAN, "claimed_at": MORNING, "received_at": RECEIVED}
opened = VisitOpened(**WHERE, **BY, contract_id=CONTRACT, cycles=opening.cycles)
here = Judged(distance_m=Decimal("10.0"), radius_m=Decimal(200))
signed_in = VisitSignedIn(**WHERE, sign_in=SignIn(**BY, companions=(COMPANION,), fix=near(), judged=here))
recorded = VisitSheetRecorded(**WHERE, sheet=sheet())
signed_out = VisitSignedOut(
    **WHERE,
    sign_out=SignOut(**BY, fix=near(), judged=here, sheets=(FIRST,), photos=(), signature=signature),
)
backfill = DeclareBackfill(
    opening=opening, reason_class="signal", explanation="地下泵房没有信号", claimed_at=MORNING
)
obstruction = ReportObstruction(opening=opening, what="门卫不让进入", claimed_at=MORNING)
abort = AbortVisit(opening=opening, reason="突发暴雨", claimed_at=MORNING)
whole = happened(sign_in, record(), sign_out())


def of(facts: list[VisitFacts]) -> str:
    return VISITS.fold(facts).content_sha256()


def event_types(command: VisitCommand, *facts: VisitFacts) -> list[str]:
    """The types of the events that the command leads to."""
    return [fact.type.removesuffix(".v1") for fact in given(VISITS, *facts).when(command).facts]


def with_opening(command: Any, **changed: Any) -> Any:
    return replace(command, opening=replace(command.opening, **changed))


# Opening


@pytest.mark.parametrize(
    ("command", "fact"),
    [
        (sign_in, signed_in),
        (record(), recorded),
        (
            AddPhoto(opening=opening, photo=photo()),
            VisitPhotoAdded(**WHERE, photo=photo(), by=TECHNICIAN, received_at=RECEIVED),
        ),
        (sign_out(), signed_out),
        (
            backfill,
            VisitBackfilled(
                **WHERE, backfill=Backfill(**BY, reason_class="signal", explanation="地下泵房没有信号")
            ),
        ),
        (obstruction, VisitObstructed(**WHERE, obstruction=Obstruction(**BY, what="门卫不让进入"))),
        (abort, VisitAborted(**WHERE, **BY, reason="突发暴雨")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_comes_first_opens_the_visit_and_coming_again_adds_nothing(
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
        replace(opening, contract=of_another(UUID(int=77))),
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


def of_another(operator_id: UUID) -> ContractState:
    assert contract.submitted
    return replace(contract, submitted=contract.submitted.model_copy(update={"operator_id": operator_id}))


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


def test_a_visit_is_its_operators_and_nobody_elses() -> None:
    foreign = UUID(int=77)
    command = with_opening(record(), operator_id=foreign, contract=of_another(foreign))
    given(VISITS, opened).when(command).refused("visit.missing")


def test_every_command_says_the_same_of_the_visit() -> None:
    for changed in (
        {"contract_id": ELSEWHERE},
        {"cycles": ()},
        {"claimed_at": MORNING - timedelta(seconds=1)},
    ):
        given(VISITS, opened).when(with_opening(record(), **changed)).refused("opening.differs")


def test_all_facts_of_a_visit_speak_of_the_district_it_was_opened_in() -> None:
    moved = replace(opening.point, district="310113")
    facts = given(VISITS, opened).when(with_opening(record(), point=moved)).facts
    assert [fact.district for fact in facts] == ["310118"]


# Parts


@pytest.mark.parametrize(
    ("first", "other", "code"),
    [
        (sign_in, replace(sign_in, claimed_at=MORNING + timedelta(seconds=1)), "sign-in.second"),
        (sign_in, replace(sign_in, fix=None), "sign-in.second"),
        (sign_out(), sign_out(photos=[PHOTO]), "sign-out.second"),
        (record(), record(flow_total="17"), "revision.reused"),
        (record(), record(sheet_id=OTHER_SHEET), "revision.reused"),
        (
            AddPhoto(opening=opening, photo=photo()),
            AddPhoto(opening=opening, photo=photo().model_copy(update={"original": file("other")})),
            "photo.reused",
        ),
        (backfill, replace(backfill, reason_class="safety"), "backfill.second"),
        (obstruction, replace(obstruction, what="断电"), "obstruction.second"),
        (abort, replace(abort, reason="生病"), "visit.aborted"),
    ],
)
def test_another_thing_in_its_place_is_refused(first: VisitCommand, other: VisitCommand, code: str) -> None:
    given(VISITS, *happened(first)).when(other).refused(code)


def test_places_and_times_are_marked_and_never_refused() -> None:
    nowhere = replace(opening, point=replace(opening.point, location=None))
    tomorrow = replace(opening, received_at=datetime(2026, 11, 24, 16, 0, tzinfo=UTC))
    for command, marks in (
        (sign_in, ()),
        (replace(sign_in, fix=near(1_000)), ("outside_fence",)),
        (replace(sign_in, fix=None), ("no_fix",)),
        (replace(sign_in, opening=nowhere), ("no_location",)),
        (replace(sign_in, fix=near(accuracy_m="500")), ("poor_accuracy",)),
        (replace(sign_in, claimed_at=MORNING + timedelta(hours=1)), ("clock_skew",)),
        (replace(sign_in, opening=tomorrow), ("received_late",)),
    ):
        *_, fact = given(VISITS).when(command).facts
        assert isinstance(fact, VisitSignedIn)
        assert fact.sign_in.judged.marks == marks


# Completion


def test_the_command_that_makes_it_whole_completes_it() -> None:
    completed = VisitCompleted(
        **WHERE,
        day=date(2026, 11, 24),
        contents=("patrol",),
        content_sha256=of([opened, signed_in, recorded, signed_out]),
    )
    given(VISITS, opened, signed_in, recorded).when(sign_out()).then(signed_out, completed)
    given(VISITS, opened, signed_out, recorded).when(sign_in).then(signed_in, completed)
    given(VISITS, opened, signed_in, signed_out).when(record()).then(recorded, completed)


def test_it_waits_for_everything_the_signing_out_names() -> None:
    out = sign_out(sheets=[FIRST, SECOND], photos=[PHOTO, OTHER_PHOTO])
    facts = happened(sign_in, out, record(), AddPhoto(opening=opening, photo=photo()))
    assert event_types(AddPhoto(opening=opening, photo=photo(OTHER_PHOTO)), *facts) == ["visit.photo_added"]
    facts += happened_after(facts, AddPhoto(opening=opening, photo=photo(OTHER_PHOTO)))
    assert event_types(record(SECOND, FIRST, flow_total="17"), *facts) == [
        "visit.sheet_recorded",
        "visit.completed",
    ]


def happened_after(facts: list[VisitFacts], command: VisitCommand) -> tuple[VisitFacts, ...]:
    return VISITS.decide(command, VISITS.fold(facts))


def test_the_day_is_that_of_the_signing_out_as_claimed_in_shanghai() -> None:
    def day(claimed: datetime, received: datetime) -> date:
        late = replace(sign_out(), claimed_at=claimed, opening=replace(opening, received_at=received))
        *_, completed = happened(sign_in, record(), late)
        assert isinstance(completed, VisitCompleted)
        return completed.day

    midnight = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert day(midnight, midnight) == date(2026, 11, 25)
    assert day(midnight - timedelta(seconds=1), midnight + timedelta(days=31)) == date(2026, 12, 26)
    assert day(midnight - timedelta(seconds=1), midnight + timedelta(days=30)) == date(2026, 11, 24)
    assert day(midnight, midnight - timedelta(seconds=1)) == date(2026, 11, 24)


def test_an_obstructed_visit_completes_without_a_sheet() -> None:
    facts = happened(sign_in, obstruction)
    assert event_types(sign_out(sheets=[]), *facts) == ["visit.signed_out", "visit.completed"]


def test_an_aborted_visit_keeps_what_still_arrives_and_never_completes() -> None:
    facts = happened(sign_in, abort, record())
    assert event_types(sign_out(), *facts) == ["visit.signed_out"]
    assert event_types(AddPhoto(opening=opening, photo=photo()), *facts) == ["visit.photo_added"]


def test_a_complete_visit_cannot_be_aborted() -> None:
    given(VISITS, *whole).when(abort).refused("visit.completed")


# Afterwards


def test_a_correction_has_a_reason_and_amends() -> None:
    given(VISITS, *whole).when(record(SECOND, FIRST)).refused("reason.required", "sheet.reason")
    correction = record(SECOND, FIRST, reason="流量抄错", flow_total="17")
    corrected = VisitSheetCorrected(**WHERE, sheet=correction.sheet)
    amended = VisitAmended(
        **WHERE, contents=("patrol",), content_sha256=of([*whole, corrected]), cause="sheet_corrected"
    )
    given(VISITS, *whole).when(correction).then(corrected, amended)


def test_what_arrives_later_amends() -> None:
    assert event_types(record(SECOND, sheet_id=OTHER_SHEET), *whole) == [
        "visit.sheet_recorded",
        "visit.amended",
    ]
    for command in (AddPhoto(opening=opening, photo=photo()), backfill, obstruction):
        *_, amended = given(VISITS, *whole).when(command).facts
        assert isinstance(amended, VisitAmended)
        assert amended.cause == "added_later"


def test_a_late_revision_that_was_overtaken_long_ago_needs_no_reason_and_amends_nothing() -> None:
    facts = happened(sign_in, record(THIRD, SECOND), sign_out(sheets=[THIRD]))
    assert event_types(record(SECOND, FIRST), *facts) == ["visit.sheet_recorded"]


def test_two_heads_do_not_keep_it_from_completing_and_a_third_settles_them() -> None:
    facts = happened(
        sign_in, record(FIRST), record(SECOND, FIRST), record(THIRD, FIRST), sign_out(sheets=[SECOND])
    )
    state = VISITS.fold(facts)
    assert state.completed
    assert {head.revision_id for head in state.heads()} == {SECOND, THIRD}
    settled = happened_after(facts, record(ELSEWHERE, SECOND, THIRD, reason="以现场纸质记录为准"))
    state = VISITS.fold([*facts, *settled])
    assert [head.revision_id for head in state.heads()] == [ELSEWHERE]
    assert state.announced == sha256(state.content())


def test_photographs_and_revisions_without_end_are_refused() -> None:
    """Each command reads the whole visit, so a visit with a hundred thousand parts would delay all others."""
    number = iter(range(10**6, 10**7))
    photos = (VisitPhotoAdded(**WHERE, photo=photo(UUID(int=next(number))), by=TECHNICIAN, received_at=RECEIVED)
              for _ in range(MAX_PHOTOS))  # fmt: skip
    given(VISITS, opened, *photos).when(AddPhoto(opening=opening, photo=photo(OTHER_PHOTO))).refused(
        "visit.full"
    )
    kept = sheet()
    revisions = (
        VisitSheetRecorded(**WHERE, sheet=kept.model_copy(update={"revision_id": UUID(int=next(number))}))
        for _ in range(MAX_REVISIONS)
    )
    given(VISITS, opened, *revisions).when(record()).refused("visit.full")
