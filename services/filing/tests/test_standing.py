"""What becomes of a filing beside its reviews: terms that pass, lock, reactivation, cancellation."""

from datetime import date
from uuid import UUID

import pytest
from filing.domain.filings.commands import (
    AskReactivation,
    BeginFiling,
    CancelFiling,
    LockFiling,
    NoteOverdueChange,
    Reactivate,
    StandingCommand,
)
from filing.domain.filings.decider import FILING
from filing_samples import (
    DEVICE,
    NAME,
    OPERATOR,
    PERSON,
    TODAY,
    added,
    begun,
    device,
    person,
    undertaking_given,
)
from qingyuan_events.filing import (
    FilingCancelled,
    FilingChangeOverdue,
    FilingLocked,
    FilingReactivated,
    FilingReactivationAsked,
    ResourceEnded,
)
from qingyuan_runtime.domain.testing import given
from test_filings import BOTH, DRAFT, FILED, PERSON_1, SUBMITTED, resources, submit, submitted

LOCKED = (*FILED, FilingLocked(operator_id=OPERATOR, reason="没有业务"))
ASKED = (*LOCKED, FilingReactivationAsked(operator_id=OPERATOR, reason="新签合同"))
CANCELLED = (*FILED, FilingCancelled(operator_id=OPERATOR, revoked=False, reason="不再从事"))


def overdue(version: int, today: date, resource_id: UUID | None = PERSON) -> NoteOverdueChange:
    return NoteOverdueChange(
        resource_id=resource_id,
        version=version,
        changed_on=date(2026, 10, 20),
        last_day=date(2026, 11, 20),
        today=today,
    )


def fact(version: int, resource_id: UUID | None = PERSON) -> FilingChangeOverdue:
    return FilingChangeOverdue(
        operator_id=OPERATOR,
        resource_id=resource_id,
        version=version,
        changed_on=date(2026, 10, 20),
        last_day=date(2026, 11, 20),
    )


def test_a_change_that_was_not_reported_in_its_term_is_noted_once() -> None:
    given(FILING, *FILED).when(overdue(2, TODAY)).then(fact(2))
    given(FILING, *FILED, fact(2)).when(overdue(2, TODAY)).then()
    given(FILING, *FILED).when(overdue(9, TODAY, None)).then(fact(9, None))


def test_what_was_reported_or_is_in_its_term_is_not_noted() -> None:
    person_2 = PERSON_1.model_copy(update={"version": 2})
    given(FILING, *FILED, submitted(2, None, person_2)).when(overdue(2, TODAY)).then()
    given(FILING, *FILED).when(overdue(1, TODAY)).then()
    given(FILING, *FILED).when(overdue(2, date(2026, 11, 20))).then()


def test_before_it_is_filed_nothing_is_overdue() -> None:
    for history in ((), DRAFT, SUBMITTED, CANCELLED):
        given(FILING, *history).when(overdue(3, TODAY)).then()


def test_a_filed_operator_is_locked_asks_and_is_reactivated() -> None:
    given(FILING, *FILED).when(LockFiling(reason="没有业务")).then(LOCKED[-1])
    given(FILING, *LOCKED).when(AskReactivation(reason="新签合同")).then(ASKED[-1])
    reactivated = FilingReactivated(operator_id=OPERATOR, reason="已核对")
    given(FILING, *ASKED).when(Reactivate(reason="已核对")).then(reactivated)
    assert FILING.fold((*ASKED, reactivated)).standing == "active"


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        (DRAFT, LockFiling(reason="x"), "filing.not-filed"),
        (LOCKED, LockFiling(reason="x"), "filing.locked"),
        (FILED, AskReactivation(reason="x"), "filing.not-locked"),
        (ASKED, AskReactivation(reason="x"), "filing.not-locked"),
        (LOCKED, Reactivate(reason="x"), "filing.not-asked"),
        (CANCELLED, LockFiling(reason="x"), "filing.cancelled"),
        (CANCELLED, CancelFiling(revoked=True, reason="x"), "filing.cancelled"),
        ((), CancelFiling(revoked=False, reason="x"), "filing.missing"),
    ],
)
def test_what_does_not_fit_its_standing_is_refused(
    history: tuple[object, ...], command: StandingCommand, code: str
) -> None:
    given(FILING, *history).when(command).refused(code)  # type: ignore[arg-type]


def test_a_locked_filing_is_handed_in_only_once_its_reactivation_was_asked_for() -> None:
    left = ResourceEnded(operator_id=OPERATOR, resource_id=PERSON, last_day=TODAY, reason="离职")
    changed = resources((added(person, PERSON), left), (added(device, DEVICE),))
    person_2 = PERSON_1.model_copy(update={"version": 2})
    given(FILING, *LOCKED).when(submit(changed)).refused("submission.locked")
    given(FILING, *ASKED).when(submit(changed)).then(submitted(2, None, person_2))


@pytest.mark.parametrize(
    "command", [LockFiling(reason=" "), CancelFiling(revoked=True, reason="")], ids=["lock", "cancel"]
)
def test_each_needs_a_reason(command: StandingCommand) -> None:
    given(FILING, *FILED).when(command).refused("command.invalid", "reason")


def test_after_a_cancellation_a_new_filing_begins_with_what_was_entered() -> None:
    given(FILING, *CANCELLED).when(submit(BOTH)).refused("filing.cancelled")
    given(FILING, *CANCELLED).when(BeginFiling(operator_id=OPERATOR, name=NAME)).then(begun)
    again = submitted(2, 2, *FILED[3].resources)  # type: ignore[union-attr]
    given(FILING, *CANCELLED, begun, undertaking_given).when(submit(BOTH)).then(again)
