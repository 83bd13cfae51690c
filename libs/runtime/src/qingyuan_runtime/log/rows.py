"""Reads single rows of the owner's log, and compares a message with its row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import asyncpg
from qingyuan_events import Envelope, Meta

from qingyuan_runtime.database.connections import Pool

RowKey = tuple[str, int]
"""Stream and version."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of `events`, its data as the text that was stored."""

    type: str
    data: str
    meta: str
    recorded_at: datetime
    epoch: int


class LogRows(Protocol):
    async def at(self, keys: Iterable[RowKey]) -> Mapping[RowKey, Row]:
        """The rows with these keys, as far as the log has them."""
        ...

    async def epoch(self) -> int:
        """The log's present epoch."""
        ...

    async def unpublished(self, streams: Iterable[str]) -> Mapping[str, int]:
        """The last version of each stream that was imported as history (epoch 0), which is never published."""
        ...


class PostgresRows:
    """Connects at the first call. Every method may raise what `is_unavailable` accepts."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._pool: Pool | None = None

    async def at(self, keys: Iterable[RowKey]) -> Mapping[RowKey, Row]:
        possible = [key for key in set(keys) if "\0" not in key[0]]
        pool = await self._opened()
        rows = await pool.fetch(_AT, [stream for stream, _ in possible], [version for _, version in possible])
        return {(row["stream_id"], row["version"]): Row(*list(row)[2:]) for row in rows}

    async def epoch(self) -> int:
        epoch: int = await (await self._opened()).fetchval("select epoch from store_epoch")
        return epoch

    async def unpublished(self, streams: Iterable[str]) -> Mapping[str, int]:
        possible = [stream for stream in streams if "\0" not in stream]
        rows = await (await self._opened()).fetch(_UNPUBLISHED, possible) if possible else []
        return {row["stream_id"]: row["version"] for row in rows}

    async def _opened(self) -> Pool:
        if self._pool is None:
            self._pool = await asyncpg.create_pool(
                self._dsn, min_size=0, max_size=1, command_timeout=30, timeout=10
            )
        return self._pool

    async def close(self) -> None:
        pool, self._pool = self._pool, None
        if pool:
            await pool.close()

    def terminate(self) -> None:
        if self._pool:
            self._pool.terminate()


def differences(envelope: Envelope, value: bytes, row: Row) -> list[str]:
    """The parts of a message that differ from its row. The data must be the same bytes, the metadata the same values."""
    meta = Meta.model_validate_json(row.meta)
    pairs = {
        "epoch": (envelope.epoch, row.epoch),
        "type": (envelope.type, row.type),
        "time": (envelope.recorded_at, row.recorded_at),
        "meta": (envelope.meta, meta),
        "data": (value, row.data.encode()),
    }
    return [name for name, (message, log) in pairs.items() if message != log]


_AT = """
    select e.stream_id, e.version, e.type, e.data, e.meta::text, e.recorded_at, e.epoch
      from unnest($1::text[], $2::bigint[]) as key (stream_id, version)
      join events e using (stream_id, version)
"""
_UNPUBLISHED = """
    select stream_id, max(version) as version from events
     where stream_id = any($1) and epoch = 0 group by stream_id
"""
