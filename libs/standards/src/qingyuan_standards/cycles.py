"""Turns a recurrence rule and a maximum number of days between deadlines into numbered spans of days.

The work of a span may be done on any of its days; `closes` is its deadline.

- If the rule names days (every Friday, the 15th), these are the deadlines. If it names none (weekly, every three
  months), cycles are counted from the first day, and the last day of each cycle is its deadline.
- There are at most `gap_days_max` days from one deadline to the next, from the first day to the first deadline, and
  from the last deadline to the last day. A deadline that would come too late is moved to an earlier day; if it would
  come more than half of the maximum too late, another span is inserted before it.
- A deadline on a public holiday moves to the working day before it, never to a later day. It does not move unless more
  than half of its span remains (daily work goes on during holidays), nor if the next named day would then be more than
  the maximum away (weekly work on Fridays stays on Fridays). An ordinary weekend is no holiday.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise, takewhile
from typing import Final, Literal

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule, rrulestr

from qingyuan_standards.calendar import Calendar

FREQUENCIES: Final[dict[str, tuple[Literal[1, 2, 3], int]]] = {
    "DAILY": (DAILY, 1),
    "WEEKLY": (WEEKLY, 1),
    "MONTHLY": (MONTHLY, 1),
    "YEARLY": (MONTHLY, 12),
}
DAYS: Final = frozenset({"BYDAY", "BYMONTHDAY"})
OF_MONTHS: Final = frozenset({"BYMONTHDAY", "BYMONTH", "BYSETPOS"})
_WEEKDAY: Final = "(MO|TU|WE|TH|FR|SA|SU)"
_NUMBERED: Final = "[+-]?[1-9][0-9]?"
PARTS: Final = {
    "FREQ": "|".join(FREQUENCIES),
    "INTERVAL": "[1-9][0-9]{0,2}",
    "BYDAY": f"([+-]?[1-5])?{_WEEKDAY}(,([+-]?[1-5])?{_WEEKDAY})*",
    "BYMONTHDAY": "[+-]?([1-9]|[12][0-9]|3[01])(,[+-]?([1-9]|[12][0-9]|3[01]))*",
    "BYMONTH": "([1-9]|1[0-2])(,([1-9]|1[0-2]))*",
    "BYSETPOS": f"{_NUMBERED}(,{_NUMBERED})*",
    "WKST": _WEEKDAY,
}
LAST_YEAR: Final = 2199
MAX_GAP: Final = 3660
MAX_LENGTH: Final = 200
ERA: Final = 400 * 19
_DAY: Final = timedelta(days=1)


class BadRule(Exception):
    """The rule cannot be parsed, or is not allowed in a plan. `sentence` is Chinese, for users."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Span:
    """Numbered from 1; first and last day included."""

    number: int
    opens: date
    closes: date


def expand(
    rule: str, gap_days_max: int | None, first_day: date, last_day: date, calendar: Calendar
) -> tuple[Span, ...]:
    """The spans of a period, without gaps or overlaps from `first_day` to the last deadline.

    Empty where none of the days that the rule names lies in the period, unless the maximum gap requires a span.
    Raises `BadRule`.
    """
    if gap_days_max is not None and not 1 <= gap_days_max <= MAX_GAP:
        raise BadRule(f"最长间隔应为 1 至 {MAX_GAP} 天。")
    if last_day.year > LAST_YEAR:
        raise BadRule(f"计划期不能晚于 {LAST_YEAR} 年。")
    parts = read(rule)
    planned = tuple(_planned(parts, first_day, last_day))
    deadlines = _Deadlines(calendar, gap_days_max, first_day, named=bool(DAYS & parts.keys()))
    for day, following in pairwise((*planned, last_day)):
        deadlines.add(day, following)
    if gap_days_max is not None:
        deadlines.fill_up_to(last_day, gap_days_max)
    return tuple(deadlines.spans)


def slack_days(today: date, closes: date, last_done: date | None, gap_days_max: int | None) -> int:
    """Days until the work is late: after its deadline, or `gap_days_max` after it was last done. Negative: it is late."""
    due = closes
    if last_done is not None and gap_days_max is not None:
        due = min(due, last_done + timedelta(days=gap_days_max))
    return (due - today).days


def read(rule: str) -> dict[str, str]:
    """The rule's parts by name. Raises `BadRule`."""
    if len(rule) > MAX_LENGTH:
        raise BadRule(f"重复规则过长，最多 {MAX_LENGTH} 个字符。")
    parts: dict[str, str] = {}
    for piece in rule.strip().upper().removeprefix("RRULE:").split(";"):
        name, _, value = piece.partition("=")
        if not value or name in parts:
            raise BadRule("重复规则写法不正确，应为 RFC 5545 规则，例如 FREQ=WEEKLY;INTERVAL=1。")
        parts[name] = value
    _require_supported(parts)
    return parts


