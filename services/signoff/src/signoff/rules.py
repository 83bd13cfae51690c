"""What the dated settings say to this service: the wording of the statement, and when to remind."""

from datetime import date, datetime, time

from qingyuan_standards import dated
from qingyuan_standards.days import at_local, local_day

from signoff.domain.commands import Statement


def statement(day: date) -> Statement:
    """What a signature given on this day declares."""
    version, text = dated.statement(day)
    return Statement(version=version, text=text)


def reminders(asked_at: datetime) -> tuple[tuple[str, datetime], ...]:
    """The reminders of the local day on which it is asked, each by its name and moment; only those still to come."""
    day = local_day(asked_at)
    clocks: list[str] = dated.setting("reminder_times", day).value
    moments = ((clock, at_local(day, time.fromisoformat(clock))) for clock in sorted(set(clocks)))
    return tuple((name, moment) for name, moment in moments if moment > asked_at)
