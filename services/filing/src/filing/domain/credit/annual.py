"""运维信用评价年度信息: the training plan of a year, and what took place: education, training, supervision."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid5

from qingyuan_events.filing import (
    AnnualEntry,
    AnnualEntryRecorded,
    AnnualEntryWithdrawn,
    AnnualInformationClosed,
    AnnualPlanFiled,
    TrainingPlan,
)
from qingyuan_runtime.domain.decider import Decider, Missing, Problem, Refused
from qingyuan_runtime.domain.problems import refuse, under

from filing.domain.shared import checks

NOUN: Final = "annual_information"
HOURS_MOST: Final = Decimal(1_000)
LISTED_MOST: Final = 200
FIRST_YEAR: Final = 2000
AnnualFacts = AnnualPlanFiled | AnnualEntryRecorded | AnnualEntryWithdrawn | AnnualInformationClosed


def key_of(operator_id: UUID, year: int) -> UUID:
    """There is one stream for each operator and year."""
    return uuid5(operator_id, f"annual {year}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """Whose year it is, and the last day on which information is in time."""

    operator_id: UUID
    year: int
    last_day: date
    today: date

    @property
    def is_late(self) -> bool:
        return self.today > self.last_day


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlan:
    of: Year
    plan: TrainingPlan
    stored: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEntry:
    of: Year
    entry: AnnualEntry
    stored: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawEntry:
    of: Year
    entry_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseYear:
    """Sent by a timer."""

    of: Year


AnnualCommand = FilePlan | RecordEntry | WithdrawEntry | CloseYear


@dataclass(frozen=True, slots=True)
class AnnualState:
    plan: TrainingPlan | None = None
    entries: Mapping[UUID, AnnualEntry] = field(default_factory=dict)
    is_closed: bool = False


def decide(command: AnnualCommand, state: AnnualState) -> tuple[AnnualFacts, ...]:
    match command:
        case FilePlan():
            return (_file_plan(command, state),)
        case RecordEntry():
            return (_record(command, state),)
        case WithdrawEntry():
            return (_withdraw(command, state),)
        case CloseYear():
            return _close(command, state)


def _file_plan(command: FilePlan, state: AnnualState) -> AnnualPlanFiled:
    if command.plan == state.plan:
        raise Refused("correction.empty", "没有任何改动，无需提交。")
    known = (state.plan.file,) if state.plan else ()
    refuse(
        (
            *_year(command.of),
            *under("plan", checks.texts(command.plan)),
            *checks.scan("plan.file", command.plan.file, command.stored, known),
        )
    )
    return AnnualPlanFiled(
        operator_id=command.of.operator_id, year=command.of.year, plan=command.plan, late=command.of.is_late
    )


def _record(command: RecordEntry, state: AnnualState) -> AnnualEntryRecorded:
    known = state.entries.get(command.entry.entry_id)
    if command.entry == known:
        raise Refused("correction.empty", "没有任何改动，无需提交。")
    refuse((*_year(command.of), *under("entry", _entry(command, known))))
    return AnnualEntryRecorded(
        operator_id=command.of.operator_id,
        year=command.of.year,
        entry=command.entry,
        late=command.of.is_late,
    )


def _year(of: Year) -> Iterator[Problem]:
    if not FIRST_YEAR <= of.year <= of.today.year:
        yield Problem("year", "range", f"年度应在 {FIRST_YEAR} 年到今年之间。")


def _entry(command: RecordEntry, known: AnnualEntry | None) -> Iterator[Problem]:
    entry = command.entry
    yield from checks.texts(entry)
    yield from _days(entry, command.of)
    if not 0 < entry.hours <= HOURS_MOST:
        yield Problem("hours", "range", f"学时应大于 0，不超过 {HOURS_MOST}。")
    for name in ("participants", "files"):
        if len(getattr(entry, name)) > LISTED_MOST:
            yield Problem(name, "too-many", f"最多 {LISTED_MOST} 项。")
    if len(set(entry.participants)) < len(entry.participants):
        yield Problem("participants", "repeated", "同一个人选择了两次。")
    for number, file in enumerate(entry.files):
        yield from checks.scan(f"files.{number}", file, command.stored, known.files if known else ())


def _days(entry: AnnualEntry, of: Year) -> Iterator[Problem]:
    if entry.last_day < entry.first_day:
        yield Problem("last_day", "reversed", "结束日期早于开始日期。")
    elif not entry.first_day.year == entry.last_day.year == of.year:
        yield Problem("first_day", "year", f"日期应在 {of.year} 年内；跨年的请分年填写。")
    yield from checks.not_later("last_day", entry.last_day, of.today)


def _withdraw(command: WithdrawEntry, state: AnnualState) -> AnnualEntryWithdrawn:
    if command.entry_id not in state.entries:
        raise Missing("entry")
    refuse(checks.reason(command.reason))
    return AnnualEntryWithdrawn(
        operator_id=command.of.operator_id,
        year=command.of.year,
        entry_id=command.entry_id,
        reason=command.reason,
    )


def _close(command: CloseYear, state: AnnualState) -> tuple[AnnualInformationClosed, ...]:
    """Nothing where it is closed, or the last day has not passed by this clock."""
    if state.is_closed or not command.of.is_late:
        return ()
    of = command.of
    return (AnnualInformationClosed(operator_id=of.operator_id, year=of.year, last_day=of.last_day),)


def evolve(state: AnnualState, fact: AnnualFacts) -> AnnualState:
    match fact:
        case AnnualPlanFiled():
            return replace(state, plan=fact.plan)
        case AnnualEntryRecorded():
            return replace(state, entries={**state.entries, fact.entry.entry_id: fact.entry})
        case AnnualEntryWithdrawn():
            kept = {key: entry for key, entry in state.entries.items() if key != fact.entry_id}
            return replace(state, entries=kept)
        case AnnualInformationClosed():
            return replace(state, is_closed=True)


ANNUAL: Decider[AnnualCommand, AnnualState, AnnualFacts] = Decider(
    noun=NOUN, initial=AnnualState(), decide=decide, evolve=evolve
)
