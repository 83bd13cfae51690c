"""Dead letters: messages that a follower could not apply. Their stream is parked, other streams go on.

Facts of a stream must be applied in order, so later facts of a parked stream become dead letters, too. An operator finds
the cause, corrects code or data, and then applies the stream's dead letters in order (`retry`) or skips the first
(`release`).
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import asyncpg
from qingyuan_events import Fact, Recorded, from_message

from qingyuan_runtime.bus.port import Delivered
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.following.filtering import FORGED, Poison, Trust

Apply = Callable[[Connection, Sequence[Recorded[Fact]]], Awaitable[object]]

STREAM_PARKED = "its stream is parked"
"""The error of a dead letter that could perhaps be applied, but follows one that could not."""
STREAM_MOST = 600
"""Characters of a stream's name; even in the longest encoding they fit into one entry of an index."""


@dataclass(frozen=True, slots=True)
class ParkedStream:
    """What `dead-letters … list` prints of a stream: `letters` is the number of its dead letters."""

    stream: str
    letters: int
    first_version: int
    type: str
    error: str
    since: datetime


async def parked(connection: Connection, records: Sequence[Delivered]) -> set[bytes]:
    """The keys among `records` whose stream is parked."""
    names = await parked_among(connection, {stream_of(record) for record in records})
    return {record.key for record in records if stream_of(record) in names}


async def parked_among(connection: Connection, streams: Iterable[str]) -> set[str]:
    rows = await connection.fetch(_PARKED, list(streams), FORGED)
    return {row["stream_id"] for row in rows}


async def all_parked(connection: Connection) -> set[str]:
    listed = await list_parked(connection)
    return {parked.stream for parked in listed if not parked.error.startswith(FORGED)}


async def set_aside_parked(connection: Connection, records: Sequence[Delivered]) -> list[Delivered]:
    """Make dead letters of the records whose stream is parked. Returns the other records."""
    keys = await parked(connection, records)
    waiting = [Poison(record, STREAM_PARKED) for record in records if record.key in keys]
    await set_aside(connection, waiting)
    return [record for record in records if record.key not in keys]


_PARKED = """
    select distinct stream_id from dead_letter where stream_id = any($1) and not starts_with(error, $2)
"""


async def set_aside(connection: Connection, poison: Sequence[Poison]) -> None:
    """Store dead letters. A fact read from the log (partition -1) is not stored again where it already is a dead letter."""
    await connection.executemany(_SET_ASIDE, [(*_row(message), FORGED) for message in poison])


_SET_ASIDE = """
    insert into dead_letter (stream_id, version, partition, message_offset, headers, value, error)
    select $1::text, $2::bigint, $3::int, $4::bigint, $5::text::jsonb, $6::text, $7::text
     where $3::int >= 0 or not exists (
        select from dead_letter d
         where d.stream_id = $1 and d.version = $2::bigint and d.value = $6
           and not starts_with(d.error, $8)
           and d.headers->>'ce_id' is not distinct from $5::text::jsonb->>'ce_id')
"""


def _row(poison: Poison) -> tuple[object, ...]:
    """Must not fail, whatever the message holds: a message that cannot be stored here would stop its partition."""
    record = poison.record
    headers = {_text(name): _text(raw) for name, raw in record.headers.items()}
    version = headers.get("ce_streamversion", "")
    return (
        stream_of(record),
        int(version) if version.isascii() and version.isdigit() and len(version) < 18 else 0,
        record.partition,
        record.offset,
        json.dumps(headers, ensure_ascii=False),
        _text(record.value),
        _text(poison.error),
    )


def stream_of(record: Delivered) -> str:
    """The stream that a message belongs to by its key, as text that PostgreSQL can store and index.

    Longer keys than `STREAM_MOST` are cut, since an index entry cannot hold them. No stream of ours has so long a name.
    """
    return _text(record.key)[:STREAM_MOST]


def _text(raw: bytes | str) -> str:
    """PostgreSQL's text cannot hold a zero byte."""
    text = raw if isinstance(raw, str) else raw.decode(errors="replace")
    return text.replace("\0", "\ufffd")


async def list_parked(connection: Connection) -> list[ParkedStream]:
    """Parked streams, the longest waiting first. Forged messages are listed, too, although they park no stream."""
    rows = await connection.fetch(_LIST, FORGED)
    streams = [
        ParkedStream(r["stream_id"], r["letters"], r["version"], r["type"] or "?", r["error"], r["set_aside"])
        for r in rows
    ]
    return sorted(streams, key=lambda stream: stream.since)


_LIST = """
    select distinct on (stream_id, starts_with(error, $1)) stream_id, version, headers->>'ce_type' as type, error,
           set_aside, count(*) over (partition by stream_id, starts_with(error, $1)) as letters
      from dead_letter order by stream_id, starts_with(error, $1), version, letter
"""


