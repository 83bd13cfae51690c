"""Holidays as announced, compared day by day with a package that others keep."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from qingyuan_standards.calendar import CALENDAR

FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)


def test_every_day_is_free_or_not_as_chinesecalendar_has_it() -> None:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    assert [day for day in days if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day)] == []


def test_holidays_and_the_days_that_make_up_for_them_are_the_same_sets() -> None:
    def ours(day: date) -> bool:
        return FIRST <= day <= LAST

    assert set(CALENDAR.holidays) == set(filter(ours, chinese_calendar.holidays))
    assert CALENDAR.workdays == set(filter(ours, chinese_calendar.workdays))


@pytest.mark.parametrize(
    ("day", "working", "name"),
    [
        (date(2026, 10, 1), False, "国庆节"),
        (date(2026, 10, 10), True, None),
        (date(2026, 9, 20), True, None),
        (date(2026, 11, 28), False, None),
        (date(2026, 11, 27), True, None),
    ],
)
def test_a_day_has_a_name_and_is_worked_or_not(day: date, working: bool, name: str | None) -> None:
    assert (CALENDAR.is_working_day(day), CALENDAR.name_of(day)) == (working, name)


def test_a_year_not_yet_announced_has_weekends_only_and_says_so() -> None:
    assert not CALENDAR.covers(date(2027, 1, 1))
    assert CALENDAR.covers(date(2026, 12, 31))
    assert CALENDAR.is_working_day(date(2027, 1, 1))
    assert not CALENDAR.is_working_day(date(2027, 1, 2))
