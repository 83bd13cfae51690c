"""Facts that a projection could not apply. Their stream is parked: later facts of it wait behind the first.

Other streams flow on. A person looks, mends the code or the row, and lets the stream go on in order.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
from qingyuan_events import Fact, Recorded, from_message

from qingyuan_runtime.broker import Delivered
from qingyuan_runtime.database import Connection

Apply = Callable[[Connection, Sequence[Recorded[Fact]]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Poison:
    record: Delivered
    error: str


@dataclass(frozen=True, slots=True)
class ParkedStream:
    stream: str
    letters: int
    first_version: int
    type: str
    error: str
    since: datetime


async def parked(connection: Connection, records: Sequence[Delivered]) -> list[Delivered]:
    """Those of `records` whose stream is parked."""
    streams = list({record.key.decode() for record in records})
    rows = await connection.fetch(
        "select distinct stream_id from dead_letter where stream_id = any($1)", streams
    )
    names = {row["stream_id"].encode() for row in rows}
    return [record for record in records if record.key in names]


async def set_aside(connection: Connection, poison: Sequence[Poison]) -> None:
    await connection.executemany(
        """
        insert into dead_letter (stream_id, version, headers, value, error)
        values ($1, $2, $3::text::jsonb, $4, $5) on conflict do nothing
        """,
        [_row(one) for one in poison],
    )


def _row(poison: Poison) -> tuple[str, int, str, str, str]:
    headers = {name: raw.decode(errors="replace") for name, raw in poison.record.headers.items()}
    version = int(headers.get("ce_streamversion", 0))
    value = poison.record.value.decode(errors="replace")
    return poison.record.key.decode(), version, json.dumps(headers, ensure_ascii=False), value, poison.error


async def list_parked(connection: Connection) -> list[ParkedStream]:
    """Parked streams, the longest waiting first."""
    rows = await connection.fetch(
        """
        select distinct on (stream_id) stream_id, version, headers->>'ce_type' as type, error, set_aside,
               count(*) over (partition by stream_id) as letters
          from dead_letter order by stream_id, version
        """
    )
    found = [
        ParkedStream(r["stream_id"], r["letters"], r["version"], r["type"] or "?", r["error"], r["set_aside"])
        for r in rows
    ]
    return sorted(found, key=lambda one: one.since)


async def show(connection: Connection, stream: str) -> list[asyncpg.Record]:
    """Every letter of one stream, in order."""
    return list(
        await connection.fetch("select * from dead_letter where stream_id = $1 order by version", stream)
    )


async def retry(connection: Connection, stream: str, apply: Apply) -> int:
    """Apply a parked stream's letters in order, all or none; the stream flows again. Raises what `apply` raises."""
    async with connection.transaction():
        letters = await show(connection, stream)
        await apply(connection, [_recorded(letter) for letter in letters])
        await connection.execute("delete from dead_letter where stream_id = $1", stream)
    return len(letters)


async def release(connection: Connection, stream: str, apply: Apply) -> int:
    """Give up the first letter of a stream for good (a rebuild will meet it again) and apply the rest in order."""
    async with connection.transaction():
        letters = await show(connection, stream)
        if not letters:
            return 0
        await connection.execute(
            """
            insert into projection_stream (stream_id, version) values ($1, $2)
            on conflict (stream_id) do update set version = excluded.version
            """,
            stream,
            letters[0]["version"],
        )
        await apply(connection, [_recorded(letter) for letter in letters[1:]])
        await connection.execute("delete from dead_letter where stream_id = $1", stream)
    return len(letters)


def _recorded(letter: asyncpg.Record) -> Recorded[Fact]:
    headers = {name: text.encode() for name, text in json.loads(letter["headers"]).items()}
    return from_message(headers, letter["value"].encode())
