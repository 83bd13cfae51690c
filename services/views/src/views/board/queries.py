"""The board: whole months are read from the tally tables, the single days before and after them from the rows.

PostgreSQL groups, sums, sorts and pages, since a city has thousands of enterprises and a page shows some of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Pool

from views.board.composing import Part, Shape, board, span
from views.board.figures import CONFIRMATIONS, CYCLES, VISITS, Counted
from views.board.query_models import SHOWN, BoardQuery
from views.shared.composed import Statement, sendable
from views.shared.cursors import Count, cursor_of, values_of
from views.shared.names import Names, Wanted, names_of
from views.shared.scope import Scope
from views.shared.scoped import scoped
from views.shared.voided import introduce_points

Figures = dict[str, int]
_FILTERS: Final = ("district", "operator_id", "enterprise_id")


@dataclass(frozen=True, slots=True)
class Board:
    """`rows` have a `key`, its `name` and the figures `SHOWN`; `count` is the number of rows on all pages."""

    rows: Sequence[dict[str, Any]]
    totals: Figures
    count: int
    following: str | None


@dataclass(frozen=True, slots=True)
class Period:
    """Days as whole months, from `first_month` up to but without `end_month`, and at most two ranges of single days."""

    first_month: date
    end_month: date
    ranges: tuple[tuple[date, date], ...]


_LATEST_DAY: Final = date(9998, 12, 31)


def period(first_day: date, last_day: date) -> Period:
    """Cut a period, both ends included, into whole months and the days before and after them."""
    last_day = min(last_day, _LATEST_DAY)
    first_month = first_day if first_day.day == 1 else _following_month(min(first_day, _LATEST_DAY))
    end = (last_day + _DAY).replace(day=1)
    if first_month >= end:
        return Period(end, end, ((first_day, last_day),))
    before = ((first_day, first_month - _DAY),) if first_day < first_month else ()
    after = ((end, last_day),) if end <= last_day else ()
    return Period(first_month, end, before + after)


_DAY: Final = timedelta(days=1)


def _following_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


class BoardQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def board(self, scope: Scope, query: BoardQuery, today: date) -> Board:
        """One page of the board and the totals of all pages, from one snapshot. Names are those of the period's last day."""
        named_on = min(query.days(today)[1], today)
        async with scoped(self._pool, scope, "repeatable_read") as connection:
            await introduce_points(connection, scope)
            totals, *rows = await connection.fetch(*statement(scope, query, today))
            shown = rows[: query.limit]
            wanted = _wanted(query.by, [row["key"] for row in shown], named_on)
            names = await names_of(connection, scope, wanted)
        last = shown[-1] if len(rows) > query.limit else None
        return Board(
            [
                {
                    "key": str(row["key"]),
                    "name": _name(row["key"], names, named_on),
                    "operator_filing": names.operator_filing(row["key"]) if query.by == "operator" else None,
                    **_figures(row),
                }
                for row in shown
            ],
            _figures(totals),
            totals["keys"],
            cursor_of(last[query.order], last["key"]) if last else None,
        )


def statement(scope: Scope, query: BoardQuery, today: date) -> Statement:
    """The SELECT of the totals (first row, key null) and of one key more than the page has, and its parameters."""
    first_day, last_day = query.days(today)
    past, future = (first_day, min(last_day, today - _DAY)), (max(first_day, today), last_day)
    parts = [
        *_parts(VISITS, (first_day, last_day)),
        *_parts(CONFIRMATIONS, (first_day, last_day)),
        *_parts(CYCLES, past, over=True),
        *_parts(CYCLES, future),
    ]
    filters = sendable({name: getattr(query, name) for name in _FILTERS})
    days = {
        name: day
        for n, (_, since, until) in enumerate(parts)
        for name, day in zip(span(n), (since, until), strict=True)
    }
    shape = Shape(
        scope.sees,
        query.by,
        frozenset(filters),
        tuple(part for part, _, _ in parts),
        query.order,
        query.after is not None,
        query.limit + 2,
    )
    return board(shape).statement(filters | days | _cursor_values(query) | {"place": scope.place})


def _cursor_values(query: BoardQuery) -> dict[str, Any]:
    """The parameters of the cursor: the key of the last row shown, and its value of the figure that sorts the rows."""
    if query.after is None:
        return {}
    number, key = values_of(query.after, Count, str if query.by == "district" else UUID)
    return sendable({"after_number": number, "after_key": key})


def _parts(
    counted: Counted, days: tuple[date, date], *, over: bool = False
) -> Iterator[tuple[Part, date, date]]:
    """The parts of a period with their bounds: the first and the last day, or the first month and the one after the last.

    Each range of days is a query of its own: if the rows were joined to a list of ranges, PostgreSQL would read a whole year.
    """
    if days[0] > days[1]:
        return
    if counted is CYCLES:
        yield Part(counted, months=False, over=over, voided=True), *days
    split = period(*days)
    for first, last in split.ranges:
        yield Part(counted, months=False, over=over), first, last
    if split.first_month < split.end_month:
        yield Part(counted, months=True, over=over), split.first_month, split.end_month


def _wanted(by: str, keys: Sequence[Any], day: date) -> Wanted:
    match by:
        case "enterprise":
            return Wanted(entries={(key, day) for key in keys})
        case "operator":
            return Wanted(operators={(key, None, day) for key in keys})
    return Wanted()


def _name(key: Any, names: Names, day: date) -> str:
    """Empty for a district: the page has the names of districts."""
    return names.operators.get((key, None, day)) or names.entry(key, day).get("name") or ""


def _figures(row: Any) -> Figures:
    return {name: row[name] for name in SHOWN}
