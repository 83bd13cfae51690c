"""What an operator changed, and the term in which a change must be reported."""

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
