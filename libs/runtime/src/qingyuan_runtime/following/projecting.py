"""Stop 7 of a command's walk: from Kafka into the rows of a read model, each effect exactly once.

The offset moves in the same transaction as the rows, and only from where this process believes it to
be: a second process on the same partition changes nothing and starts anew from the stored offset.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

import structlog
from qingyuan_events import Fact, Recorded, from_message

from qingyuan_runtime.bus.port import Delivered, OffsetGone
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.following.dead_letters import BEHIND, put_behind, set_aside
from qingyuan_runtime.following.filtering import Poison, Trust
from qingyuan_runtime.following.follower import (
    STUCK_AFTER,
    Batches,
    Follower,
    NewEpoch,
    OpenReader,
    Overtaken,
)
from qingyuan_runtime.following.lost_facts import behind, of_another_epoch, strayed, untrue_letters
from qingyuan_runtime.following.owners_log import Hole, OwnersLog
from qingyuan_runtime.following.position import move_epoch, read_position, remember, seen_versions
from qingyuan_runtime.following.verifying import EVERYTHING
from qingyuan_runtime.following.versions_seen import Facts, StreamGap, new_facts, with_missing
from qingyuan_runtime.log.store_postgres import recorded
from qingyuan_runtime.process import metrics
from qingyuan_runtime.process.telemetry import is_sampled, span
from qingyuan_runtime.process.unavailable import is_unavailable

TRIES = 3

log = structlog.get_logger()

Remake = Callable[[], Awaitable[object]]


class Projection(Protocol):
    """One read model. Called inside the transaction that also moves the offset; must touch nothing else."""

    model: str
    topic: str

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        """Write the rows these facts lead to. Facts come once, and in order within a stream."""
        ...


class ProjectionRunner(Follower):
    """Applies a topic's partitions to one build of one read model (the schema in `pool`'s search path).

    `owner` is the log that the facts come from, and `remake` makes the model anew from it where the topic is not enough.
    """

    def __init__(
        self,
        projection: Projection,
        pool: Pool,
        open_reader: OpenReader,
        *,
        owner: OwnersLog | None = None,
        remake: Remake | None = None,
        trust: Trust = EVERYTHING,
        stuck_after: float = STUCK_AFTER,
    ) -> None:
        super().__init__(projection.model, projection.topic, pool, open_reader, owner, stuck_after)
        self._projection = projection
        self._remake = remake
        self.trust = trust

    async def _start_over(self, reason: OffsetGone | NewEpoch) -> None:
        """After a restore only where what was seen is not what the log holds."""
        if isinstance(reason, NewEpoch) and await self._agrees(reason.epoch):
            return
        if self._remake is None:
            raise reason
        await self._remake()

    async def _agrees(self, epoch: int) -> bool:
        """Whether all that is here is in the log, and all of the log of elder epochs is here; if so, that is written down."""
        assert self._owner
        place = await read_position(self._pool, self._topic)
        if await strayed(self._pool, self._owner, place.epoch, epoch):
            return False
        async for _ in behind(self._pool, self._owner, epoch):
            return False
        letters = await untrue_letters(self._pool, self._owner)
        async with self._pool.acquire() as connection:
            if not await move_epoch(connection, self._topic, place, epoch, letters):
                raise Overtaken
        return True

    async def _apply_patiently(self, batches: Batches) -> None:
        """Three tries for all as it is; then each stream by itself, and the bad ones are set aside."""
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
        """What one poll brought, in one transaction: a commit costs more than the rows of a few facts.

        The offsets move first: whoever swaps a build or takes letters away holds that table.
        """
        following = {partition: records[-1].offset + 1 for partition, records in batches.items()}
        sifted = await self.trust.verify([record for part in batches.values() for record in part], self.name)
        records = await self._true(sifted.genuine)
        async with self._pool.acquire() as connection, connection.transaction():
            await self._move_offsets(connection, following)
            await set_aside(connection, sifted.forged)
            fresh = await put_behind(connection, records)
            applied: Facts
            if isolate:
                applied = await self.apply_each_stream(connection, fresh)
            else:
                applied = await self._apply_new(connection, [_decoded(record) for record in fresh])
        self._offsets |= following
        self._count(applied, repeated=max(0, len(fresh) - len(applied)))

    async def _true(self, records: Sequence[Delivered]) -> Sequence[Delivered]:
        """Without what the owner's log does not stand by. Raises `NewEpoch` where it is another log than it was."""
        odd = of_another_epoch(records, self._epoch) if self._owner else {}
        if not self._owner or not odd:
            return records
        if (
            any(epoch > self._epoch for _, _, epoch in odd)
            and (epoch := await self._owner.epoch()) > self._epoch
        ):
            raise NewEpoch(epoch)
        held = await self._owner.holds(odd)
        untrue = {id(record) for told, record in odd.items() if told not in held}
        metrics.follower_untrue_total.labels(self.name).inc(len(untrue))
        if untrue:
            log.warning("follower.not_in_the_log", follower=self.name, messages=len(untrue))
        return [record for record in records if id(record) not in untrue]

    def _count(self, applied: Facts, *, repeated: int) -> None:
        """After the commit: what was rolled back did not happen."""
        metrics.projection_applied_total.labels(self.name).inc(len(applied))
        metrics.projection_skipped_total.labels(self.name).inc(repeated)
        _trace(self.name, applied)

    async def _move_offsets(self, connection: Connection, following: Mapping[int, int]) -> None:
        partitions = sorted(following)
        moved = await connection.execute(
            _MOVE_OFFSETS,
            self._topic,
            partitions,
            [following[n] for n in partitions],
            [self._offsets[n] for n in partitions],
            self._epoch,
        )
        if moved != f"INSERT 0 {len(partitions)}":
            raise Overtaken

    async def _apply_new(self, connection: Connection, facts: Facts) -> Facts:
        """Leave out what was applied before, by stream version, and fill in from the log what is missing."""
        seen = await seen_versions(connection, list({fact.stream for fact in facts}))
        found = new_facts(facts, seen)
        if found.holes:
            missing = await self._missing(found.holes)
            found = new_facts(list(with_missing(facts, missing)), seen)
        if found.holes:
            raise StreamGap(found.holes[0])
        if found.fresh:
            await self._projection.apply(connection, found.fresh)
            await remember(connection, found.fresh)
        return found.fresh

    async def _missing(self, holes: Sequence[Hole]) -> Facts:
        """What the owner's log has of them. Facts of a newer epoch belong behind what this one has lost."""
        rows = await self._owner.missing(holes) if self._owner else []
        newest = max((row["epoch"] for row in rows), default=0)
        if 0 < self._epoch < newest:
            raise NewEpoch(newest)
        metrics.follower_filled_total.labels(self.name).inc(len(rows))
        log.warning("follower.filled", follower=self.name, holes=len(holes), filled=len(rows))
        return [recorded(row) for row in rows]

    async def apply_recorded(self, connection: Connection, facts: Facts) -> None:
        """Apply facts that come from the store or from dead letters, in the caller's transaction."""
        await self._apply_new(connection, facts)

    async def apply_each_stream(
        self, connection: Connection, records: Sequence[Delivered]
    ) -> list[Recorded[Fact]]:
        """A stream that cannot be applied is set aside from its first bad fact on; the others go on."""
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
                log.error("projection.set_aside", model=self.name, error=error)
                behind = [Poison(later, BEHIND) for later in records[number + 1 :]]
                await set_aside(connection, [Poison(record, repr(error)), *behind])
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
    select $1, moved.partition, moved.following from unnest($2::int[], $3::bigint[]) as moved(partition, following)
     where exists (select from followed f where f.topic = $1 and f.epoch = $5)
    on conflict (topic, partition) do update set next_offset = excluded.next_offset
     where o.next_offset = ($4::bigint[])[array_position($2::int[], o.partition)]
"""


def _decoded(record: Delivered) -> Recorded[Fact]:
    return from_message(record.headers, record.value)


def _trace(model: str, facts: Facts) -> None:
    """A span for each sampled fact that was applied, so that a trace reaches the row it caused."""
    for fact in facts:
        if is_sampled(fact.meta.traceparent):
            with span(f"project {model}", fact.meta.traceparent):
                pass
