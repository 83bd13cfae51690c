"""The copy of the register as the projection keeps it, in the schema `installed`."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from qingyuan_runtime.database.connections import Pool

from reports.domain.places import InstrumentCopy, PointCopy


class PostgresInstalled:
    patience = timedelta(seconds=1)

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def point(self, point_id: UUID) -> PointCopy | None:
        row = await self._pool.fetchrow(_POINT, point_id)
        return PointCopy(**dict(row)) if row else None

    async def district(self, enterprise_id: UUID) -> str | None:
        found: str | None = await self._pool.fetchval(_DISTRICT, enterprise_id)
        return found

    async def instruments(self, ids: Collection[UUID]) -> Mapping[UUID, InstrumentCopy]:
        rows = await self._pool.fetch(_INSTRUMENTS, list(ids)) if ids else ()
        return {row["instrument_id"]: InstrumentCopy(**dict(row)) for row in rows}


_POINT = """
    select p.point_id, p.enterprise_id, e.district
      from installed.point p join installed.enterprise e using (enterprise_id)
     where p.point_id = $1 and not p.voided
"""
_DISTRICT = "select district from installed.enterprise where enterprise_id = $1"
_INSTRUMENTS = (
    "select instrument_id, point_id, first_day, ends from installed.instrument where instrument_id = any($1)"
)
