"""The event store in PostgreSQL. The checks and inserts are SQL functions (`sql/event_store.sql`), in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import asyncpg
from qingyuan_events import Fact, Meta, Recorded, decode, encode

from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.domain.decider import Claim
from qingyuan_runtime.log.announcing import Announcer
from qingyuan_runtime.log.batching import Batcher
from qingyuan_runtime.log.store import (
    ChildrenNotVoided,
    ChildrenOpen,
    ClaimTaken,
    CommandReused,
    Conflict,
    ParentClosed,
    ParentMissing,
    Receipt,
    Write,
)

TRIES = 10
TOGETHER_MOST = 32
"""Commands in one transaction. Each is a subtransaction, of which PostgreSQL caches 64 per transaction."""
WRITERS = 2
"""Batches at a time: while one waits for its commit, the next is at work."""

_READ = """
    select stream_id, version, type, data, meta, recorded_at, epoch
      from events where stream_id = any($1) order by stream_id, version
"""
_RECEIPT = "select fingerprint, stream_id, version from commands where command_id = $1"
_HOLDER = "select stream_id from claims where kind = $1 and value = $2"
_APPEND = "select * from append_command($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
_TOGETHER = "select * from append_commands($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
_BEGIN = "select * from begin_append($1, $2, $3, $4, $5)"
_ADD = "select add_write($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"

OLDER_TRANSACTION = "QY002"
"""SQLSTATE: a younger transaction has written to the stream, so this one would be published in the wrong order."""


@dataclass(frozen=True, slots=True)
class Command:
    """What one command appends to one stream."""

    write: Write
    meta: Meta
    fingerprint: str


class PostgresStore:
    """`pool` connects as the application role, which may append through functions and not otherwise."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._announcer = Announcer(pool)
        self._reading = Batcher(self._read_streams, writers=WRITERS, most=TOGETHER_MOST)
        self._appending = Batcher(self._append_commands, writers=WRITERS, most=TOGETHER_MOST)

    async def read(self, stream: str) -> Sequence[Recorded[Fact]]:
        return await self._reading.do(stream)

    async def _read_streams(self, streams: Sequence[str]) -> Sequence[Sequence[Recorded[Fact]]]:
        """Streams requested while others were being read, in one query. Each is read after it was requested."""
        facts: dict[str, list[Recorded[Fact]]] = {stream: [] for stream in streams}
        for row in await self._pool.fetch(_READ, list(facts)):
            facts[row["stream_id"]].append(recorded(row))
        return [facts[stream] for stream in streams]

    async def receipt(self, command_id: UUID, fingerprint: str) -> Receipt | None:
        row = await self._pool.fetchrow(_RECEIPT, command_id)
        if row is None:
            return None
        if row["fingerprint"] != fingerprint:
            raise CommandReused
        return Receipt(row["stream_id"], row["version"])

    async def holder(self, claim: Claim) -> str | None:
        stream: str | None = await self._pool.fetchval(_HOLDER, claim.kind, claim.value)
        return stream

    async def open_children(self, parent: str) -> Sequence[str]:
        rows = await self._pool.fetch(
            "select stream_id from streams where parent = $1 and not closed", parent
        )
        return [row["stream_id"] for row in rows]

    async def append(self, writes: Sequence[Write], meta: Meta, fingerprint: str) -> Receipt:
        command = Command(writes[0], meta, fingerprint)
        receipt = await self._appending.do(command) if len(writes) == 1 else None
        receipt = receipt or await self._append_alone(writes, meta, fingerprint)
        self._announcer.announce()
        return receipt

    async def _append_commands(self, commands: Sequence[Command]) -> Sequence[Receipt | None]:
        """Several in one transaction. None for a command that failed: it is appended again alone, to get its error."""
        if len(commands) == 1:
            (only,) = commands
            return [await self._append_alone([only.write], only.meta, only.fingerprint)]
        try:
            rows = await self._pool.fetch(_TOGETHER, *_columns(commands))
        except asyncpg.PostgresError:
            return [None] * len(commands)
        return [Receipt(*row) if row["answer_stream"] else None for row in rows]

    async def _append_alone(self, writes: Sequence[Write], meta: Meta, fingerprint: str) -> Receipt:
        for _ in range(TRIES):
            try:
                return await self._append_once(writes, meta, fingerprint)
            except asyncpg.PostgresError as error:
                if error.sqlstate == OLDER_TRANSACTION or isinstance(error, asyncpg.DeadlockDetectedError):
                    continue
                raise _translated(error) or error from error
        raise Conflict(writes[0].stream)

    async def _append_once(self, writes: Sequence[Write], meta: Meta, fingerprint: str) -> Receipt:
        if len(writes) == 1:
            row = await self._pool.fetchrow(
                _APPEND, meta.command_id, fingerprint, *_arguments(writes[0], meta)
            )
            assert row is not None
            return Receipt(row["answer_stream"], row["answer_version"])
        return await self._append_several(writes, meta, fingerprint)

    async def _append_several(self, writes: Sequence[Write], meta: Meta, fingerprint: str) -> Receipt:
        """One transaction over several streams. New streams need no lock: the check of transaction ids keeps the order."""
        first = writes[0]
        receipt = Receipt(first.stream, first.expected + len(first.facts))
        locks = [write.stream for write in writes if write.expected]
        async with self._pool.acquire() as connection, connection.transaction():
            earlier = await connection.fetchrow(
                _BEGIN, locks, meta.command_id, fingerprint, receipt.stream, receipt.version
            )
            if earlier:
                return Receipt(earlier["stream_id"], earlier["version"])
            await connection.executemany(_ADD, [_arguments(write, meta) for write in writes])
        return receipt


