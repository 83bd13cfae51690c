"""Facts that a projection could not apply. Their stream is parked: later facts of it wait behind the first.

Other streams flow on. A person looks, mends the code or the row, and lets the stream go on in order.
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


BEHIND = "its stream is parked"
STREAM_MOST = 600
"""Characters; in the longest encoding still less than a page of an index takes."""


@dataclass(frozen=True, slots=True)
class ParkedStream:
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
    return {one.stream for one in await list_parked(connection) if not one.error.startswith(FORGED)}


async def put_behind(connection: Connection, records: Sequence[Delivered]) -> list[Delivered]:
    """Set aside those whose stream is parked; the others."""
    kept = await parked(connection, records)
    await set_aside(connection, [Poison(record, BEHIND) for record in records if record.key in kept])
    return [record for record in records if record.key not in kept]


_PARKED = """
    select distinct stream_id from dead_letter where stream_id = any($1) and not starts_with(error, $2)
"""


async def set_aside(connection: Connection, poison: Sequence[Poison]) -> None:
    """What is read from the log although it waits here already is not kept a second time."""
    await connection.executemany(_SET_ASIDE, [(*_row(one), FORGED) for one in poison])


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
    """Must not fail, whatever the message is: nothing else keeps it from stopping the partition."""
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
    """The stream that a message belongs to by its key, as text that a database can hold and look up.

    No stream of ours has so long a name; of a key that is longer the end is left out, since no index takes it.
    """
    return _text(record.key)[:STREAM_MOST]


def _text(raw: bytes | str) -> str:
    """PostgreSQL's text holds no zero byte."""
    text = raw if isinstance(raw, str) else raw.decode(errors="replace")
    return text.replace("\0", "\ufffd")


async def list_parked(connection: Connection) -> list[ParkedStream]:
    """Parked streams, the longest waiting first; forged letters beside them, although they park nothing."""
    rows = await connection.fetch(_LIST, FORGED)
    found = [
        ParkedStream(r["stream_id"], r["letters"], r["version"], r["type"] or "?", r["error"], r["set_aside"])
        for r in rows
    ]
    return sorted(found, key=lambda one: one.since)


_LIST = """
    select distinct on (stream_id, starts_with(error, $1)) stream_id, version, headers->>'ce_type' as type, error,
           set_aside, count(*) over (partition by stream_id, starts_with(error, $1)) as letters
      from dead_letter order by stream_id, starts_with(error, $1), version, letter
"""


async def show(connection: Connection, stream: str) -> list[asyncpg.Record]:
    """Every letter of one stream, in order."""
    return list(
        await connection.fetch(
            "select * from dead_letter where stream_id = $1 order by version, letter", stream
        )
    )


async def count(connection: Connection) -> int:
    found: int = await connection.fetchval("select count(*) from dead_letter")
    return found


async def retry(connection: Connection, stream: str, apply: Apply, trust: Trust | None = None) -> int:
    """Apply a parked stream's letters in order; when all went well the stream flows again.

    A letter taken for forged goes with them where `trust` finds it genuine by now, and stays where it is otherwise.
    Raises what `apply` raised: what came before that letter is applied, it is the first of the rest now.
    """
    async with _alone(connection):
        applied, error = await _flow(connection, await _believed(connection, stream, trust), apply)
    if error:
        raise error
    return applied


async def release(connection: Connection, stream: str, apply: Apply) -> int:
    """Give up the first letter of a stream for good (a rebuild will meet it again) and go on in order.

    The number of letters that are no longer parked: a later one may be poison too, and stays with the rest.
    Of a stream that is not parked the forged letters are thrown away.
    """
    async with _alone(connection):
        letters = await _believed(connection, stream)
        if not letters:
            return len(await connection.fetch(_THROW_AWAY, stream, FORGED))
        await connection.execute(_STEP_OVER, stream, letters[0]["version"])
        await _remove(connection, letters[0])
        applied, _ = await _flow(connection, letters[1:], apply)
    return 1 + applied


async def _believed(connection: Connection, stream: str, trust: Trust | None = None) -> list[asyncpg.Record]:
    """The stream's letters, without those that are forged."""
    letters = await show(connection, stream)
    forged = [letter for letter in letters if letter["error"].startswith(FORGED)]
    sifted = await trust.verify([_delivered(letter) for letter in forged], "retry") if trust else None
    cleared = {(record.partition, record.offset) for record in sifted.genuine} if sifted else set()
    refused = {_place(letter) for letter in forged} - cleared
    refused_letters = {letter["letter"] for letter in forged if _place(letter) in refused}
    return [letter for letter in letters if letter["letter"] not in refused_letters]


def _place(letter: asyncpg.Record) -> tuple[int, int]:
    return letter["partition"], letter["message_offset"]


async def _flow(
    connection: Connection, letters: Sequence[asyncpg.Record], apply: Apply
) -> tuple[int, Exception | None]:
    """Apply letters one by one up to the first that fails; it keeps what it failed with."""
    for number, letter in enumerate(letters):
        try:
            async with connection.transaction():
                await apply(connection, [_recorded(letter)])
                await _remove(connection, letter)
        except Exception as error:
            await connection.execute(_MARK, letter["letter"], _text(repr(error)))
            return number, error
    return len(letters), None


async def throw_away(connection: Connection, letters: Sequence[int]) -> None:
    """Letters that say what is in no log."""
    await connection.execute("delete from dead_letter where letter = any($1::bigint[])", list(letters))


async def _remove(connection: Connection, letter: asyncpg.Record) -> None:
    await connection.execute(_REMOVE, letter["letter"])


_REMOVE = "delete from dead_letter where letter = $1"
_THROW_AWAY = "delete from dead_letter where stream_id = $1 and starts_with(error, $2) returning 1"
_MARK = "update dead_letter set error = $2 where letter = $1"
_STEP_OVER = """
    insert into projection_stream as p (stream_id, version) values ($1, $2)
    on conflict (stream_id) do update set version = excluded.version, epoch = null
     where p.version < excluded.version
"""


@asynccontextmanager
async def _alone(connection: Connection) -> AsyncIterator[None]:
    """A transaction in which no projector moves: its first statement waits for this table.

    Else a fact that arrives meanwhile is put behind letters that are just being taken away.
    """
    async with connection.transaction():
        await connection.execute("lock table projection_offset in exclusive mode")
        yield


def _delivered(letter: asyncpg.Record) -> Delivered:
    headers = {name: text.encode() for name, text in json.loads(letter["headers"]).items()}
    return Delivered(*_place(letter), letter["stream_id"].encode(), letter["value"].encode(), headers)


def _recorded(letter: asyncpg.Record) -> Recorded[Fact]:
    record = _delivered(letter)
    return from_message(record.headers, record.value)
