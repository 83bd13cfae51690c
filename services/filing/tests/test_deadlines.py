"""Which timers follow from the facts, and what each records: papers that end, changes that were not reported."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from filing.deadlines import rule, when_due
from filing.domain.credit.annual import ANNUAL, key_of
from filing.domain.resources.commands import NotePaperEnding
from filing.domain.resources.decider import RESOURCE
from filing_samples import (
    DEVICE,
    OPERATOR,
    PERSON,
    added,
    basics_given,
    calibration,
    certificate,
    device,
    person,
)
from qingyuan_events import Actor, Meta, Recorded
from qingyuan_events.filing import (
    FilingFact,
    ResourceCorrected,
    ResourceEnded,
    ResourcePaperEnding,
    ResourcePaperRenewed,
    ResourcePaperRevoked,
)
from qingyuan_runtime.domain.testing import given
from qingyuan_runtime.log.handling import CommandContext, append
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.reacting.timers import Adjusted, Timer
from test_credit import recorded as entry_recorded
from test_filings import FILED

RECORDED = datetime(2026, 11, 24, 4, tzinfo=UTC)
META = Meta(
    actor=Actor(account=UUID(int=1), kind="operator"), command_id=UUID(int=2), correlation=UUID(int=2)
)
REPORT = {"report 1 2026-11-24 2026-12-24": datetime(2026, 12, 24, 16, tzinfo=UTC)}
"""The first moment of 2026-12-25 in Shanghai."""


def recorded(fact: FilingFact, version: int = 1) -> Recorded[FilingFact]:
    return Recorded("resource-x", version, RECORDED, META, fact)


def at(day: date) -> datetime:
    """08:30 in Shanghai."""
    return datetime(day.year, day.month, day.day, 0, 30, tzinfo=UTC)


def ends(paper_id: UUID, valid_to: date, *days: int) -> dict[str, datetime]:
    return {f"paper {paper_id} {before}": at(valid_to - timedelta(days=before)) for before in days}


def test_a_resource_sets_the_reminders_of_its_papers_and_the_end_of_its_term() -> None:
    expected = ends(calibration.paper_id, date(2027, 1, 31), 60, 30, 7, 0) | REPORT
    assert rule(recorded(added(device, DEVICE))) == expected


def test_a_change_of_long_ago_has_a_term_too() -> None:
    """The dated settings begin in 2020; what a person may enter begins earlier, and must not stop the follower."""
    moments = rule(recorded(added(device, DEVICE, date(1950, 1, 1))))
    assert isinstance(moments, dict)
    assert "report 1 1950-01-01 1950-02-01" in moments


def test_reminders_that_have_passed_are_not_set() -> None:
    soon = device.model_copy(
        update={"papers": (calibration.model_copy(update={"valid_to": date(2026, 12, 1)}),)}
    )
    expected = ends(calibration.paper_id, date(2026, 12, 1), 7, 0) | REPORT
    assert rule(recorded(added(soon, DEVICE))) == expected


def test_other_facts_change_only_the_timers_that_they_are_about() -> None:
    about = {"operator_id": OPERATOR, "resource_id": DEVICE}
    day = date(2026, 11, 24)
    corrected = ResourceCorrected(**about, particulars=device, changed_on=day, reason="x")
    renewed = ResourcePaperRenewed(**about, paper=calibration, replaces=certificate.paper_id, changed_on=day)
    revoked = ResourcePaperRevoked(**about, paper_id=calibration.paper_id, first_day=day, reason="x")
    ended = ResourceEnded(**about, last_day=day, reason="x")
    all_ends = ends(calibration.paper_id, date(2027, 1, 31), 60, 30, 7, 0)
    assert rule(recorded(corrected)) == Adjusted(all_ends | REPORT, ("paper ",))
    assert rule(recorded(renewed)) == Adjusted(all_ends | REPORT, (f"paper {certificate.paper_id} ",))
    assert rule(recorded(revoked)) == Adjusted({}, (f"paper {calibration.paper_id} ",))
    assert rule(recorded(ended)) == Adjusted(REPORT, ("paper ",))
    assert rule(recorded(basics_given)) == Adjusted(REPORT)
    assert rule(recorded(FILED[-1])) is None


def test_information_of_a_year_sets_its_close() -> None:
    closes = {f"close {OPERATOR} 2026": datetime(2027, 1, 31, 16, tzinfo=UTC)}
    assert rule(recorded(entry_recorded)) == Adjusted(closes)
    assert rule(recorded(entry_recorded.model_copy(update={"year": 2024}))) == Adjusted({})


async def test_the_timer_of_a_year_closes_it() -> None:
    store = MemoryStore()
    stream = ANNUAL.stream(key_of(OPERATOR, 2026))
    await stored(store, stream, entry_recorded)
    due = timer(stream, f"close {OPERATOR} 2026", datetime(2027, 1, 31, 16, tzinfo=UTC))
    assert await when_due(store)(due, due.at)
    assert store.everything()[-1].fact.type == "annual_information.closed.v1"


ENDING = ResourcePaperEnding(
    operator_id=OPERATOR,
    resource_id=DEVICE,
    paper_id=calibration.paper_id,
    valid_to=date(2027, 1, 31),
    days=30,
)


def note(today: date) -> NotePaperEnding:
    return NotePaperEnding(paper_id=calibration.paper_id, days=30, today=today)


def test_a_reminder_is_recorded_once_on_its_day_or_after_it() -> None:
    known = given(RESOURCE, added(device, DEVICE))
    known.when(note(date(2026, 12, 31))).then()
    known.when(note(date(2027, 1, 1))).then(ENDING)
    known.when(note(date(2027, 3, 1))).then(ENDING)
    given(RESOURCE, added(device, DEVICE), ENDING).when(note(date(2027, 1, 2))).then()


@pytest.mark.parametrize(
    "meanwhile",
    [
        ResourcePaperRevoked(
            operator_id=OPERATOR,
            resource_id=DEVICE,
            paper_id=calibration.paper_id,
            first_day=date(2026, 12, 1),
            reason="x",
        ),
        ResourceEnded(operator_id=OPERATOR, resource_id=DEVICE, last_day=date(2026, 12, 1), reason="x"),
        ResourcePaperRenewed(
            operator_id=OPERATOR,
            resource_id=DEVICE,
            paper=calibration.model_copy(update={"paper_id": UUID(int=9)}),
            replaces=calibration.paper_id,
            changed_on=date(2026, 12, 1),
        ),
    ],
    ids=["revoked", "ended", "renewed"],
)
def test_a_paper_that_is_gone_is_not_reminded_of(meanwhile: FilingFact) -> None:
    given(RESOURCE, added(device, DEVICE), meanwhile).when(note(date(2027, 1, 1))).then()  # type: ignore[arg-type]


async def stored(store: MemoryStore, stream: str, *facts: FilingFact) -> None:
    meta = META.model_copy(update={"command_id": UUID(int=len(store.everything()) + 100)})
    await append(store, (Write(stream, 0, facts),), CommandContext(meta, "f"))


def timer(stream: str, what: str, moment: datetime) -> Timer:
    return Timer(stream, what, moment, UUID(int=5), UUID(int=6), None)


async def test_a_timer_of_a_paper_is_recorded_at_its_resource() -> None:
    store = MemoryStore()
    await stored(store, f"resource-{DEVICE}", added(device, DEVICE))
    due = timer(f"resource-{DEVICE}", f"paper {calibration.paper_id} 30", at(date(2027, 1, 1)))
    assert await when_due(store)(due, due.at)
    assert await when_due(store)(due, due.at), "a repeat is done, too"
    assert [entry.fact for entry in store.everything()][1:] == [ENDING]


async def test_a_timer_of_a_term_is_recorded_at_the_filing() -> None:
    store = MemoryStore()
    await stored(store, f"filing-{OPERATOR}", *FILED)
    late = added(person, PERSON, date(2026, 10, 20))
    await stored(store, f"resource-{PERSON}", late)
    due = timer(
        f"resource-{PERSON}", "report 2 2026-10-20 2026-11-20", datetime(2026, 11, 20, 16, tzinfo=UTC)
    )
    assert await when_due(store)(due, due.at)
    assert store.everything()[-1].fact.type == "filing.change_overdue.v1"
    reported = replace(due, what="report 1 2026-10-20 2026-11-20", cause=UUID(int=7))
    assert await when_due(store)(reported, due.at), "what was reported needs no fact"
    assert store.everything()[-1].stream == f"filing-{OPERATOR}"
    assert len(store.everything()) == len(FILED) + 2
