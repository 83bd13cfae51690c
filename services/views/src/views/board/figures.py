"""What the figures of the board are: how a row counts, from rows and from months, and how months are counted again.

A figure is the length of a list, so each expression here is the condition of that list (`work/lists.py`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection


@dataclass(frozen=True, slots=True)
class Counted:
    """A table whose rows are counted by the month of `day`; `figures` are conditions on a row.

    `<table>_tally` has a month of an enterprise in a row; `<table>_total` adds its enterprises up, so that the board of
    a city by district or operator reads a few thousand rows and not a hundred thousand.
    """

    schema: str
    table: str
    day: str
    figures: Mapping[str, str]

    @property
    def tally(self) -> str:
        return f"{self.table}_tally"

    @property
    def total(self) -> str:
        return f"{self.table}_total"


VISITS: Final = Counted(
    "work",
    "visit",
    "day",
    {
        "visits": "true",
        "complete": "state = 'complete'",
        "late": "'received_late' = any (marks)",
        "backfilled": "backfilled",
        "outside_fence": "'outside_fence' = any (marks)",
    },
)
CYCLES: Final = Counted(
    "work",
    "cycle",
    "closes",
    {"planned": "visit_id is not null or not stopped", "done": "visit_id is not null"},
)
CONFIRMATIONS: Final = Counted(
    "confirmations",
    "confirmation",
    "visit_day",
    {
        "signed": "state = 'signed'",
        "signed_late": "state = 'signed' and late",
        "disputed": "disputed and state <> 'voided'",
        "escalated": "escalated and state <> 'voided'",
        "originals_late": "originals_late and state <> 'voided'",
    },
)


async def count_again(connection: Connection, counted: Counted, touched: Iterable[tuple[UUID, date]]) -> None:
    """Count the months of enterprises in which a row changed, in the build of the connection.

    The caller holds a lock, so that no other transaction counts without the rows of this one.
    """
    months = sorted({(enterprise, day.replace(day=1)) for enterprise, day in touched})
    if not months:
        return
    enterprises, firsts = (list(column) for column in zip(*months, strict=True))
    gone = await connection.fetch(_FORGET.format(tally=counted.tally), enterprises, firsts)
    new = await connection.fetch(_recount(counted), enterprises, firsts)
    keys = sorted({tuple(row) for row in (*gone, *new)})
    columns = [list(column) for column in zip(*keys, strict=True)]
    if keys:
        await connection.execute(_FORGET_TOTAL.format(total=counted.total), *columns)
        await connection.execute(_add_up(counted), *columns)


def _recount(counted: Counted) -> str:
    figures = ", ".join(f"count(*) filter (where {condition})" for condition in counted.figures.values())
    return _COUNT.format(
        tally=counted.tally,
        names=", ".join(counted.figures),
        table=counted.table,
        day=counted.day,
        figures=figures,
    )


def _add_up(counted: Counted) -> str:
    return _ADD_UP.format(
        total=counted.total,
        tally=counted.tally,
        names=", ".join(counted.figures),
        sums=", ".join(f"sum({name})" for name in counted.figures),
    )


_FORGET: Final = """
    delete from {tally} t using unnest($1::uuid[], $2::date[]) as touched(enterprise_id, month)
     where (t.enterprise_id, t.month) = (touched.enterprise_id, touched.month)
    returning t.month, t.operator_id, t.district
"""
_COUNT: Final = """
    insert into {tally} (month, enterprise_id, operator_id, district, {names})
    select touched.month, r.enterprise_id, r.operator_id, r.district, {figures}
      from unnest($1::uuid[], $2::date[]) as touched(enterprise_id, month)
      join {table} r on r.enterprise_id = touched.enterprise_id
       and r.{day} >= touched.month and r.{day} < (touched.month + interval '1 month')::date
     group by touched.month, r.enterprise_id, r.operator_id, r.district
    returning month, operator_id, district
"""
_FORGET_TOTAL: Final = """
    delete from {total} t using unnest($1::date[], $2::uuid[], $3::text[]) as touched(month, operator_id, district)
     where (t.month, t.operator_id, t.district) = (touched.month, touched.operator_id, touched.district)
"""
_ADD_UP: Final = """
    insert into {total} (month, operator_id, district, {names})
    select t.month, t.operator_id, t.district, {sums}
      from unnest($1::date[], $2::uuid[], $3::text[]) as touched(month, operator_id, district)
      join {tally} t using (month, operator_id, district)
     group by t.month, t.operator_id, t.district
"""
