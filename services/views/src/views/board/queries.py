"""The board: whole months from their tallies, the days at the ends from the rows, both under scope and fence.

Keys are told apart, added up, put in order and cut into pages by PostgreSQL: a city has thousands of enterprises, and
a page shows some of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection, Pool

from views.board.composing import Part, Shape, board, span
from views.board.figures import CONFIRMATIONS, CYCLES, VISITS, Counted
from views.board.query_models import SHOWN, BoardQuery
from views.shared.composed import Statement, sendable
from views.shared.cursors import Count, cursor_of, place_of
from views.shared.fenced import fenced
from views.shared.names import Names, names_of
from views.shared.scope import Scope

Figures = dict[str, int]
_FILTERS: Final = ("district", "operator_id", "enterprise_id")


@dataclass(frozen=True, slots=True)
class Board:
    """`rows` have a `key`, its `name` and the figures `SHOWN`; `count` is how many there are on all pages."""

    rows: Sequence[dict[str, Any]]
    totals: Figures
    count: int
    following: str | None


@dataclass(frozen=True, slots=True)
class Period:
    """Days as whole months, `first_month` until before `end_month`, and at most two ranges of single days."""

    first_month: date
    end_month: date
    ranges: tuple[tuple[date, date], ...]


_FAR: Final = date(9998, 12, 31)


def period(first_day: date, last_day: date) -> Period:
    """Cut a period, both ends included, into whole months and the days before and after them."""
    last_day = min(last_day, _FAR)
    months = first_day if first_day.day == 1 else _following_month(min(first_day, _FAR))
    end = (last_day + _DAY).replace(day=1)
    if months >= end:
        return Period(end, end, ((first_day, last_day),))
    before = ((first_day, months - _DAY),) if first_day < months else ()
    after = ((end, last_day),) if end <= last_day else ()
    return Period(months, end, before + after)


_DAY: Final = timedelta(days=1)


def _following_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


class BoardQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def board(self, scope: Scope, asked: BoardQuery, today: date) -> Board:
        """One page of the board and the totals of all, all of one moment."""
        async with fenced(self._pool, scope, "repeatable_read") as connection:
            whole, *found = await connection.fetch(*statement(scope, asked, today))
            shown = found[: asked.limit]
            names = await _names(connection, scope, asked.by, [row["key"] for row in shown])
        last = shown[-1] if len(found) > asked.limit else None
        return Board(
            [{"key": str(row["key"]), "name": _name(row["key"], names), **_figures(row)} for row in shown],
            _figures(whole),
            whole["keys"],
            cursor_of(last[asked.order], last["key"]) if last else None,
        )


def statement(scope: Scope, asked: BoardQuery, today: date) -> Statement:
    """The SELECT of the totals (first row, key null) and of one key more than the page has, and its parameters."""
    first_day, last_day = asked.days(today)
    past, coming = (first_day, min(last_day, today - _DAY)), (max(first_day, today), last_day)
    parts = [
        *_parts(VISITS, (first_day, last_day)),
        *_parts(CONFIRMATIONS, (first_day, last_day)),
        *_parts(CYCLES, past, over=True),
        *_parts(CYCLES, coming),
    ]
    filters = sendable({name: getattr(asked, name) for name in _FILTERS})
    days = {
        name: day
        for n, (_, since, until) in enumerate(parts)
        for name, day in zip(span(n), (since, until), strict=True)
    }
    shape = Shape(
        scope.sees,
        asked.by,
        frozenset(filters),
        tuple(part for part, _, _ in parts),
        asked.order,
        asked.after is not None,
        asked.limit + 2,
    )
    return board(shape).statement(filters | days | _place(asked) | {"place": scope.place})


def _place(asked: BoardQuery) -> dict[str, Any]:
    """The last row shown: its key and what it has of the figure in order."""
    if asked.after is None:
        return {}
    number, key = place_of(asked.after, Count, str if asked.by == "district" else UUID)
    return sendable({"after_number": number, "after_key": key})


def _parts(
    counted: Counted, days: tuple[date, date], *, over: bool = False
) -> Iterator[tuple[Part, date, date]]:
    """What is to be read of one table for some days, with the first day and the last, or the day after the last month.

    Each range of days is a query of its own: joined to a list of ranges, the planner would read a whole year.
    """
    if days[0] > days[1]:
        return
    cut = period(*days)
    for first, last in cut.ranges:
        yield Part(counted, months=False, over=over), first, last
    if cut.first_month < cut.end_month:
        yield Part(counted, months=True, over=over), cut.first_month, cut.end_month


async def _names(connection: Connection, scope: Scope, by: str, keys: Sequence[Any]) -> Names:
    return await names_of(
        connection,
        scope,
        entries=keys if by == "enterprise" else (),
        operators=keys if by == "operator" else (),
    )


def _name(key: Any, names: Names) -> str:
    """Empty for a district: the page knows what those are called."""
    return names.operators.get(key) or names.entries.get(key, {}).get("name") or ""


def _figures(row: Any) -> Figures:
    return {name: row[name] for name in SHOWN}
