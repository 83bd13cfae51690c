"""The figures of the board: which rows each figure counts, and the tables that hold the counts of each month.

A figure is the length of a list, so its condition here equals the filter of that list (`work/lists.py`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection
from sqlalchemy import (
    ARRAY,
    Column,
    Date,
    Delete,
    FromClause,
    Insert,
    MetaData,
    Table,
    TableValuedAlias,
    Text,
    Uuid,
    and_,
    any_,
    cast,
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
)
from sqlalchemy.sql.dml import ReturningDelete, ReturningInsert

from views.shared.composed import Conditions, composed, fixed, parameter
from views.shared.confirmed import confirmation_figures
from views.tables.confirmations import CONFIRMATION, CONFIRMATION_TALLY, CONFIRMATION_TOTAL
from views.tables.work import CYCLE, CYCLE_TALLY, CYCLE_TOTAL, VISIT, VISIT_TALLY, VISIT_TOTAL


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """A table whose rows are counted by the month of `day`; `figures` are conditions on a row.

    `tally` has a row for each month and enterprise; `total` sums the enterprises of an operator in a district, so that the
    board of a city by district or operator reads a few thousand rows and not a hundred thousand.
    """

    rows: Table
    tally: Table
    total: Table
    day: str
    figures: Callable[[FromClause], Conditions]

    @property
    def names(self) -> list[str]:
        """The names of the figures, which are also columns of `tally` and `total`."""
        return list(self.figures(self.rows))


def _visit_figures(visit: FromClause) -> Conditions:
    """A rate such as back-filled visits to visits is one of visits that were not aborted, so all of these leave them out.

    Whoever is obstructed mostly aborts: an obstruction counts whatever came of the visit.
    """
    aborted = visit.c.state == fixed("aborted")
    return {
        "visits": ~aborted,
        "aborted": aborted,
        "empty": ~aborted & (fixed("empty") == any_(visit.c.marks)),
        "complete": visit.c.state == fixed("complete"),
        "late": ~aborted & (fixed("received_late") == any_(visit.c.marks)),
        "backfilled": ~aborted & visit.c.backfilled,
        "outside_fence": ~aborted & (fixed("outside_fence") == any_(visit.c.marks)),
        "obstructed": visit.c.obstructed,
    }


def _cycle_figures(cycle: FromClause) -> Conditions:
    done = cycle.c.visit_id.is_not(None)
    return {"planned": done | ~cycle.c.stopped, "done": done}


VISITS: Final = Counted(VISIT, VISIT_TALLY, VISIT_TOTAL, "day", _visit_figures)
CYCLES: Final = Counted(CYCLE, CYCLE_TALLY, CYCLE_TOTAL, "closes", _cycle_figures)
CONFIRMATIONS: Final = Counted(
    CONFIRMATION, CONFIRMATION_TALLY, CONFIRMATION_TOTAL, "visit_day", confirmation_figures
)


async def count_again(connection: Connection, counted: Counted, touched: Iterable[tuple[UUID, date]]) -> None:
    """Count the months again in which a row of an enterprise changed, in the build of the connection.

    The caller holds a lock; without it a concurrent transaction would count without the rows of this one.
    """
    months = sorted({(enterprise, day.replace(day=1)) for enterprise, day in touched})
    if not months:
        return
    changed_months = dict(zip(("enterprises", "months"), _columns(months), strict=True))
    deleted = await connection.fetch(*_delete_tally(counted).statement(changed_months))
    inserted = await connection.fetch(*_insert_tally(counted).statement(changed_months))
    keys = sorted({tuple(row) for row in (*deleted, *inserted)})
    if keys:
        total = dict(zip(("months", "operators", "districts"), _columns(keys), strict=True))
        await connection.execute(*_delete_total(counted).statement(total))
        await connection.execute(*_insert_total(counted).statement(total))


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


@composed
def _delete_tally(counted: Counted) -> ReturningDelete[Any]:
    tally, touched = _in_build(counted.tally), _touched_months()
    return (
        delete(tally)
        .where(tally.c.enterprise_id == touched.c.enterprise_id, tally.c.month == touched.c.month)
        .returning(tally.c.month, tally.c.operator_id, tally.c.district)
    )


@composed
def _insert_tally(counted: Counted) -> ReturningInsert[Any]:
    row, tally, touched = _in_build(counted.rows).alias("r"), _in_build(counted.tally), _touched_months()
    day, month = row.c[counted.day], touched.c.month
    following = cast(month + literal_column("interval '1 month'"), Date)
    keys = (month, row.c.enterprise_id, row.c.operator_id, row.c.district)
    counts = (func.count().filter(condition).label(name) for name, condition in counted.figures(row).items())
    counting = (
        select(*keys, *counts)
        .join_from(
            touched,
            row,
            (row.c.enterprise_id == touched.c.enterprise_id) & (day >= month) & (day < following),
        )
        .group_by(*keys)
    )
    names = ("month", "enterprise_id", "operator_id", "district", *counted.names)
    added = insert(tally).from_select(names, counting)
    return added.returning(tally.c.month, tally.c.operator_id, tally.c.district)


@composed
def _delete_total(counted: Counted) -> Delete:
    total, touched = _in_build(counted.total), _touched_totals()
    return delete(total).where(*(total.c[name] == touched.c[name] for name in _TOTAL_KEYS))


@composed
def _insert_total(counted: Counted) -> Insert:
    tally, touched = _in_build(counted.tally).alias("t"), _touched_totals()
    keys = [tally.c[name] for name in _TOTAL_KEYS]
    sums = (func.sum(tally.c[name]).label(name) for name in counted.names)
    same = and_(*(tally.c[name] == touched.c[name] for name in _TOTAL_KEYS))
    adding = select(*keys, *sums).join_from(touched, tally, same).group_by(*keys)
    return insert(_in_build(counted.total)).from_select((*_TOTAL_KEYS, *counted.names), adding)


_TOTAL_KEYS: Final = ("month", "operator_id", "district")


def _in_build(table: Table) -> Table:
    """The table without its schema: a projection writes to the build that the search path of its connection names."""
    return Table(table.name, MetaData(), *(Column(column.name, column.type) for column in table.columns))


def _touched_months() -> TableValuedAlias:
    rows = func.unnest(parameter("enterprises", ARRAY(Uuid)), parameter("months", ARRAY(Date)))
    return rows.table_valued(column("enterprise_id", Uuid), column("month", Date)).render_derived("touched")


def _touched_totals() -> TableValuedAlias:
    rows = func.unnest(
        parameter("months", ARRAY(Date)),
        parameter("operators", ARRAY(Uuid)),
        parameter("districts", ARRAY(Text)),
    )
    keys = (column("month", Date), column("operator_id", Uuid), column("district", Text))
    return rows.table_valued(*keys).render_derived("touched")
