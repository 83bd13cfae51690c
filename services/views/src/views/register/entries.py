"""Expressions over the register's entries that several queries share. Pure."""

from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, DateTime, FromClause, Text, literal_column

from views.shared.composed import Condition, fixed, parameter

DAY: Final = parameter("day", Date)
KNOWN: Final = parameter("known", DateTime(timezone=True))
INFINITY: Final[ColumnElement[date]] = literal_column("date 'infinity'", Date)


def holds(since: ColumnElement[Any], until: ColumnElement[Any], moment: ColumnElement[Any]) -> Condition:
    """Whether a period, whose end is null while it lasts, contains a moment."""
    return (since <= moment) & (until.is_(None) | (until > moment))


def latest(entry: FromClause, name: str) -> ColumnElement[Any]:
    """One field of the latest particulars of an entry, as text."""
    return entry.c.latest.op("->>", return_type=Text())(fixed(name))
