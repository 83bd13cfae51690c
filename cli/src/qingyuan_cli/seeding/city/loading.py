"""Loads millions of facts into a service's log directly, as the owner of its tables and without commands.

They are written into epoch 0, which sorts before every relay's cursor, so no relay publishes them and no reaction acts on
them. Read models must be rebuilt from the log afterwards. The auditor recognises these facts by their epoch: they are not
in the topic, and it reports no gaps.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

import asyncpg
from qingyuan_events import Actor, Meta
from qingyuan_runtime.domain.decider import Claim

HISTORY_EPOCH = 0
BATCH = 20_000
IMPORTER = Actor(account=UUID(int=0), kind="system")
META = Meta(actor=IMPORTER, command_id=UUID(int=0), correlation=UUID(int=0)).model_dump_json(
    exclude_none=True
)

_STREAMS = """
    insert into streams (stream_id, version, epoch, last_xid, parent, closed)
    select s, v, 0, pg_current_xact_id(), p, false from unnest($1::text[], $2::bigint[], $3::text[]) as made (s, v, p)
"""
_COLUMNS = ("stream_id", "version", "type", "data", "meta", "recorded_at", "epoch")
_CLAIM = ("kind", "value", "stream_id")


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """All facts of one stream as (type, JSON text, time), its parent stream, and the kinds and values that it has claimed."""

    stream: str
    facts: tuple[tuple[str, str, datetime], ...]
    parent: str | None = None
    claims: tuple[tuple[str, str], ...] = ()


async def load(owner_dsn: str, streams: Iterable[StreamFacts], progress: Callable[[int], None]) -> int:
    """Append whole streams. Returns the number of facts. Raises asyncpg's UniqueViolationError where a stream exists."""
    connection = await asyncpg.connect(owner_dsn)
    done = 0
    try:
        for batch in _batches(streams):
            async with connection.transaction():
                done += await _append(connection, batch)
            progress(done)
        await connection.execute("analyze events")
    finally:
        await connection.close()
    return done


def _batches(streams: Iterable[StreamFacts]) -> Iterator[list[StreamFacts]]:
    remaining = iter(streams)
    while batch := list(islice(remaining, BATCH // 8)):
        yield batch


async def _append(connection: asyncpg.Connection, batch: list[StreamFacts]) -> int:
    rows = [
        (stream_facts.stream, version, type_, data, META, at, HISTORY_EPOCH)
        for stream_facts in batch
        for version, (type_, data, at) in enumerate(stream_facts.facts, start=1)
    ]
    columns = (
        [stream_facts.stream for stream_facts in batch],
        [len(stream_facts.facts) for stream_facts in batch],
        [stream_facts.parent for stream_facts in batch],
    )
    await connection.execute(_STREAMS, *columns)
    await connection.copy_records_to_table("events", records=rows, columns=_COLUMNS)
    claims = [(*claim, stream_facts.stream) for stream_facts in batch for claim in stream_facts.claims]
    await connection.copy_records_to_table("claims", records=claims, columns=_CLAIM)
    return len(rows)


def claimed(claims: Iterable[Claim]) -> tuple[tuple[str, str], ...]:
    return tuple((claim.kind, claim.value) for claim in claims)


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
