"""What an operator changed, and the term in which a change must be reported."""

import calendar
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Change:
    """A version that the operator has made, and the day since which it is so."""

    version: int
    changed_on: date


def last_day_to_report(changed_on: date, months: int) -> date:
    """The same day `months` later; the month's last day where it has no such day."""
    month = changed_on.month - 1 + months
    year, month = changed_on.year + month // 12, month % 12 + 1
    return date(year, month, min(changed_on.day, calendar.monthrange(year, month)[1]))
