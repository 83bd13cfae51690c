"""Writes facts of `qingyuan.registry` into the tables of this copy, in the transaction that moves the offset."""

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any

from qingyuan_events import Fact, Recorded
from qingyuan_events.registry import RegistryFact
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.domain.text import storable

from tasks.register_copy.rows import EnterpriseRow, InstrumentRow, PointRow, RegisterRows

MODEL = "places"


def create_script() -> str:
    return (files("tasks.register_copy") / "table.sql").read_text()


class RegisterCopyProjection:
    """Keeps the read model `places`, the operational name of this copy."""

    model = MODEL
    topic = RegistryFact.topic

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        changed = RegisterRows().apply(recorded.fact for recorded in facts)
        for statement, rows in (
            (_ENTERPRISES, map(_enterprise, changed.enterprises.values())),
            (_POINTS, map(_point, changed.points.values())),
            (_INSTRUMENTS, map(_instrument, changed.instruments.values())),
            (_POINTS_END, changed.points_end.items()),
            (_INSTRUMENTS_END, changed.instruments_end.items()),
        ):
            await _write(connection, statement, rows)

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        """A hash of the row of each stream, by which two builds are compared; outlets have no row."""
        rows = await connection.fetch(_DIGESTS, list(streams))
        return {row["stream"]: row["digest"] for row in rows}


async def _write(connection: Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    if values := [storable(row) for row in rows]:
        await connection.executemany(statement, values)


def _enterprise(row: EnterpriseRow) -> tuple[Any, ...]:
    return row.enterprise_id, row.name, row.uscc, row.district


def _point(row: PointRow) -> tuple[Any, ...]:
    location = row.location.model_dump_json() if row.location else None
    ids = (row.point_id, row.outlet_id, row.enterprise_id)
    return (*ids, row.code, row.name, row.medium, list(row.factors), location)


def _instrument(row: InstrumentRow) -> tuple[Any, ...]:
    return row.instrument_id, row.point_id, row.kind, row.factor, row.model, row.serial_number


_ENTERPRISES = """
    insert into enterprise values ($1, $2, $3, $4)
    on conflict (enterprise_id) do update set
        name = excluded.name, uscc = excluded.uscc, district = excluded.district
"""
_POINTS = """
    insert into point values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (point_id) do update set
        code = excluded.code, name = excluded.name, medium = excluded.medium,
        factors = excluded.factors, location = excluded.location
"""
_INSTRUMENTS = """
    insert into instrument values ($1, $2, $3, $4, $5, $6)
    on conflict (instrument_id) do update set
        kind = excluded.kind, factor = excluded.factor, model = excluded.model,
        serial_number = excluded.serial_number
"""
_POINTS_END = "update point set ends = $2 where point_id = $1"
_INSTRUMENTS_END = "update instrument set ends = $2 where instrument_id = $1"
_DIGESTS = """
    select stream, md5(content::text) as digest
      from (select 'enterprise-' || enterprise_id as stream, to_jsonb(e) as content from enterprise e
             union all
            select 'monitoring_point-' || point_id, to_jsonb(p) from point p
             union all
            select 'instrument-' || instrument_id, to_jsonb(i) from instrument i) rows
     where stream = any($1)
"""
