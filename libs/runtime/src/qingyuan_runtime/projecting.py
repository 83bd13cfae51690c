"""Stop 7 of a command's walk: from Kafka into the rows of a read model, each effect exactly once.

The offset moves in the same transaction as the rows, and only from where this process believes it to
be: a second process on the same partition changes nothing and starts anew from the stored offset.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Protocol

import asyncpg
import structlog
from qingyuan_events import Fact, Recorded, from_message

from qingyuan_runtime import metrics
from qingyuan_runtime.broker import Delivered, Reader
from qingyuan_runtime.database import Connection, Pool
from qingyuan_runtime.dead_letters import Poison, parked, set_aside
from qingyuan_runtime.telemetry import is_sampled, span

TRIES = 3
STUCK_AFTER = 30.0
MAX_RECORDS = 5_000

log = structlog.get_logger()

Transient = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    TimeoutError,
)


class Projection(Protocol):
    """One read model. Called inside the transaction that also moves the offset; must touch nothing else."""

    model: str
    topic: str

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        """Write the rows these facts lead to. Facts come once, and in order within a stream."""
        ...


class Overtaken(Exception):
    """The stored offset is not where this process left it: another one works here, or a build was swapped."""


class HoleInStream(Exception):
    """A fact is missing before this one. Nothing may be applied past it; look at the auditor."""


class Stuck(Exception):
    """There is something to read and nothing was applied for a while: better a new process than this one."""


OpenReader = Callable[[], Awaitable[Reader]]


class ProjectionRunner:
    """Applies a topic's partitions to one build of one read model (the schema in `pool`'s search path)."""

    def __init__(
        self,
        projection: Projection,
        pool: Pool,
        open_reader: OpenReader,
        *,
        only: Iterable[int] | None = None,
    ) -> None:
        self._projection = projection
        self._pool = pool
        self._open_reader = open_reader
        self._only = frozenset(only) if only is not None else None
        self._offsets: dict[int, int] = {}
        self._progress = time.monotonic()

    async def run(self) -> None:
        """Follow the topic until cancelled. Raises `Stuck`, `HoleInStream` or `OffsetGone`."""
        while True:
            try:
                await self._follow()
            except Overtaken:
                log.info("projection.overtaken", model=self._projection.model)
            except Transient as error:
                log.warning("projection.interrupted", model=self._projection.model, reason=str(error))
                await asyncio.sleep(0.5)

    async def _follow(self) -> None:
        reader = await self._open_reader()
        try:
            await self._assign(reader)
            while True:
                await self._step(reader)
        finally:
            await reader.close()

    async def catch_up(self, ends: Mapping[int, int]) -> None:
        """Apply until every partition has reached its end as given. For rebuilds and tests."""
        reader = await self._open_reader()
        try:
            await self._assign(reader)
            while any(self._offsets.get(n, 0) < end for n, end in ends.items()):
                await self._step(reader)
        finally:
            await reader.close()

    async def _assign(self, reader: Reader) -> None:
        stored = await self._pool.fetch(
            "select partition, next_offset from projection_offset where topic = $1", self._projection.topic
        )
        beginnings = await reader.beginnings()
        mine = [n for n in beginnings if self._only is None or n in self._only]
        known = {row["partition"]: row["next_offset"] for row in stored}
        self._offsets = {n: known.get(n, beginnings[n]) for n in mine}
        await reader.assign(self._offsets)

    async def _step(self, reader: Reader) -> None:
        batches = await reader.poll(timeout_ms=500, max_records=MAX_RECORDS)
        for partition, records in batches.items():
            await self._apply_patiently(partition, records)
        await self._watch(reader, idle=not batches)

    async def _watch(self, reader: Reader, *, idle: bool) -> None:
        """When idle the lag is asked for; lag with no progress for long means this process is no good."""
        if not idle:
            self._progress = time.monotonic()
            return
        lag = sum(max(0, end - self._offsets.get(n, end)) for n, end in (await reader.ends()).items())
        metrics.projection_lag_events.labels(self._projection.model).set(lag)
        if lag == 0:
            self._progress = time.monotonic()
        elif time.monotonic() - self._progress > STUCK_AFTER:
            raise Stuck(f"{self._projection.model}: {lag} messages wait")

    async def _apply_patiently(self, partition: int, records: Sequence[Delivered]) -> None:
        """Three tries for the batch as it is; then each stream by itself, and the bad ones are set aside."""
        for _ in range(TRIES):
            try:
                await self._apply(partition, records, isolate=False)
            except (*Transient, Overtaken, HoleInStream):
                raise
            except Exception as error:
                log.warning("projection.failed", model=self._projection.model, error=repr(error))
            else:
                return
        await self._apply(partition, records, isolate=True)

    async def _apply(self, partition: int, records: Sequence[Delivered], *, isolate: bool) -> None:
        following = records[-1].offset + 1
        async with self._pool.acquire() as connection, connection.transaction():
            await self._move_offset(connection, partition, following)
            kept = await parked(connection, records)
            await set_aside(connection, [Poison(record, "its stream is parked") for record in kept])
            fresh = [record for record in records if record not in kept] if kept else records
            if isolate:
                await self._apply_each_stream(connection, fresh)
            else:
                await self._apply_new(connection, [_decoded(record) for record in fresh])
        self._offsets[partition] = following

    async def _move_offset(self, connection: Connection, partition: int, following: int) -> None:
        moved = await connection.execute(
            """
            insert into projection_offset as o (topic, partition, next_offset) values ($1, $2, $4)
            on conflict (topic, partition) do update set next_offset = $4 where o.next_offset = $3
            """,
            self._projection.topic,
            partition,
            self._offsets[partition],
            following,
        )
        if moved != "INSERT 0 1":
            raise Overtaken

    async def _apply_new(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        """Leave out what was applied before, by stream version, and insist that none is missing."""
        fresh, versions = await _unseen(connection, facts)
        metrics.projection_skipped_total.labels(self._projection.model).inc(len(facts) - len(fresh))
        if not fresh:
            return
        await self._projection.apply(connection, fresh)
        await connection.execute(_REMEMBER, list(versions), list(versions.values()))
        metrics.projection_applied_total.labels(self._projection.model).inc(len(fresh))
        _trace(self._projection.model, fresh)

    async def apply_recorded(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        """Apply facts that come from the store or from dead letters, in the caller's transaction."""
        await self._apply_new(connection, facts)

    async def _apply_each_stream(self, connection: Connection, records: Sequence[Delivered]) -> None:
        for stream in dict.fromkeys(record.key for record in records):
            mine = [record for record in records if record.key == stream]
            try:
                async with connection.transaction():
                    await self._apply_new(connection, [_decoded(record) for record in mine])
            except (*Transient, HoleInStream):
                raise
            except Exception as error:
                log.error("projection.set_aside", model=self._projection.model, stream=stream.decode())
                await set_aside(connection, [Poison(record, repr(error)) for record in mine])


