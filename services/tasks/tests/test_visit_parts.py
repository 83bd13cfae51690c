"""现场运维: the parts of a visit, when it is complete, and what amends it afterwards."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from qingyuan_events.content import sha256
from qingyuan_events.tasks import (
    VisitAmended,
    VisitCompleted,
    VisitPhotoAdded,
    VisitSheetCorrectedV3,
    VisitSheetRecordedV3,
    VisitSignedIn,
)
from qingyuan_runtime.domain.testing import given
from tasks.domain.visits.commands import (
    AddPhoto,
    VisitCommand,
)
from tasks.domain.visits.decider import VISIT as VISITS
from tasks.domain.visits.parts import MAX_PHOTOS, MAX_REVISIONS
from visit_facts import (
    HEADER,
    abort,
    backfill,
    complete,
    content_hash,
    event_types,
    happened_after,
    obstruction,
    opened,
    recorded,
    signed_in,
    signed_out,
)
from visit_samples import (
    ELSEWHERE,
    FIRST,
    MORNING,
    OTHER_PHOTO,
    OTHER_SHEET,
    PHOTO,
    RECEIVED,
    SECOND,
    TECHNICIAN,
    THIRD,
    file,
    happened,
    near,
    opening,
    photo,
    record,
    sheet,
    sign_in,
    sign_out,
)


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
def test_a_part_that_differs_from_the_recorded_one_is_refused(
    first: VisitCommand, other: VisitCommand, code: str
) -> None:
    given(VISITS, *happened(first)).when(other).refused(code)


def test_doubtful_positions_and_times_are_marked_and_never_refused() -> None:
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


def test_the_last_missing_part_completes_the_visit() -> None:
    completed = VisitCompleted(
        **HEADER,
        day=date(2026, 11, 24),
        contents=("patrol",),
        content_sha256=content_hash([opened, signed_in, recorded, signed_out]),
    )
    given(VISITS, opened, signed_in, recorded).when(sign_out()).then(signed_out, completed)
    given(VISITS, opened, signed_out, recorded).when(sign_in).then(signed_in, completed)
    given(VISITS, opened, signed_in, signed_out).when(record()).then(recorded, completed)


def test_a_visit_is_complete_only_with_everything_its_sign_out_names() -> None:
    out = sign_out(sheets=[FIRST, SECOND], photos=[PHOTO, OTHER_PHOTO])
    facts = happened(sign_in, out, record(), AddPhoto(opening=opening, photo=photo()))
    assert event_types(AddPhoto(opening=opening, photo=photo(OTHER_PHOTO)), *facts) == ["visit.photo_added"]
    facts += happened_after(facts, AddPhoto(opening=opening, photo=photo(OTHER_PHOTO)))
    assert event_types(record(SECOND, FIRST, flow_total="17"), *facts) == [
        "visit.sheet_recorded",
        "visit.completed",
    ]


def test_the_day_is_the_local_day_of_the_claimed_sign_out_if_plausible_and_not_after_receipt() -> None:
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
    given(VISITS, *complete).when(abort).refused("visit.completed")


def test_a_correction_needs_a_reason_and_amends_the_visit() -> None:
    given(VISITS, *complete).when(record(SECOND, FIRST)).refused("reason.required", "sheet.reason")
    correction = record(SECOND, FIRST, reason="流量抄错", flow_total="17")
    corrected = VisitSheetCorrectedV3(**HEADER, sheet=correction.sheet)
    amended = VisitAmended(
        **HEADER,
        contents=("patrol",),
        content_sha256=content_hash([*complete, corrected]),
        cause="sheet_corrected",
    )
    given(VISITS, *complete).when(correction).then(corrected, amended)


def test_parts_that_arrive_after_completion_amend_the_visit() -> None:
    assert event_types(record(SECOND, sheet_id=OTHER_SHEET), *complete) == [
        "visit.sheet_recorded",
        "visit.amended",
    ]
    for command in (AddPhoto(opening=opening, photo=photo()), backfill, obstruction):
        *_, amended = given(VISITS, *complete).when(command).facts
        assert isinstance(amended, VisitAmended)
        assert amended.cause == "added_later"


def test_a_late_revision_that_is_already_superseded_needs_no_reason_and_amends_nothing() -> None:
    facts = happened(sign_in, record(THIRD, SECOND), sign_out(sheets=[THIRD]))
    assert event_types(record(SECOND, FIRST), *facts) == ["visit.sheet_recorded"]


def test_conflicting_revisions_do_not_prevent_completion_and_a_later_one_settles_them() -> None:
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


def test_the_numbers_of_photographs_and_revisions_are_bounded() -> None:
    """Each command reads the whole visit, so a visit with a hundred thousand parts would delay all others."""
    number = iter(range(10**6, 10**7))
    photos = (VisitPhotoAdded(**HEADER, photo=photo(UUID(int=next(number))), by=TECHNICIAN, received_at=RECEIVED)
              for _ in range(MAX_PHOTOS))  # fmt: skip
    given(VISITS, opened, *photos).when(AddPhoto(opening=opening, photo=photo(OTHER_PHOTO))).refused(
        "visit.full"
    )
    kept = sheet()
    revisions = (
        VisitSheetRecordedV3(**HEADER, sheet=kept.model_copy(update={"revision_id": UUID(int=next(number))}))
        for _ in range(MAX_REVISIONS)
    )
    given(VISITS, opened, *revisions).when(record()).refused("visit.full")
