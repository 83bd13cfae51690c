"""Writes facts of `qingyuan.filing` into the tables of this copy, in the transaction that moves the offset."""

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events.filing import FilingFact
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.domain.text import storable

from tasks.filed_copy import saving
from tasks.filed_copy.rows import FiledRows, ResourceFact

MODEL = "filed"


def create_script() -> str:
    return (files("tasks.filed_copy") / "table.sql").read_text()


class FiledCopyProjection:
    """Keeps the read model `filed`, the operational name of this copy."""

    model = MODEL
    topic = FilingFact.topic

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        changed = (await _stored(connection, facts)).apply(facts)
        for statement, rows in (
            (saving.FILINGS, map(saving.filing_row, changed.filings.values())),
            (saving.VERSIONS, map(saving.version_row, changed.versions.values())),
            (saving.FILED, map(saving.filed_row, changed.filed.values())),
            (saving.REVOKED, ((*key, day) for key, day in changed.revoked.items())),
            (saving.ENDED, changed.ended.items()),
        ):
            await _write(connection, statement, rows)

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        """A hash of the rows of each stream, by which two builds are compared; vehicles and parts have none."""
        rows = await connection.fetch(saving.DIGESTS, list(streams))
        return {row["stream"]: row["digest"] for row in rows}


async def _stored(connection: Connection, facts: Sequence[Recorded[Fact]]) -> FiledRows:
    """What these facts build on: the filings, and the newest version of each resource."""
    operators: set[UUID] = set()
    resources: set[UUID] = set()
    for recorded in facts:
        assert isinstance(recorded.fact, FilingFact)
        if isinstance(recorded.fact, ResourceFact):
            resources.add(recorded.fact.resource_id)
        else:
            operators.add(recorded.fact.operator_id)
    filings = map(saving.filing_from, await connection.fetch(saving.LOAD_FILINGS, list(operators)))
    latest = map(saving.version_from, await connection.fetch(saving.LOAD_LATEST, list(resources)))
    return FiledRows(
        filings={row.operator_id: row for row in filings}, latest={row.resource_id: row for row in latest}
    )


async def _write(connection: Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    if values := [storable(row) for row in rows]:
        await connection.executemany(statement, values)
