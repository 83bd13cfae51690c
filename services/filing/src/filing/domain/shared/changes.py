"""What an operator changed, the term in which a change must be reported, and how long personal data is kept after one."""

import calendar
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Change:
    """A version that the operator has made, and the day since which it is so."""

    version: int
    changed_on: date


def months_later(day: date, months: int) -> date:
    """The same day `months` later; the month's last day where it has no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def last_day_to_report(changed_on: date, months: int) -> date:
    return months_later(changed_on, months)


def is_kept(since: date, years: int, today: date) -> bool:
    """Whether personal data that is not needed `since` this day must still be readable."""
    return today <= months_later(since, 12 * years)
