"""Public holidays, and the weekends that are working days instead, as the State Council announces them for each year.

The next year is announced in autumn. For a year that is not covered yet only weekends are known, and pages that show
such a plan must say so.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Any, Final

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """`holidays` maps every day of a holiday to its name, weekends included. `workdays` are weekends that are worked."""

    version: str
    years: frozenset[int]
    holidays: Mapping[date, str]
    workdays: frozenset[date]

    def covers(self, day: date) -> bool:
        """Whether the holidays of the day's year have been announced and are known here."""
        return day.year in self.years

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday except holidays, and the weekends that are worked instead."""
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)

    def name_of(self, day: date) -> str | None:
        """The holiday's name; None for every other day, working or not."""
        return self.holidays.get(day)


def read_calendar(text: str) -> Calendar:
    """Parses the data file's text. Raises `ValueError` or `KeyError` for malformed data."""
    data = json.loads(text)
    return Calendar(
        version=data["version"],
        years=frozenset(year["year"] for year in data["years"]),
        holidays={
            day: holiday["name"]
            for year in data["years"]
            for holiday in year["holidays"]
            for day in _days(holiday)
        },
        workdays=frozenset(date.fromisoformat(day) for year in data["years"] for day in year["workdays"]),
    )


def _days(holiday: Mapping[str, Any]) -> tuple[date, ...]:
    first, last = (date.fromisoformat(holiday[field]) for field in ("first_day", "last_day"))
    return tuple(first + _DAY * n for n in range((last - first).days + 1))


CALENDAR: Final = read_calendar(
    (files("qingyuan_standards") / "calendar.cn.json").read_text(encoding="utf-8")
)
