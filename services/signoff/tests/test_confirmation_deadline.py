"""企业确认: until when it is asked for, who is reminded, what is late, and how late originals move the deadline."""

from datetime import UTC, datetime, timedelta

import pytest
from confirmation_samples import (
    CHANGED,
    DUE,
    IDS,
    NOON,
    SHOWN,
    TICK,
    answered,
    changed_in_dispute,
    complete,
    completed,
    disputed,
    lapse,
    lapsed,
    remind,
    reminded,
    renew,
    renewed,
    request,
    requested,
    sign,
    signed,
)
from qingyuan_events.signoff import (
    ConfirmationLapsed,
)
from qingyuan_runtime.domain.testing import given
from signoff.domain.decider import CONFIRMATION
from signoff.domain.state import ConfirmationFact

NEXT_NOON, NEXT_DUE = NOON + timedelta(days=1), DUE + timedelta(days=1)
moved = completed.model_copy(update={"originals_at": NEXT_NOON, "due_at": NEXT_DUE})


@pytest.mark.parametrize(
    ("asked_at", "due"),
    [
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), DUE),
        (datetime(2026, 11, 24, 15, 59, 59, 999_999, tzinfo=UTC), DUE),
        (datetime(2026, 11, 24, 16, 0, tzinfo=UTC), DUE + timedelta(days=1)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), datetime(2027, 1, 1, 16, 0, tzinfo=UTC)),
    ],
)
def test_it_is_due_at_the_end_of_the_local_day_of_its_request(asked_at: datetime, due: datetime) -> None:
    expected = requested.model_copy(update={"requested_at": asked_at, "due_at": due})
    given(CONFIRMATION).when(request(now=asked_at)).then(expected)
    anew = renewed.model_copy(update={"renewed_at": asked_at, "due_at": due})
    given(CONFIRMATION, requested).when(renew(now=asked_at)).then(anew)


@pytest.mark.parametrize(("at", "late"), [(DUE - TICK, False), (DUE, True), (DUE + TICK, True)])
@pytest.mark.parametrize("before", [(requested,), (requested, disputed, answered), (requested, lapsed)])
def test_midnight_itself_is_late(before: tuple[ConfirmationFact, ...], at: datetime, late: bool) -> None:
    given(CONFIRMATION, *before).when(sign(now=at)).then(signed(at=at, late=late))


def test_each_reminder_is_recorded_once_per_request_and_never_for_an_earlier_request() -> None:
    given(CONFIRMATION, requested, reminded).when(remind()).then()
    later = reminded.model_copy(update={"reminder": "20:00"})
    given(CONFIRMATION, requested, reminded).when(remind("20:00")).then(later)
    given(CONFIRMATION, requested, reminded, renewed).when(remind()).then(reminded)
    tomorrow = renewed.model_copy(update={"due_at": DUE + timedelta(days=1)})
    given(CONFIRMATION, requested, tomorrow).when(remind(due_at=DUE)).then()


def test_a_late_reminder_records_when_it_was_really_sent() -> None:
    at = DUE + timedelta(hours=9)
    given(CONFIRMATION, requested).when(remind(now=at)).then(reminded.model_copy(update={"reminded_at": at}))


def test_it_lapses_when_its_own_day_is_over_and_not_before() -> None:
    given(CONFIRMATION, requested).when(lapse(DUE - TICK)).then()
    tomorrow = renewed.model_copy(update={"due_at": DUE + timedelta(days=1)})
    given(CONFIRMATION, requested, tomorrow).when(lapse(DUE)).then()
    given(CONFIRMATION, requested, tomorrow).when(lapse(tomorrow.due_at, tomorrow.due_at)).then(
        ConfirmationLapsed(**IDS, lapsed_at=tomorrow.due_at)
    )


def test_the_deadline_moves_to_the_end_of_the_day_of_the_last_original() -> None:
    late = complete(since=NEXT_NOON)
    given(CONFIRMATION, requested).when(late).then(moved)
    given(CONFIRMATION, requested, moved).when(late).then()
    given(CONFIRMATION, requested, moved).when(lapse(DUE)).then()
    given(CONFIRMATION, requested, moved).when(sign(now=NEXT_DUE - TICK)).then(signed(at=NEXT_DUE - TICK))
    at = NEXT_DUE
    given(CONFIRMATION, requested, moved).when(sign(now=at)).then(signed(at=at, late=True))


def test_a_lapse_no_longer_counts_when_a_late_original_moves_the_deadline() -> None:
    assert CONFIRMATION.fold((requested, lapsed, moved)).status == "requested"
    assert CONFIRMATION.fold((requested, lapsed, completed)).status == "lapsed"
    again = ConfirmationLapsed(**IDS, lapsed_at=NEXT_DUE)
    given(CONFIRMATION, requested, lapsed, moved).when(lapse(NEXT_DUE, NEXT_DUE)).then(again)


def test_a_signature_also_records_when_the_last_original_arrived() -> None:
    at = NEXT_NOON + timedelta(hours=1)
    late = sign(now=at, since=NEXT_NOON)
    given(CONFIRMATION, requested, lapsed).when(late).then(moved, signed(at=at))
    given(CONFIRMATION, requested, lapsed, moved).when(late).then(signed(at=at))
    in_time = sign(now=at, since=NOON)
    given(CONFIRMATION, requested, lapsed).when(in_time).then(completed, signed(at=at, late=True))


def test_originals_that_are_missing_or_of_other_content_are_not_recorded_as_complete() -> None:
    given(CONFIRMATION, requested).when(complete(missing=1, since=None)).refused("evidence.incomplete")
    given(CONFIRMATION, requested).when(complete(missing=None, since=None)).refused("evidence.behind")
    given(CONFIRMATION, requested).when(complete(CHANGED)).then()
    given(CONFIRMATION, requested, disputed, changed_in_dispute).when(complete(SHOWN)).then()