def _require_supported(parts: Mapping[str, str]) -> None:
    if {"COUNT", "UNTIL"} & parts.keys():
        raise BadRule("重复规则不能含 COUNT 或 UNTIL：起止日期由计划期决定。")
    if parts.get("FREQ") not in FREQUENCIES:
        raise BadRule("频次只支持按天、按周、按月、按年（FREQ=DAILY、WEEKLY、MONTHLY、YEARLY）。")
    if unknown := parts.keys() - PARTS.keys():
        raise BadRule(f"重复规则含有不支持的部分：{'、'.join(sorted(unknown))}。")
    if wrong := [name for name, value in parts.items() if not re.fullmatch(PARTS[name], value, re.ASCII)]:
        raise BadRule(f"重复规则中 {'、'.join(wrong)} 的取值不正确。")
    if parts["FREQ"] != "MONTHLY" and (
        OF_MONTHS & parts.keys() or re.search(r"[0-9]", parts.get("BYDAY", ""))
    ):
        raise BadRule("BYMONTHDAY、BYMONTH、BYSETPOS 和带序号的 BYDAY 只能与 FREQ=MONTHLY 同用。")
    if parts["FREQ"] == "YEARLY" and "BYDAY" in parts:
        raise BadRule("按年的规则不能再用 BYDAY 指定日子；请用 FREQ=MONTHLY 和 BYMONTH。")
    if parts["FREQ"] == "DAILY" and "BYDAY" in parts and parts.get("INTERVAL", "1") != "1":
        raise BadRule("隔几天一次的规则不能同时用 BYDAY 指定星期。")
    if {"BYSETPOS", "BYMONTH"} & parts.keys() and not DAYS & parts.keys():
        raise BadRule("重复规则用了 BYMONTH 或 BYSETPOS，须同时用 BYDAY 或 BYMONTHDAY 指明日子。")


def _planned(parts: Mapping[str, str], first_day: date, last_day: date) -> Iterator[date]:
    """Deadlines by the rule alone, in order, before the maximum gap and holidays are applied.

    If no cycle ends within the period, its last day is the deadline.
    """
    if DAYS & parts.keys():
        yield from takewhile(lambda day: day <= last_day, _named(parts, first_day))
        return
    ends = (start - _DAY for start in _cycle_starts(parts, first_day) if start > first_day)
    ended = tuple(takewhile(lambda day: day <= last_day, ends))
    yield from ended or (last_day,)


def _named(parts: Mapping[str, str], first_day: date) -> Iterator[date]:
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    return _from_era(rrulestr(text, dtstart=_in_last_era(first_day)))


def _cycle_starts(parts: Mapping[str, str], first_day: date) -> Iterator[date]:
    """The first days of all cycles. In a shorter month a cycle that begins on the 31st begins on the last day."""
    frequency, months = FREQUENCIES[parts["FREQ"]]
    late = frequency == MONTHLY and first_day.day > 28
    rule = rrule(
        frequency,
        dtstart=_in_last_era(first_day),
        interval=months * int(parts.get("INTERVAL", "1")),
        bymonthday=tuple(range(28, first_day.day + 1)) if late else None,
        bysetpos=-1 if late else None,
    )
    return _from_era(rule)


def _in_last_era(day: date) -> datetime:
    """The same day 19 × 400 years later. The calendar repeats every 400 years, including weekdays and leap years.

    dateutil searches for the next day up to the year 9999. If the search starts close to it, a rule that matches no day
    ends at once instead of after many seconds.
    """
    return datetime.combine(day.replace(year=day.year + ERA), time())


def _from_era(moments: Iterable[datetime]) -> Iterator[date]:
    return (moment.date().replace(year=moment.year - ERA) for moment in moments)


class _Deadlines:
    """Builds the spans one by one. The gap counts from `_anchor`: the last deadline, or at first the first day."""

    def __init__(self, calendar: Calendar, gap: int | None, first_day: date, *, named: bool) -> None:
        self._calendar = calendar
        self._gap = gap
        self._named = named
        self._anchor = first_day
        self._opens = first_day
        self.spans: list[Span] = []

    def add(self, planned: date, following: date) -> None:
        """Add the span of a planned deadline, and before it as many as the maximum gap requires."""
        if self._gap is None:
            self._close(self._off_holiday(planned))
            return
        half = timedelta(days=self._gap / 2)
        while planned - self._limit(self._gap) > half:
            self._close(self._off_holiday(self._limit(self._gap)))
        day = min(planned, self._limit(self._gap))
        earlier = self._off_holiday(day)
        # A named day does not move if the next named day would then be too far away.
        stays = self._named and (following - earlier).days > self._gap
        self._close(day if stays else earlier)

    def fill_up_to(self, last_day: date, gap: int) -> None:
        """Add as many spans as the maximum gap requires until the last day."""
        while self._limit(gap) < last_day:
            self._close(self._off_holiday(self._limit(gap)))

    def _limit(self, gap: int) -> date:
        return self._anchor + timedelta(days=gap)

    def _off_holiday(self, day: date) -> date:
        """The working day before a holiday, if more than half of the span remains; else the same day."""
        earliest = self._opens + (day - self._opens + _DAY) // 2
        candidate = day
        while self._calendar.name_of(day) and candidate >= earliest:
            if self._calendar.is_working_day(candidate):
                return candidate
            candidate -= _DAY
        return day

    def _close(self, day: date) -> None:
        self.spans.append(Span(len(self.spans) + 1, self._opens, day))
        self._anchor, self._opens = day, day + _DAY
