"""The legal day of the city. The only module that names its time zone."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


def local_day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def end_of_day(moment: datetime) -> datetime:
    """The first moment that is no longer in the local day of `moment`, in UTC."""
    return at_local(local_day(moment) + timedelta(days=1), time())


def at_local(day: date, clock: time) -> datetime:
    """The moment of this local time in Shanghai, in UTC."""
    return datetime.combine(day, clock, SHANGHAI).astimezone(UTC)


def local_clock(moment: datetime) -> datetime:
    """The local time of a moment without its zone, as paper and Excel show it."""
    return moment.astimezone(SHANGHAI).replace(tzinfo=None)


def until_text(moment: datetime) -> str:
    """A deadline as people are told it: a day that ends at midnight ends at 24:00 of that day, not at 00:00 of the next."""
    clock = local_clock(moment)
    if clock.time() == time():
        return f"{clock.date() - timedelta(days=1)} 24:00"
    return f"{clock:%Y-%m-%d %H:%M}"


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where it has no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
