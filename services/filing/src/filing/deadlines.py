"""Timers of papers that end, and of changes that must be reported within a term, with the command that each sends.

They are a projection of the service's own topic, so they follow from what is recorded and can be rebuilt from the log.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events.filing import (
    AnnualEntryRecorded,
    AnnualPlanFiled,
    FilingBasicsChanged,
    FilingFact,
    Paper,
    ResourceAdded,
    ResourceCorrected,
    ResourceEnded,
    ResourcePaperRenewed,
    ResourcePaperRevoked,
)
from qingyuan_runtime.log.handling import load
from qingyuan_runtime.log.store import EventStore
from qingyuan_runtime.reacting.timers import (
    Adjusted,
    Moments,
    Timer,
    TimerProjection,
    WhenDue,
    command_when_due,
)
from qingyuan_standards.dated import setting
from qingyuan_standards.days import at_local, local_day

from filing.credit.handlers import close_of
from filing.domain.credit.annual import ANNUAL, CloseYear, Year
from filing.domain.filings.commands import NoteOverdueChange
from filing.domain.filings.decider import FILING
from filing.domain.resources.commands import NotePaperEnding
from filing.domain.resources.decider import RESOURCE
from filing.domain.shared.changes import last_day_to_report

NAME: Final = "papers"
PAPER: Final = "paper "
REPORT: Final = "report "
CLOSE: Final = "close "


def rule(recorded: Recorded[Fact]) -> Moments | Adjusted | None:
    """The timers of the stream after this fact; None leaves them as they were."""
    fact = recorded.fact
    match fact:
        case ResourceAdded():
            return {**_ends(fact.particulars.papers, recorded), **_report(fact.changed_on, recorded)}
        case ResourceCorrected():
            moments = {**_ends(fact.particulars.papers, recorded), **_report(fact.changed_on, recorded)}
            return Adjusted(moments, without=(PAPER,))
        case ResourcePaperRenewed():
            moments = {**_ends((fact.paper,), recorded), **_report(fact.changed_on, recorded)}
            return Adjusted(moments, without=(f"{PAPER}{fact.replaces} ",) if fact.replaces else ())
        case ResourcePaperRevoked():
            return Adjusted({}, without=(f"{PAPER}{fact.paper_id} ",))
        case ResourceEnded():
            return Adjusted(_report(fact.last_day, recorded), without=(PAPER,))
        case AnnualPlanFiled() | AnnualEntryRecorded():
            return Adjusted(_close(fact, recorded))
        case FilingBasicsChanged():
            return Adjusted(_report(fact.changed_on, recorded))
        case _:
            return None


def _ends(papers: Iterable[Paper], recorded: Recorded[Fact]) -> Mapping[str, datetime]:
    """The reminders of these papers that are still to come when the fact is recorded."""
    today = local_day(recorded.recorded_at)
    days = [int(text) for text in setting("paper_reminder_days", today).value]
    clock = time.fromisoformat(setting("paper_reminder_time", today).value)
    return {
        f"{PAPER}{paper.paper_id} {before}": at_local(paper.valid_to - timedelta(days=before), clock)
        for paper in papers
        for before in days
        if paper.valid_to and paper.valid_to - timedelta(days=before) >= today
    }


def _report(changed_on: date, recorded: Recorded[Fact]) -> Mapping[str, datetime]:
    """On the day after the last one on which the change can be reported in time."""
    months = int(setting("filing_change_months", local_day(recorded.recorded_at)).value)
    last_day = last_day_to_report(changed_on, months)
    what = f"{REPORT}{recorded.version} {changed_on} {last_day}"
    return {what: at_local(last_day + timedelta(days=1), time())}


def _close(fact: AnnualPlanFiled | AnnualEntryRecorded, recorded: Recorded[Fact]) -> Mapping[str, datetime]:
    """The end of the last day for this year's information; none where it has passed already."""
    closes = at_local(close_of(fact.year) + timedelta(days=1), time())
    return {f"{CLOSE}{fact.operator_id} {fact.year}": closes} if closes > recorded.recorded_at else {}


def projection() -> TimerProjection:
    return TimerProjection(NAME, FilingFact.topic, rule)


def when_due(store: EventStore) -> WhenDue:
    """A reminder of a paper is recorded at its resource; a change that was not reported, at the filing."""
    remind = command_when_due(store, RESOURCE, paper_command, NAME)
    close = command_when_due(store, ANNUAL, close_command, NAME)

    async def send(timer: Timer, now: datetime) -> bool:
        if timer.what.startswith(PAPER):
            return await remind(timer, now)
        if timer.what.startswith(CLOSE):
            return await close(timer, now)
        return await _note_overdue(store, timer, now)

    return send


def paper_command(timer: Timer, now: datetime) -> NotePaperEnding:
    paper_id, before = timer.what.removeprefix(PAPER).split(" ")
    return NotePaperEnding(paper_id=UUID(paper_id), days=int(before), today=local_day(now))


def close_command(timer: Timer, now: datetime) -> CloseYear:
    operator_id, year = timer.what.removeprefix(CLOSE).split(" ")
    last_day = close_of(int(year))
    of = Year(operator_id=UUID(operator_id), year=int(year), last_day=last_day, today=local_day(now))
    return CloseYear(of=of)


async def _note_overdue(store: EventStore, timer: Timer, now: datetime) -> bool:
    """The timer stands at what was changed; the fact belongs to the filing of its operator."""
    noun, key = timer.stream.split("-", 1)
    operator_id, resource_id = UUID(key), None
    if noun == RESOURCE.noun:
        _, resource = await load(store, RESOURCE, timer.stream)
        operator_id, resource_id = resource.operator_id, resource.resource_id

    def command(due: Timer, at: datetime) -> NoteOverdueChange:
        version, changed_on, last_day = due.what.removeprefix(REPORT).split(" ")
        return NoteOverdueChange(
            resource_id=resource_id,
            version=int(version),
            changed_on=date.fromisoformat(changed_on),
            last_day=date.fromisoformat(last_day),
            today=local_day(at),
        )

    note = command_when_due(store, FILING, command, NAME)
    return await note(replace(timer, stream=FILING.stream(operator_id)), now)