async def show(connection: Connection, stream: str) -> list[asyncpg.Record]:
    """Every dead letter of one stream, in order."""
    return list(
        await connection.fetch(
            "select * from dead_letter where stream_id = $1 order by version, letter", stream
        )
    )


async def count(connection: Connection) -> int:
    number: int = await connection.fetchval("select count(*) from dead_letter")
    return number


async def retry(connection: Connection, stream: str, apply: Apply, trust: Trust | None = None) -> int:
    """Apply a parked stream's dead letters in order. Where all succeed the stream is no longer parked.

    One that was taken for forged is applied with them if `trust` finds it genuine by now, and else stays.
    Raises what `apply` raised: the dead letters before the failing one are applied and gone, it and later ones stay.
    """
    async with _exclusively(connection):
        applied, error = await _apply_in_order(
            connection, await _applicable(connection, stream, trust), apply
        )
    if error:
        raise error
    return applied


async def release(connection: Connection, stream: str, apply: Apply) -> int:
    """Skip the first dead letter of a stream and apply the others in order. A rebuild will read the skipped fact again.

    Returns how many dead letters are gone. A later one may fail, too: it stays, with those after it.
    Where the stream is not parked its forged messages are deleted instead.
    """
    async with _exclusively(connection):
        dead_letters = await _applicable(connection, stream)
        if not dead_letters:
            return len(await connection.fetch(_DELETE_FORGED, stream, FORGED))
        await connection.execute(_SKIP_VERSION, stream, dead_letters[0]["version"])
        await _remove(connection, dead_letters[0])
        applied, _ = await _apply_in_order(connection, dead_letters[1:], apply)
    return 1 + applied


async def _applicable(
    connection: Connection, stream: str, trust: Trust | None = None
) -> list[asyncpg.Record]:
    """The stream's dead letters without the forged ones; `trust` verifies again those that were taken for forged."""
    rows = await show(connection, stream)
    suspect = [row for row in rows if row["error"].startswith(FORGED)]
    verified = await trust.verify([_delivered(row) for row in suspect], "retry") if trust else None
    genuine = {(record.partition, record.offset) for record in verified.genuine} if verified else set()
    forged = {row["letter"] for row in suspect if _offset(row) not in genuine}
    return [row for row in rows if row["letter"] not in forged]


def _offset(dead_letter: asyncpg.Record) -> tuple[int, int]:
    return dead_letter["partition"], dead_letter["message_offset"]


async def _apply_in_order(
    connection: Connection, dead_letters: Sequence[asyncpg.Record], apply: Apply
) -> tuple[int, Exception | None]:
    """Apply one by one up to the first that fails, whose row gets the new error. Returns how many were applied."""
    for number, dead_letter in enumerate(dead_letters):
        try:
            async with connection.transaction():
                await apply(connection, [_recorded(dead_letter)])
                await _remove(connection, dead_letter)
        except Exception as error:
            await connection.execute(_SET_ERROR, dead_letter["letter"], _text(repr(error)))
            return number, error
    return len(dead_letters), None


async def delete(connection: Connection, ids: Sequence[int]) -> None:
    await connection.execute("delete from dead_letter where letter = any($1::bigint[])", list(ids))


async def _remove(connection: Connection, dead_letter: asyncpg.Record) -> None:
    await connection.execute(_REMOVE, dead_letter["letter"])


_REMOVE = "delete from dead_letter where letter = $1"
_DELETE_FORGED = "delete from dead_letter where stream_id = $1 and starts_with(error, $2) returning 1"
_SET_ERROR = "update dead_letter set error = $2 where letter = $1"
_SKIP_VERSION = """
    insert into projection_stream as p (stream_id, version) values ($1, $2)
    on conflict (stream_id) do update set version = excluded.version, epoch = null
     where p.version < excluded.version
"""


@asynccontextmanager
async def _exclusively(connection: Connection) -> AsyncIterator[None]:
    """A transaction during which the follower applies nothing: the first statement of its own waits for this lock.

    Otherwise a fact that arrives meanwhile would become a dead letter of a stream that is just being released.
    """
    async with connection.transaction():
        await connection.execute("lock table projection_offset in exclusive mode")
        yield


def _delivered(dead_letter: asyncpg.Record) -> Delivered:
    headers = {name: text.encode() for name, text in json.loads(dead_letter["headers"]).items()}
    key, value = dead_letter["stream_id"].encode(), dead_letter["value"].encode()
    return Delivered(*_offset(dead_letter), key, value, headers)


def _recorded(dead_letter: asyncpg.Record) -> Recorded[Fact]:
    record = _delivered(dead_letter)
    return from_message(record.headers, record.value)
