"""The board: whole months from their tallies, the days at the ends from the rows, both under scope and fence."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database import Connection, Pool

from views.board.figures import CONFIRMATIONS, CYCLES, VISITS, Counted
from views.fenced import fenced
from views.names import Names, names_of
from views.scope import Scope
from views.where import Where

Figures = dict[str, int]
KEYS: Final = {"district": "district", "operator": "operator_id", "enterprise": "enterprise_id"}
SHOWN: Final = (
    "planned",
    "done",
    "missed",
    "visits",
    "late",
    "backfilled",
    "outside_fence",
    "unsigned",
    "signed_late",
    "disputed",
    "escalated",
)


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """The days counted, both included; `by` is a key of `KEYS`."""

    first_day: date
    last_day: date
    by: str
    district: str | None = None
    operator_id: UUID | None = None
    enterprise_id: UUID | None = None


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

    async def board(self, scope: Scope, wanted: BoardFilter, today: date) -> tuple[dict[Any, Figures], Names]:
        """Figures by key, all of one moment, and the names of the keys."""
        past = replace(wanted, last_day=min(wanted.last_day, today - _DAY))
        rest = replace(wanted, first_day=max(wanted.first_day, today))
        async with fenced(self._pool, scope, "repeatable_read") as connection:
            visits = await _sums(connection, scope, wanted, VISITS)
            confirmations = await _sums(connection, scope, wanted, CONFIRMATIONS)
            over = await _sums(connection, scope, past, CYCLES)
            coming = await _sums(connection, scope, rest, CYCLES)
            missed = {key: {"missed": one["planned"] - one["done"]} for key, one in over.items()}
            found = together(visits, confirmations, over, coming, missed)
            return found, await _names(connection, scope, wanted.by, list(found))


def together(*counts: Mapping[Any, Mapping[str, int]]) -> dict[Any, Figures]:
    """Add figures up by key, and show those of the board; what is complete and not signed is unsigned."""
    sums: dict[Any, Counter[str]] = {}
    for count in counts:
        for key, figures in count.items():
            sums.setdefault(key, Counter()).update(figures)
    for one in sums.values():
        one["unsigned"] = one["complete"] - one["signed"]
    return {key: {name: one[name] for name in SHOWN} for key, one in sums.items()}


async def _sums(
    connection: Connection, scope: Scope, wanted: BoardFilter, counted: Counted
) -> dict[Any, dict[str, int]]:
    if wanted.first_day > wanted.last_day:
        return {}
    sql, parameters = statement(scope, wanted, counted)
    rows = await connection.fetch(sql, *parameters)
    return {row["key"]: {name: row[name] for name in counted.figures} for row in rows}


def statement(scope: Scope, wanted: BoardFilter, counted: Counted) -> tuple[str, Sequence[Any]]:
    """The SELECT of one table's figures by key, and its parameters.

    Each range of days is a query of its own: joined to a list of ranges, the planner would read a whole year.
    """
    cut, where = period(wanted.first_day, wanted.last_day), Where()
    own = _own(where, scope, wanted)
    key, names = KEYS[wanted.by], counted.figures
    counts = ", ".join(f"count(*) filter (where {condition})" for condition in names.values())
    rows = f"select k.{key} as key, {counts} from {counted.schema}.{counted.table} k where {own}"
    parts = [
        f"{rows} and k.{counted.day} between {where.value(first)} and {where.value(last)} group by k.{key}"
        for first, last in cut.ranges
    ]
    if cut.first_month < cut.end_month:
        months = f"k.month >= {where.value(cut.first_month)} and k.month < {where.value(cut.end_month)}"
        table = f"{counted.schema}.{_summed(scope, wanted, counted)}"
        parts.append(f"select k.{key} as key, {', '.join(names)} from {table} k where {own} and {months}")
    sums = ", ".join(f"sum({name})::bigint as {name}" for name in names)
    named = ", ".join(["key", *names])
    return (
        f"select key, {sums} from ({' union all '.join(parts)}) counted({named}) group by key",
        where.parameters,
    )


def _own(where: Where, scope: Scope, wanted: BoardFilter) -> str:
    conditions = [scope.own("k", where.value(scope.place))]
    for name in ("district", "operator_id", "enterprise_id"):
        value = getattr(wanted, name)
        if value is not None:
            conditions.append(f"k.{name} = {where.value(value)}")
    return " and ".join(conditions)


def _summed(scope: Scope, wanted: BoardFilter, counted: Counted) -> str:
    """The table with the months: by enterprise only where enterprises are told apart."""
    apart = wanted.by == "enterprise" or wanted.enterprise_id or scope.sees == "enterprise"
    return counted.tally if apart else counted.total


async def _names(connection: Connection, scope: Scope, by: str, keys: Sequence[Any]) -> Names:
    return await names_of(
        connection,
        scope,
        entries=keys if by == "enterprise" else (),
        operators=keys if by == "operator" else (),
    )
