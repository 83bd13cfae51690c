"""The copy of the register as the projection keeps it, in the schema `places`."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from qingyuan_events.parts import Location
from qingyuan_runtime.database.connections import Pool

from tasks.domain.register import EnterpriseCopy, InstrumentCopy, MonitoringPointCopy


class PostgresRegisterCopy:
    """Every command of a visit asks for a point, so one query answers it, with all instruments of the point."""

    patience = timedelta(seconds=1)

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def point(self, point_id: UUID) -> MonitoringPointCopy | None:
        row = await self._pool.fetchrow(f"{_POINTS} where p.point_id = $1", point_id)
        return _point(row) if row else None

    async def enterprise(self, enterprise_id: UUID) -> EnterpriseCopy | None:
        return await self._enterprise("enterprise_id = $1", enterprise_id)

    async def enterprise_of(self, *, uscc: str) -> EnterpriseCopy | None:
        return await self._enterprise("uscc = $1", uscc)

    async def _enterprise(self, condition: str, value: object) -> EnterpriseCopy | None:
        row = await self._pool.fetchrow(f"select * from places.enterprise where {condition} limit 1", value)
        if row is None:
            return None
        points = await self._pool.fetch(
            f"{_POINTS} where p.enterprise_id = $1 {_SORTED}", row["enterprise_id"]
        )
        return EnterpriseCopy(
            enterprise_id=row["enterprise_id"],
            name=row["name"],
            uscc=row["uscc"],
            district=row["district"],
            points=tuple(map(_point, points)),
        )


_POINTS = """
    select p.*, e.district, i.ids, i.kinds, i.factors_of, i.models, i.serials, i.ended
      from places.point p
      join places.enterprise e using (enterprise_id)
     cross join lateral (
        select array_agg(instrument_id order by instrument_id) as ids, array_agg(kind order by instrument_id) as kinds,
               array_agg(factor order by instrument_id) as factors_of,
               array_agg(model order by instrument_id) as models,
               array_agg(serial_number order by instrument_id) as serials,
               array_agg(ends order by instrument_id) as ended
          from places.instrument
         where point_id = p.point_id
     ) i
"""
_INSTRUMENT_COLUMNS = {
    "instrument_id": "ids",
    "kind": "kinds",
    "factor": "factors_of",
    "model": "models",
    "serial_number": "serials",
    "ends": "ended",
}
"""Field of `InstrumentCopy` → column of `_POINTS`, which holds the values of all instruments as an array."""
_SORTED = 'order by p.code collate "C", p.name collate "C", p.point_id'


def _point(row: Any) -> MonitoringPointCopy:
    return MonitoringPointCopy(
        point_id=row["point_id"],
        code=row["code"],
        name=row["name"],
        medium=row["medium"],
        factors=tuple(row["factors"]),
        location=Location.model_validate_json(row["location"]) if row["location"] else None,
        outlet_id=row["outlet_id"],
        enterprise_id=row["enterprise_id"],
        district=row["district"],
        instruments=_instruments(row),
        ends=row["ends"],
    )


def _instruments(row: Any) -> tuple[InstrumentCopy, ...]:
    columns = {field: row[column] or () for field, column in _INSTRUMENT_COLUMNS.items()}
    return tuple(
        InstrumentCopy(**dict(zip(columns, values, strict=True)))
        for values in zip(*columns.values(), strict=True)
    )
