"""The queries about an operator's information for its credit evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Pool

from views.shared.scope import AGREED, Scope, introduce_clients
from views.shared.scoped import scoped


@dataclass(frozen=True, slots=True)
class Daily:
    """`points`: those of contracts that run on the day, each with the kinds of document that are there."""

    documents: Sequence[Any]
    points: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Annual:
    year: Any
    entries: Sequence[Any]


class CreditQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def daily(self, scope: Scope, operator_id: UUID, today: date) -> Daily:
        async with scoped(self._pool, scope) as connection:
            await introduce_clients(connection, today)  # the names of points are in the register
            documents = await connection.fetch(_DOCUMENTS, operator_id)
            points = await connection.fetch(_POINTS, operator_id, today)
            return Daily(documents, points)

    async def annual(self, scope: Scope, operator_id: UUID, year: int) -> Annual:
        async with scoped(self._pool, scope) as connection:
            row = await connection.fetchrow(_YEAR, operator_id, year)
            return Annual(row, await connection.fetch(_ENTRIES, operator_id, year))

    async def years(self, scope: Scope, operator_id: UUID) -> Sequence[int]:
        async with scoped(self._pool, scope) as connection:
            rows = await connection.fetch(_YEARS, operator_id)
            return [row["year"] for row in rows]


_DOCUMENTS: Final = """
    select id, version, kind, title, edition, valid_from, points, file, filed_at
      from filings.credit_document where operator_id = $1 and not withdrawn order by kind, title, id
"""
_POINTS: Final = f"""
    select p.point_id, p.enterprise_id, entry.latest->>'name' as point_name, entry.latest->>'code' as point_code,
           p.enterprise_name,
           array(select distinct d.kind from filings.credit_document d
                  where d.operator_id = $1 and not d.withdrawn and d.valid_from <= $2
                    and p.point_id = any(d.points) order by d.kind) as kinds
      from (select distinct on (point_id) point_id, enterprise_id, enterprise_name
              from work.contract cross join unnest(points) as point_id
             where operator_id = $1 and {AGREED} and first_day <= $2 and least(last_day, ended_on) >= $2
             order by point_id, submitted desc) p
      left join register.entry on entry.id = p.point_id
     order by p.enterprise_name, point_name, p.point_id
"""
_YEAR: Final = "select * from filings.annual_year where operator_id = $1 and year = $2"
_YEARS: Final = "select year from filings.annual_year where operator_id = $1 order by year desc"
_ENTRIES: Final = """
    select entry, late, recorded_at from filings.annual_entry where operator_id = $1 and year = $2
     order by entry->>'first_day', entry_id
"""