_REMEMBER = """
    insert into projection_stream (stream_id, version) select * from unnest($1::text[], $2::bigint[])
    on conflict (stream_id) do update set version = excluded.version
"""


async def _unseen(
    connection: Connection, facts: Sequence[Recorded[Fact]]
) -> tuple[list[Recorded[Fact]], dict[str, int]]:
    streams = list({fact.stream for fact in facts})
    rows = await connection.fetch(
        "select stream_id, version from projection_stream where stream_id = any($1)", streams
    )
    seen = {row["stream_id"]: row["version"] for row in rows}
    fresh: list[Recorded[Fact]] = []
    versions: dict[str, int] = {}
    for fact in facts:
        last = versions.get(fact.stream, seen.get(fact.stream, 0))
        if fact.version <= last:
            continue
        if fact.version > last + 1:
            raise HoleInStream(f"{fact.stream}: {last} then {fact.version}")
        fresh.append(fact)
        versions[fact.stream] = fact.version
    return fresh, versions


def _decoded(record: Delivered) -> Recorded[Fact]:
    return from_message(record.headers, record.value)


def _trace(model: str, facts: Sequence[Recorded[Fact]]) -> None:
    """A span for each sampled fact that was applied, so that a trace reaches the row it caused."""
    for fact in facts:
        if is_sampled(fact.meta.traceparent):
            with span(f"project {model}", fact.meta.traceparent):
                pass
