"""Step 7 of "The way of one command" (README): from Kafka into the rows of a read model, each fact applied exactly once.

The offset is stored in the same transaction as the rows, and only if the stored one is still what this process wrote
last. So a second process on the same partition changes nothing, and goes on from the stored offset.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

import structlog
from qingyuan_events import Fact, Recorded, from_message

from qingyuan_runtime.bus.port import Delivered, OffsetGone
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.following.dead_letters import STREAM_PARKED, set_aside, set_aside_parked
from qingyuan_runtime.following.filtering import Poison, Trust
from qingyuan_runtime.following.follower import (
    STUCK_AFTER,
    Batches,
    Follower,
    NewEpoch,
    OpenReader,
    Overtaken,
)
from qingyuan_runtime.following.lost_facts import (
    lost_dead_letters,
    lost_facts,
    of_another_epoch,
    unseen_facts,
)
from qingyuan_runtime.following.owners_log import Gap, OwnersLog
from qingyuan_runtime.following.position import move_epoch, read_position, remember, seen_versions
from qingyuan_runtime.following.verifying import EVERYTHING
from qingyuan_runtime.following.versions_seen import Facts, StreamGap, new_facts, with_missing
from qingyuan_runtime.log.store_postgres import recorded
from qingyuan_runtime.process import metrics
from qingyuan_runtime.process.telemetry import is_sampled, span
from qingyuan_runtime.process.unavailable import is_unavailable

TRIES = 3

log = structlog.get_logger()

RebuildModel = Callable[[], Awaitable[object]]


class Projection(Protocol):
    """One read model. `apply` runs inside the transaction that also stores the offset, and may only write its own rows."""

    model: str
    topic: str

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        """Write the rows that follow from these facts. Each fact comes once, in order within a stream."""
        ...


class ProjectionRunner(Follower):
    """Applies a topic to one build of one read model (the schema in `pool`'s search path).

    `owner` is the log behind the topic. `rebuild` builds the model anew from it where the topic no longer holds all facts.
    """

    def __init__(
        self,
        projection: Projection,
        pool: Pool,
        open_reader: OpenReader,
        *,
        owner: OwnersLog | None = None,
        rebuild: RebuildModel | None = None,
        trust: Trust = EVERYTHING,
        stuck_after: float = STUCK_AFTER,
    ) -> None:
        super().__init__(projection.model, projection.topic, pool, open_reader, owner, stuck_after)
        self._projection = projection
        self._rebuild = rebuild
        self.trust = trust

    async def _start_over(self, reason: OffsetGone | NewEpoch) -> None:
        """After a restore, rebuild only if the rows here differ from what the log holds."""
        if isinstance(reason, NewEpoch) and await self._agrees(reason.epoch):
            return
        if self._rebuild is None:
            raise reason
        await self._rebuild()

    async def _agrees(self, epoch: int) -> bool:
        """Whether every fact applied here is in the log, and every older fact of the log is applied. Then `epoch` is stored."""
        assert self._owner
        position = await read_position(self._pool, self._topic)
        if await lost_facts(self._pool, self._owner, position.epoch, epoch):
            return False
        async for _ in unseen_facts(self._pool, self._owner, epoch):
            return False
        lost = await lost_dead_letters(self._pool, self._owner)
        async with self._pool.acquire() as connection:
            if not await move_epoch(connection, self._topic, position, epoch, lost):
                raise Overtaken
        return True

    async def _apply_with_retries(self, batches: Batches) -> None:
        """Three tries with everything together; then each stream by itself, and those that fail are parked."""
        for _ in range(TRIES):
            try:
                await self._apply(batches, isolate=False)
            except (Overtaken, NewEpoch):
                raise
            except Exception as error:
                if is_unavailable(error):
                    raise
                log.warning("projection.failed", model=self.name, error=error)
            else:
                return
        for partition, records in batches.items():
            await self._apply({partition: records}, isolate=True)

    async def _apply(self, batches: Batches, *, isolate: bool) -> None:
        """Apply the messages of one poll in one transaction, since a commit costs more than the rows of a few facts.

        The offsets are stored first: this waits for a swap of builds or a release of dead letters, which lock that table.
        """
        next_offsets = {partition: records[-1].offset + 1 for partition, records in batches.items()}
        messages = [record for records in batches.values() for record in records]
        verified = await self.trust.verify(messages, self.name)
        records = await self._held_by_owner(verified.genuine)
        async with self._pool.acquire() as connection, connection.transaction():
            await self._move_offsets(connection, next_offsets)
            await set_aside(connection, verified.forged)
            fresh = await set_aside_parked(connection, records)
            applied: Facts
            if isolate:
                applied = await self.apply_each_stream(connection, fresh)
            else:
                applied = await self._apply_new(connection, [_decoded(record) for record in fresh])
        self._offsets |= next_offsets
        self._count(applied, repeated=max(0, len(fresh) - len(applied)))

    async def _held_by_owner(self, records: Sequence[Delivered]) -> Sequence[Delivered]:
        """The records without those of other epochs whose facts the owner's log lacks. Raises `NewEpoch` after a restore."""
        others = of_another_epoch(records, self._epoch) if self._owner else {}
        if not self._owner or not others:
            return records
        if (
            any(epoch > self._epoch for _, _, epoch in others)
            and (epoch := await self._owner.epoch()) > self._epoch
        ):
            raise NewEpoch(epoch)
        held = await self._owner.holds(others)
        lost = {id(record) for key, record in others.items() if key not in held}
        metrics.follower_untrue_total.labels(self.name).inc(len(lost))
        if lost:
            log.warning("follower.not_in_the_log", follower=self.name, messages=len(lost))
        return [record for record in records if id(record) not in lost]

    def _count(self, applied: Facts, *, repeated: int) -> None:
        """Called after the commit, so that what is rolled back is not counted."""
        metrics.projection_applied_total.labels(self.name).inc(len(applied))
        metrics.projection_skipped_total.labels(self.name).inc(repeated)
        _trace(self.name, applied)

    async def _move_offsets(self, connection: Connection, next_offsets: Mapping[int, int]) -> None:
        partitions = sorted(next_offsets)
        moved = await connection.execute(
            _MOVE_OFFSETS,
            self._topic,
            partitions,
            [next_offsets[n] for n in partitions],
            [self._offsets[n] for n in partitions],
            self._epoch,
        )
        if moved != f"INSERT 0 {len(partitions)}":
            raise Overtaken

    async def _apply_new(self, connection: Connection, facts: Facts) -> Facts:
        """Skip facts that were applied before, by their versions, and fill gaps from the owner's log."""
        seen = await seen_versions(connection, list({fact.stream for fact in facts}))
        new = new_facts(facts, seen)
        if new.gaps:
            missing = await self._missing(new.gaps)
            new = new_facts(list(with_missing(facts, missing)), seen)
        if new.gaps:
            raise StreamGap(new.gaps[0])
        if new.fresh:
            await self._projection.apply(connection, new.fresh)
            await remember(connection, new.fresh)
        return new.fresh

    async def _missing(self, gaps: Sequence[Gap]) -> Facts:
        """What the owner's log holds of these gaps.

        Raises `NewEpoch` if some are of a newer epoch: the facts that the restore lost must be handled before they are applied.
        """
        rows = await self._owner.missing(gaps) if self._owner else []
        newest = max((row["epoch"] for row in rows), default=0)
        if 0 < self._epoch < newest:
            raise NewEpoch(newest)
        metrics.follower_filled_total.labels(self.name).inc(len(rows))
        log.warning("follower.filled", follower=self.name, gaps=len(gaps), filled=len(rows))
        return [recorded(row) for row in rows]

    async def apply_recorded(self, connection: Connection, facts: Facts) -> None:
        """Apply facts that come from a log or from dead letters, in the caller's transaction."""
        await self._apply_new(connection, facts)

    async def apply_each_stream(
        self, connection: Connection, records: Sequence[Delivered]
    ) -> list[Recorded[Fact]]:
        """Apply stream by stream. One that fails is parked from its first failing fact on, the others go on."""
        streams: dict[bytes, list[Delivered]] = {}
        for record in records:
            streams.setdefault(record.key, []).append(record)
        applied: list[Recorded[Fact]] = []
        for stream_records in streams.values():
            fresh, error = await self._try(connection, stream_records)
            if error is not None:
                fresh = await self._apply_up_to_poison(connection, stream_records)
            applied += fresh
        return applied

    async def _apply_up_to_poison(
        self, connection: Connection, records: Sequence[Delivered]
    ) -> list[Recorded[Fact]]:
        """Apply one by one, so that the first dead letter of the stream is the fact that fails."""
        applied: list[Recorded[Fact]] = []
        for number, record in enumerate(records):
            fresh, error = await self._try(connection, [record])
            if error is not None:
                log.error("projection.set_aside", model=self.name, error=error)
                later = [Poison(waiting, STREAM_PARKED) for waiting in records[number + 1 :]]
                await set_aside(connection, [Poison(record, repr(error)), *later])
                break
            applied += fresh
        return applied

    async def _try(
        self, connection: Connection, records: Sequence[Delivered]
    ) -> tuple[Facts, Exception | None]:
        try:
            async with connection.transaction():
                return await self._apply_new(connection, [_decoded(record) for record in records]), None
        except NewEpoch:
            raise
        except Exception as error:
            if is_unavailable(error):
                raise
            return (), error


_MOVE_OFFSETS = """
    insert into projection_offset as o (topic, partition, next_offset)
    select $1, moved.partition, moved.next_offset
      from unnest($2::int[], $3::bigint[]) as moved(partition, next_offset)
     where exists (select from followed f where f.topic = $1 and f.epoch = $5)
    on conflict (topic, partition) do update set next_offset = excluded.next_offset
     where o.next_offset = ($4::bigint[])[array_position($2::int[], o.partition)]
"""


def _decoded(record: Delivered) -> Recorded[Fact]:
    return from_message(record.headers, record.value)


def _trace(model: str, facts: Facts) -> None:
    """A span for each sampled fact that was applied, so that its trace ends at the read model."""
    for fact in facts:
        if is_sampled(fact.meta.traceparent):
            with span(f"project {model}", fact.meta.traceparent):
                pass
