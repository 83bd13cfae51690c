"""What an operator changed, the term in which a change must be reported, and how long personal data is kept after one."""

from dataclasses import dataclass
from datetime import date

from qingyuan_standards.days import months_later


@dataclass(frozen=True, slots=True)
class Change:
    """A version that the operator has made, and the day since which it is so."""

    version: int
    changed_on: date


def last_day_to_report(changed_on: date, months: int) -> date:
    return months_later(changed_on, months)


def is_kept(since: date, years: int, today: date) -> bool:
    """Whether personal data that is not needed `since` this day must still be readable."""
    return today <= months_later(since, 12 * years)