def _arguments(write: Write, meta: Meta) -> tuple[object, ...]:
    return (
        write.stream,
        write.expected,
        [fact.type for fact in write.facts],
        [encode(fact).decode() for fact in write.facts],
        meta.model_dump_json(exclude_none=True),
        write.parent,
        write.closes,
        [claim.kind for claim in write.claims],
        [claim.value for claim in write.claims],
        write.voids,
        write.releases,
    )


def _columns(commands: Sequence[Command]) -> tuple[object, ...]:
    writes = [command.write for command in commands]
    facts = [fact for write in writes for fact in write.facts]
    claims = [claim for write in writes for claim in write.claims]
    return (
        [command.meta.command_id for command in commands],
        [command.fingerprint for command in commands],
        [write.stream for write in writes],
        [write.expected for write in writes],
        [command.meta.model_dump_json(exclude_none=True) for command in commands],
        [write.parent for write in writes],
        [write.closes for write in writes],
        [len(write.facts) for write in writes],
        [fact.type for fact in facts],
        [encode(fact).decode() for fact in facts],
        [len(write.claims) for write in writes],
        [claim.kind for claim in claims],
        [claim.value for claim in claims],
        [write.voids for write in writes],
        [write.releases for write in writes],
    )


@lru_cache(maxsize=64)
def _meta(text: str) -> Meta:
    """Cached, since all facts of one command have the same metadata and follow each other."""
    return Meta.model_validate_json(text)


def recorded(row: asyncpg.Record) -> Recorded[Fact]:
    """A row of `events` as the fact it holds."""
    return Recorded(
        stream=row["stream_id"],
        version=row["version"],
        recorded_at=row["recorded_at"],
        meta=_meta(row["meta"]),
        fact=decode(row["type"], row["data"]),
        epoch=row["epoch"],
    )


def _translated(error: asyncpg.PostgresError) -> Exception | None:
    message, detail = str(error.args[0]), getattr(error, "detail", None) or ""
    match error.sqlstate:
        case "QY001":
            return Conflict(detail, int(message))
        case "QY003":
            return ClaimTaken(Claim(detail, message))
        case "QY004":
            return ParentMissing(message)
        case "QY005":
            return ParentClosed(message)
        case "QY006":
            return ChildrenOpen(message)
        case "QY007":
            return CommandReused()
        case "QY008":
            return ChildrenNotVoided(message)
    return None
