"""Writes facts of `qingyuan.registry` into the tables of this copy, in the transaction that moves the offset."""

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any, Final

from qingyuan_events import Fact, Recorded
from qingyuan_events.registry import RegistryFact
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.domain.text import storable

from reports.installed.rows import RegisterRows

MODEL: Final = "installed"


def create_script() -> str:
    return (files("reports.installed") / "table.sql").read_text()


class InstalledProjection:
    model = MODEL
    topic = RegistryFact.topic

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        changed = RegisterRows().apply(recorded.fact for recorded in facts)
        await _write(connection, _ENTERPRISES, changed.districts.items())
        await _write(connection, _POINTS, changed.points.items())
        await _write(connection, _VOIDED, ((point,) for point in changed.voided))
        standing = ((instrument, *there) for instrument, there in changed.instruments.items())
        await _write(connection, _INSTRUMENTS, standing)
        await _write(connection, _ENDS, changed.ends.items())

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        """A hash of the row of each stream, by which two builds are compared; outlets have no row."""
        rows = await connection.fetch(_DIGESTS, list(streams))
        return {row["stream"]: row["digest"] for row in rows}


async def _write(connection: Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    if values := [storable(row) for row in rows]:
        await connection.executemany(statement, values)


_ENTERPRISES = """
    insert into enterprise values ($1, $2) on conflict (enterprise_id) do update set district = excluded.district
"""
_POINTS = "insert into point values ($1, $2) on conflict do nothing"
_VOIDED = "update point set voided = true where point_id = $1"
_INSTRUMENTS = "insert into instrument values ($1, $2, $3) on conflict do nothing"
_ENDS = "update instrument set ends = $2 where instrument_id = $1"
_DIGESTS = """
    select stream, md5(content::text) as digest
      from (select 'enterprise-' || enterprise_id as stream, to_jsonb(e) as content from enterprise e
             union all
            select 'monitoring_point-' || point_id, to_jsonb(p) from point p
             union all
            select 'instrument-' || instrument_id, to_jsonb(i) from instrument i) rows
     where stream = any($1)
"""
