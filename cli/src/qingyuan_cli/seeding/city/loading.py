"""Facts by the million into a service's log, as its owner, past the commands.

They are written into epoch 0, below every cursor: as facts that an elder cluster has published already. No relay
sends them, so no reaction acts on them; read models are made anew from the log afterwards. The auditor knows by the
epoch that they were never published, and misses them nowhere.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

import asyncpg
from qingyuan_events import Actor, Meta

ELDER_EPOCH = 0
BATCH = 20_000
OFFICE = Actor(account=UUID(int=0), kind="system")
META = Meta(actor=OFFICE, command_id=UUID(int=0), correlation=UUID(int=0)).model_dump_json(exclude_none=True)

_STREAMS = """
    insert into streams (stream_id, version, epoch, last_xid, parent, closed)
    select s, v, 0, pg_current_xact_id(), p, false from unnest($1::text[], $2::bigint[], $3::text[]) as made (s, v, p)
"""
_COLUMNS = ("stream_id", "version", "type", "data", "meta", "recorded_at", "epoch")


@dataclass(frozen=True, slots=True)
class Story:
    """All facts of one stream: (type, JSON text, when), and the stream it hangs from."""

    stream: str
    facts: tuple[tuple[str, str, datetime], ...]
    parent: str | None = None


async def load(owner_dsn: str, stories: Iterable[Story], progress: Callable[[int], None]) -> int:
    """Append whole streams; how many facts. Raises asyncpg's UniqueViolationError where a stream is there already."""
    connection = await asyncpg.connect(owner_dsn)
    done = 0
    try:
        for batch in _batches(stories):
            async with connection.transaction():
                done += await _append(connection, batch)
            progress(done)
        await connection.execute("analyze events")
    finally:
        await connection.close()
    return done


def _batches(stories: Iterable[Story]) -> Iterator[list[Story]]:
    left = iter(stories)
    while batch := list(islice(left, BATCH // 8)):
        yield batch


async def _append(connection: asyncpg.Connection, batch: list[Story]) -> int:
    rows = [
        (one.stream, version, type_, data, META, at, ELDER_EPOCH)
        for one in batch
        for version, (type_, data, at) in enumerate(one.facts, start=1)
    ]
    columns = (
        [one.stream for one in batch],
        [len(one.facts) for one in batch],
        [one.parent for one in batch],
    )
    await connection.execute(_STREAMS, *columns)
    await connection.copy_records_to_table("events", records=rows, columns=_COLUMNS)
    return len(rows)


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
