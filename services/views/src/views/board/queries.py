"""The board: whole months from their tallies, the days at the ends from the rows, both under scope and fence.

Keys are told apart, added up, put in order and cut into pages by PostgreSQL: a city has thousands of enterprises, and
a page shows some of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection, Pool

from views.board.figures import CONFIRMATIONS, CYCLES, VISITS, Counted
from views.board.query_models import SHOWN, BoardQuery
from views.shared.fenced import fenced
from views.shared.names import Names, names_of
from views.shared.scope import Scope
from views.shared.where import Count, Where, cursor_of, place_of

Figures = dict[str, int]
KEYS: Final = {"district": "district", "operator": "operator_id", "enterprise": "enterprise_id"}


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
        sql, parameters = statement(scope, asked, today)
        async with fenced(self._pool, scope, "repeatable_read") as connection:
            whole, *found = await connection.fetch(sql, *parameters)
            shown = found[: asked.limit]
            names = await _names(connection, scope, asked.by, [row["key"] for row in shown])
        last = shown[-1] if len(found) > asked.limit else None
        return Board(
            [{"key": str(row["key"]), "name": _name(row["key"], names), **_figures(row)} for row in shown],
            _figures(whole),
            whole["keys"],
            cursor_of(last[asked.order], last["key"]) if last else None,
        )


def statement(scope: Scope, asked: BoardQuery, today: date) -> tuple[str, Sequence[Any]]:
    """The SELECT of the totals (first row, key null) and of one key more than the page has, and its parameters."""
    where = Where()
    first_day, last_day = asked.days(today)
    past, coming = (first_day, min(last_day, today - _DAY)), (max(first_day, today), last_day)
    parts = [
        *_parts(where, scope, asked, (first_day, last_day), VISITS),
        *_parts(where, scope, asked, (first_day, last_day), CONFIRMATIONS),
        *_parts(where, scope, asked, past, CYCLES, missed="planned - done"),
        *_parts(where, scope, asked, coming, CYCLES),
    ]
    sql = _BOARD.format(
        sums=", ".join(f"coalesce(sum({name}), 0)::bigint as {name}" for name in _SUMMED),
        names=", ".join(_SUMMED),
        parts=" union all ".join(parts) or _NOTHING,
        going_on=_going_on(where, asked),
        order=asked.order,
        limit=asked.limit + 2,
    )
    return sql, where.parameters


def _parts(
    where: Where, scope: Scope, asked: BoardQuery, days: tuple[date, date], counted: Counted, **more: str
) -> Iterator[str]:
    """SELECTs of one table's figures of some days by key, those of other tables being none.

    Each range of days is a query of its own: joined to a list of ranges, the planner would read a whole year. What a key
    comes to is an integer: a sum of bigints would be reckoned in decimals.
    """
    if days[0] > days[1]:
        return
    cut, own, key = period(*days), _own(where, scope, asked), KEYS[asked.by]
    for first, last in cut.ranges:
        counts = ", ".join(
            f"count(*) filter (where {one})::int as {name}" for name, one in counted.figures.items()
        )
        between = f"k.{counted.day} between {where.value(first)} and {where.value(last)}"
        rows = f"select k.{key} as key, {counts} from {counted.schema}.{counted.table} k where {own} and {between}"
        yield _among_all(f"{rows} group by k.{key}", counted, more)
    if cut.first_month < cut.end_month:
        sums = ", ".join(f"sum({name})::int as {name}" for name in counted.figures)
        months = f"k.month >= {where.value(cut.first_month)} and k.month < {where.value(cut.end_month)}"
        table = f"{counted.schema}.{_summed(scope, asked, counted)}"
        rows = f"select k.{key} as key, {sums} from {table} k where {own} and {months} group by k.{key}"
        yield _among_all(rows, counted, more)


def _among_all(rows: str, counted: Counted, more: Mapping[str, str]) -> str:
    of_these = {name: name for name in counted.figures} | dict(more)
    return f"select key, {', '.join(of_these.get(name, '0') for name in _SUMMED)} from ({rows}) counted"


def _going_on(where: Where, asked: BoardQuery) -> str:
    """The keys after the last one shown: fewer of what is in order, or as many and a later key."""
    if asked.after is None:
        return "true"
    number, key = place_of(asked.after, Count, str if asked.by == "district" else UUID)
    most, last = where.value(number), where.value(key)
    return f"({asked.order} < {most} or {asked.order} = {most} and key > {last})"


def _own(where: Where, scope: Scope, asked: BoardQuery) -> str:
    conditions = [scope.own("k", where.value(scope.place))]
    for name in ("district", "operator_id", "enterprise_id"):
        value = getattr(asked, name)
        if value is not None:
            conditions.append(f"k.{name} = {where.value(value)}")
    return " and ".join(conditions)


def _summed(scope: Scope, asked: BoardQuery, counted: Counted) -> str:
    """The table with the months: by enterprise only where enterprises are told apart."""
    apart = asked.by == "enterprise" or asked.enterprise_id or scope.sees == "enterprise"
    return counted.tally if apart else counted.total


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


_SUMMED: Final = (
    *("planned", "done", "missed"),
    *VISITS.figures,
    *CONFIRMATIONS.figures,
)
_NOTHING: Final = f"select null, {', '.join('0' for _ in _SUMMED)} where false"
_BOARD: Final = """
    with added as (
        select key, grouping(key) = 1 as whole, {sums} from ({parts}) counted(key, {names})
         group by grouping sets ((key), ())
    ), figures as (
        select *, complete - signed as unsigned, (select count(*) from added where not whole) as keys from added
    )
    select * from figures where whole or {going_on} order by whole desc, {order} desc, key limit {limit}
"""
