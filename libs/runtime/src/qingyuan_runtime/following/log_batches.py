"""Reads a whole log in batches, for a rebuild."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import asyncpg
from qingyuan_events import Fact, Recorded

from qingyuan_runtime.following.owners_log import FIELDS
from qingyuan_runtime.log.store_postgres import recorded

BATCH = 5_000

_ALL = f"select {FIELDS} from events e order by e.epoch, e.xid, e.pos"


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of the log and their facts; `facts` is None where a row cannot be decoded."""

    rows: Sequence[asyncpg.Record]
    facts: Sequence[Recorded[Fact]] | None


async def batches(source: asyncpg.Connection) -> AsyncIterator[Batch]:
    cursor = await source.cursor(_ALL)
    while rows := await cursor.fetch(BATCH):
        yield Batch(rows, _facts(rows))


def _facts(rows: Sequence[asyncpg.Record]) -> Sequence[Recorded[Fact]] | None:
    try:
        return [recorded(row) for row in rows]
    except (ValueError, LookupError):
        return None


async def read_ahead(batches: AsyncIterator[Batch]) -> AsyncIterator[Batch]:
    """The same batches, each read and decoded while the caller still works on the one before it."""

    async def read_next() -> Batch:
        return await anext(batches, Batch((), ()))

    reading = asyncio.ensure_future(read_next())
    try:
        while (batch := await reading).rows:
            reading = asyncio.ensure_future(read_next())
            yield batch
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
