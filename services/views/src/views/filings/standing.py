"""From which day to which an operator was filed, or locked. Pure.

Of the days before its first filing nothing is said: nothing was filed then.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from qingyuan_standards.days import local_day

from views.filings.fold import FilingStep

FOREVER: Final = date.max
"""PostgreSQL's `infinity`."""


def standing_rows(operator_id: UUID, steps: Sequence[FilingStep]) -> Iterator[tuple[Any, ...]]:
    """Rows of the table `standing`. What changes twice on a day ends on the day on which it began."""
    changes = list(_changes(steps))
    ends = [*(since for _, since in changes[1:]), FOREVER]
    for number, (state, since) in enumerate(changes):
        yield operator_id, number, state, since, ends[number]


def _changes(steps: Sequence[FilingStep]) -> Iterator[tuple[str, date]]:
    filed = locked = False
    last = "none"
    for step in steps:
        match step.what:
            case "filed":
                filed = True
            case "locked":
                locked = True
            case "reactivated":
                locked = False
            case "cancelled":
                filed = locked = False
        state = "none" if not filed else "locked" if locked else "filed"
        if state != last:
            yield state, step.day if step.what == "filed" and step.day else local_day(step.at)
        last = state
