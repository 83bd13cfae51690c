"""Stop 7 of a command's walk: from Kafka into the rows of a read model, each effect exactly once.

The offset moves in the same transaction as the rows, and only from where this process believes it to
be: a second process on the same partition changes nothing and starts anew from the stored offset.
"""

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Protocol

import structlog
from qingyuan_events import Fact, Recorded, from_message

from qingyuan_runtime import metrics
from qingyuan_runtime.away import AWAY, Patience, is_away
from qingyuan_runtime.broker import Delivered, Reader
from qingyuan_runtime.closing import opened
from qingyuan_runtime.database import Connection, Pool
from qingyuan_runtime.dead_letters import Poison, count, parked, set_aside
from qingyuan_runtime.telemetry import is_sampled, span
from qingyuan_runtime.trust import EVERYTHING, Sifted, Trust

TRIES = 3
STUCK_AFTER = 30.0
WATCH_EVERY = 2.0
MAX_RECORDS = 5_000

log = structlog.get_logger()


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
Batches = Mapping[int, Sequence[Delivered]]


class ProjectionRunner:
    """Applies a topic's partitions to one build of one read model (the schema in `pool`'s search path)."""

    def __init__(
        self,
        projection: Projection,
        pool: Pool,
        open_reader: OpenReader,
        *,
        only: Iterable[int] | None = None,
        stuck_after: float = STUCK_AFTER,
        trust: Trust = EVERYTHING,
    ) -> None:
        self._projection = projection
        self.trust = trust
        self._pool = pool
        self._open_reader = open_reader
        self._only = frozenset(only) if only is not None else None
        self._stuck_after = stuck_after
        self._offsets: dict[int, int] = {}
        self._progress = time.monotonic()
        self._watched = 0.0
        self._patience = Patience()

    async def run(self) -> None:
        """Follow the topic until cancelled. Raises `Stuck`, `HoleInStream` or `OffsetGone`."""
        while True:
            try:
                await self._follow()
            except Overtaken:
                log.info("projection.overtaken", model=self._projection.model)
            except AWAY as error:
                log.warning("projection.interrupted", model=self._projection.model, reason=error)
                await self._patience.after(error)

    async def _follow(self) -> None:
        async with opened(self._open_reader()) as reader:
            await self._assign(reader)
            while True:
                await self._step(reader)

    async def catch_up(self, ends: Mapping[int, int]) -> None:
        """Apply until every partition has reached its end as given. For rebuilds and tests."""
        async with opened(self._open_reader()) as reader:
            await self._assign(reader)
            while any(self._offsets.get(n, 0) < end for n, end in ends.items()):
                await self._step(reader)

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
        if batches:
            await self._apply_patiently(batches)
            self._progress = time.monotonic()
        self._patience.well()
        if not batches or time.monotonic() - self._watched > WATCH_EVERY:
            await self._watch(reader)

    async def _watch(self, reader: Reader) -> None:
        """Lag and letters for the metrics; lag with no progress for long means this process is no good."""
        self._watched = time.monotonic()
        lag = sum(max(0, end - self._offsets.get(n, end)) for n, end in (await reader.ends()).items())
        metrics.projection_lag_events.labels(self._projection.model).set(lag)
        async with self._pool.acquire() as connection:
            metrics.dead_letters.labels(self._projection.model).set(await count(connection))
        if lag == 0:
            self._progress = time.monotonic()
        elif time.monotonic() - self._progress > self._stuck_after:
            raise Stuck(f"{self._projection.model}: {lag} messages wait")

    async def _apply_patiently(self, batches: Batches) -> None:
        """Three tries for all as it is; then each stream by itself, and the bad ones are set aside."""
        for _ in range(TRIES):
            try:
                await self._apply(batches, isolate=False)
            except (Overtaken, HoleInStream):
                raise
            except Exception as error:
                if is_away(error):
                    raise
                log.warning("projection.failed", model=self._projection.model, error=error)
            else:
                return
        for partition, records in batches.items():
            await self._apply({partition: records}, isolate=True)

    async def _apply(self, batches: Batches, *, isolate: bool) -> None:
        """What one poll brought, in one transaction: a commit costs more than the rows of a few facts.

        The offsets move first: whoever swaps a build or takes letters away holds that table.
        """
        following = {partition: records[-1].offset + 1 for partition, records in batches.items()}
        sifted = await self._sift([record for one in batches.values() for record in one])
        records = sifted.genuine
        async with self._pool.acquire() as connection, connection.transaction():
            await self._move_offsets(connection, following)
            kept = await parked(connection, records)
            waiting = [Poison(record, BEHIND) for record in records if record.key in kept]
            await set_aside(connection, [*sifted.forged, *waiting])
            fresh = [record for record in records if record.key not in kept]
            applied: Sequence[Recorded[Fact]]
            if isolate:
                applied = await self._apply_each_stream(connection, fresh)
            else:
                applied = await self._apply_new(connection, [_decoded(record) for record in fresh])
        self._offsets |= following
        self._count(applied, repeated=len(fresh) - len(applied))

    async def _sift(self, records: Sequence[Delivered]) -> Sifted:
        return await self.trust.sift(records, self._projection.model)

    def _count(self, applied: Sequence[Recorded[Fact]], *, repeated: int) -> None:
        """After the commit: what was rolled back did not happen."""
        metrics.projection_applied_total.labels(self._projection.model).inc(len(applied))
        metrics.projection_skipped_total.labels(self._projection.model).inc(repeated)
        _trace(self._projection.model, applied)

    async def _move_offsets(self, connection: Connection, following: Mapping[int, int]) -> None:
        partitions = sorted(following)
        moved = await connection.execute(
            _MOVE_OFFSETS,
            self._projection.topic,
            partitions,
            [following[n] for n in partitions],
            [self._offsets[n] for n in partitions],
        )
        if moved != f"INSERT 0 {len(partitions)}":
            raise Overtaken

    async def _apply_new(
        self, connection: Connection, facts: Sequence[Recorded[Fact]]
    ) -> Sequence[Recorded[Fact]]:
        """Leave out what was applied before, by stream version, and insist that none is missing."""
        fresh, versions = await _unseen(connection, facts)
        if fresh:
            await self._projection.apply(connection, fresh)
            await connection.execute(REMEMBER, list(versions), list(versions.values()))
        return fresh

    async def apply_recorded(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        """Apply facts that come from the store or from dead letters, in the caller's transaction."""
        await self._apply_new(connection, facts)

    async def _apply_each_stream(
        self, connection: Connection, records: Sequence[Delivered]
    ) -> list[Recorded[Fact]]:
        streams: dict[bytes, list[Delivered]] = {}
        for record in records:
            streams.setdefault(record.key, []).append(record)
        applied: list[Recorded[Fact]] = []
        for mine in streams.values():
            fresh, error = await self._try(connection, mine)
            applied += fresh if error is None else await self._apply_up_to_poison(connection, mine)
        return applied

    async def _apply_up_to_poison(
        self, connection: Connection, records: Sequence[Delivered]
    ) -> list[Recorded[Fact]]:
        """One by one, so that the first letter of a parked stream is the one that cannot be applied."""
        applied: list[Recorded[Fact]] = []
        for number, record in enumerate(records):
            fresh, error = await self._try(connection, [record])
            if error is not None:
                log.error("projection.set_aside", model=self._projection.model, error=error)
                behind = [Poison(later, BEHIND) for later in records[number + 1 :]]
                await set_aside(connection, [Poison(record, repr(error)), *behind])
                break
            applied += fresh
        return applied

    async def _try(
        self, connection: Connection, records: Sequence[Delivered]
    ) -> tuple[Sequence[Recorded[Fact]], Exception | None]:
        try:
            async with connection.transaction():
                return await self._apply_new(connection, [_decoded(record) for record in records]), None
        except HoleInStream:
            raise
        except Exception as error:
            if is_away(error):
                raise
            return (), error


BEHIND = "its stream is parked"
_MOVE_OFFSETS = """
    insert into projection_offset as o (topic, partition, next_offset)
    select $1, moved.partition, moved.following from unnest($2::int[], $3::bigint[]) as moved(partition, following)
    on conflict (topic, partition) do update set next_offset = excluded.next_offset
     where o.next_offset = ($4::bigint[])[array_position($2::int[], o.partition)]
"""
REMEMBER = """
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
