"""Dated settings of this service: the wording of the statement, and the times of reminders."""

from datetime import date, datetime, time

from qingyuan_standards import dated
from qingyuan_standards.days import at_local, local_day

from signoff.domain.commands import Statement


def statement(day: date) -> Statement:
    """What a signature given on this day declares."""
    version, text = dated.statement(day)
    return Statement(version=version, text=text)


def reminders(requested_at: datetime) -> tuple[tuple[str, datetime], ...]:
    """The reminders still to come on the local day of the request, each with its name and moment."""
    day = local_day(requested_at)
    clocks: list[str] = dated.setting("reminder_times", day).value
    moments = ((clock, at_local(day, time.fromisoformat(clock))) for clock in sorted(set(clocks)))
    return tuple((name, moment) for name, moment in moments if moment > requested_at)
