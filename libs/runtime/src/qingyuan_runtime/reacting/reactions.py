"""A reaction turns facts of another service into commands of its own, each carried out once though facts may repeat.

The commands of a batch are carried out first, then the offset is stored. A process that dies in between sends the same
commands again after its restart, with the same command ids, and the store returns the receipts of the first time. Unlike
a projection a reaction holds no transaction open while it works: the relay publishes nothing younger than the oldest
open transaction, so the reaction would hold back the facts of its own service.

A reaction stores its offsets, seen versions and dead letters in a schema of its own, in the same tables as a projection.
It is no read model, so it is not rebuilt. Where the topic no longer holds all facts, it reads every fact that it has not
seen from the owner's log, and goes on from where the topic ended when that began. After a restore of the owner's log it
first withdraws facts that it has seen and the log has lost, then reads facts from before the restore that it has not seen.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from qingyuan_events import Fact, Recorded, from_message

from qingyuan_runtime.bus.port import Delivered, OffsetGone
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.database.locking import alone
from qingyuan_runtime.following import dead_letters
from qingyuan_runtime.following.dead_letters import parked, set_aside
from qingyuan_runtime.following.filtering import Poison, Trust
from qingyuan_runtime.following.follower import STUCK_AFTER, Batches, NewEpoch, OpenReader, Overtaken, Stuck
from qingyuan_runtime.following.lost_facts import LostFacts, lost_dead_letters, lost_facts, unseen_facts
from qingyuan_runtime.following.owners_log import Gap, OwnersLog, delivered
from qingyuan_runtime.following.position import (
    Position,
    move_epoch,
    read_position,
    read_topic,
    remember,
    write_position,
)
from qingyuan_runtime.following.projecting import TRIES, ProjectionRunner
from qingyuan_runtime.following.verifying import EVERYTHING
from qingyuan_runtime.following.versions_seen import StreamGap
from qingyuan_runtime.log.causes import Withdrawn
from qingyuan_runtime.log.handling import Busy
from qingyuan_runtime.log.store_postgres import recorded
from qingyuan_runtime.process import metrics
from qingyuan_runtime.process.closing import opened
from qingyuan_runtime.process.telemetry import span
from qingyuan_runtime.process.unavailable import RetryLater, is_unavailable
from qingyuan_runtime.reacting.batch import ReactionBatch, versions_of

HISTORY = 0
"""The epoch of facts that were imported into a log as history. They are never published."""

STEP = 100
"""Facts per stored offset, and so the most that are reacted to again after a crash."""

React = Callable[[Recorded[Fact]], Awaitable[None]]

OnWithdrawn = Callable[[Withdrawn], Awaitable[None]]


class StartsOverElsewhere(RetryLater):
    """Another process is already replaying the owner's log for this reaction."""


log = structlog.get_logger()


@dataclass
class _Reacting:
    """A reaction as a `Projection`, so that an operator can retry its dead letters in the same way."""

    model: str
    topic: str
    react: React

    async def apply(self, _connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        for fact in facts:
            await self.react(fact)


async def _ignore(_withdrawn: Withdrawn) -> None:
    """For a reaction whose commands need not be undone."""


class ReactionRunner(ProjectionRunner):
    """Calls `react` with every fact of the topic, in order within a stream.

    `pool` has the reaction's schema in its search path. `react` returns when its commands are carried out. While a server
    is unavailable it is called again without limit; after other errors three times, then the stream is parked.
    `withdrawn` is called after a restore for each stream with facts that the owner's log has lost; calls may repeat.
    """

    def __init__(
        self,
        topic: str,
        name: str,
        pool: Pool,
        open_reader: OpenReader,
        react: React,
        *,
        owner: OwnersLog | None = None,
        withdrawn: OnWithdrawn = _ignore,
        trust: Trust = EVERYTHING,
        stuck_after: float = STUCK_AFTER,
    ) -> None:
        reacting = _Reacting(name, topic, self._react)
        super().__init__(reacting, pool, open_reader, owner=owner, trust=trust, stuck_after=stuck_after)
        self._reaction = react
        self._withdrawn = withdrawn

    async def _start_over(self, reason: OffsetGone | NewEpoch) -> None:
        if self._owner is None:
            raise reason
        if isinstance(reason, NewEpoch):
            async with self._exclusively():
                await self._enter_epoch(self._owner, reason.epoch)
        else:
            await self.replay()

    async def replay(self, progress: Callable[[int], None] = lambda _done: None) -> int:
        """React to every fact of the log that was not seen, and store the topic's ends as position. Returns the facts read.

        Commands get the same ids as the first time, so what was done before is not done again.
        """
        assert self._owner
        async with self._exclusively():
            async with opened(self._open_reader()) as reader:
                topic = await read_topic(reader)
            epoch = await self._owner.epoch()
            await self._enter_epoch(self._owner, epoch)
            self._epoch = epoch
            done = await self._replay_all(self._owner, progress)
            async with self._pool.acquire() as connection:
                await write_position(connection, self._topic, Position(topic.ends, topic.topic_id, epoch))
        return done

    async def _replay_all(self, owner: OwnersLog, progress: Callable[[int], None]) -> int:
        done = 0
        async for rows in owner.pages():
            for start in range(0, len(rows), STEP):
                await self._advance([delivered(row) for row in rows[start : start + STEP]], {})
            done += len(rows)
            progress(done)
        return done

    @asynccontextmanager
    async def _exclusively(self) -> AsyncIterator[None]:
        """One process at a time starts over. The lock ends with the session."""
        name = f"start over {self.name}"
        async with (
            self._pool.acquire() as connection,
            alone(connection, "hashtext($1)::bigint", name) as mine,
        ):
            if not mine:
                raise StartsOverElsewhere(self.name)
            yield

    async def _enter_epoch(self, owner: OwnersLog, epoch: int) -> None:
        """Withdraw lost facts and react to unseen ones of older epochs, before any fact of the new epoch."""
        position = await read_position(self._pool, self._topic)
        if position.topic_id is None or position.epoch >= epoch:
            return
        lost_ids = await lost_dead_letters(self._pool, owner)
        for lost in await lost_facts(self._pool, owner, position.epoch, epoch):
            await self._withdraw(owner, lost, epoch)
        async with self._pool.acquire() as connection:
            # First of all: a dead letter of a lost fact would park its stream for the facts that follow.
            await dead_letters.delete(connection, lost_ids)
        await self._replay_unseen(owner, epoch)
        async with self._pool.acquire() as connection:
            if not await move_epoch(connection, self._topic, position, epoch, ()):
                raise Overtaken

    async def _withdraw(self, owner: OwnersLog, lost: LostFacts, epoch: int) -> None:
        rows = await owner.missing([Gap(lost.stream, 1, lost.held)])
        facts = tuple(recorded(row) for row in rows)
        await self._withdrawn(Withdrawn(lost.stream, lost.seen, lost.held, epoch, facts))
        last_epoch = facts[-1].epoch if facts else None
        await self._pool.execute(_SET_BACK, lost.stream, lost.held, last_epoch)

    async def _replay_unseen(self, owner: OwnersLog, epoch: int) -> None:
        async for unseen in unseen_facts(self._pool, owner, epoch):
            rows = await owner.missing([Gap(unseen.stream, unseen.seen + 1, unseen.held)])
            await self._advance([delivered(row) for row in rows], {})

    async def _apply_with_retries(self, batches: Batches) -> None:
        for partition, records in batches.items():
            for start in range(0, len(records), STEP):
                step = records[start : start + STEP]
                verified = await self.trust.verify(step, self.name)
                held = await self._held_by_owner(verified.genuine)
                await self._advance(held, {partition: step[-1].offset + 1}, verified.forged)

    async def _advance(
        self, records: Sequence[Delivered], next_offsets: dict[int, int], forged: Sequence[Poison] = ()
    ) -> None:
        """Carry out the commands, then store offsets, versions and dead letters in one short transaction."""
        async with self._pool.acquire() as connection:
            parked_before = await parked(connection, records)
            batch = ReactionBatch(parked_before, await versions_of(connection, records), [*forged])
        for record in records:
            if not batch.set_aside_if_parked(record):
                await self._process(batch, record)
        async with self._pool.acquire() as connection, connection.transaction():
            await self._move_offsets(connection, next_offsets)
            if await parked(connection, records) != parked_before:
                raise Overtaken  # an operator has released a stream meanwhile
            await set_aside(connection, batch.dead_letters)
            await remember(connection, batch.reacted)
        self._offsets |= next_offsets
        metrics.projection_applied_total.labels(self.name).inc(len(batch.reacted))
        metrics.projection_skipped_total.labels(self.name).inc(batch.repeated)

    async def _process(self, batch: ReactionBatch, record: Delivered) -> None:
        try:
            fact = from_message(record.headers, record.value)
            batch.repeated += fact.version <= batch.last_version(fact.stream)
            for missing in await self._missing_before(batch, fact):
                await self._react_with_retries(missing)
                batch.add(missing)
            if fact.version > batch.last_version(fact.stream):
                await self._react_with_retries(fact)
                batch.add(fact)
        except (Stuck, NewEpoch):
            raise
        except Exception as error:
            if is_unavailable(error):
                raise
            log.error("reaction.set_aside", reaction=self.name, error=error)
            batch.park(record, error)

    async def _missing_before(self, batch: ReactionBatch, fact: Recorded[Fact]) -> Sequence[Recorded[Fact]]:
        """The facts missing before this one, read from the owner's log. Raises `StreamGap` if they are not there either."""
        gap = Gap(fact.stream, batch.last_version(fact.stream) + 1, fact.version - 1)
        if gap.first > gap.last:
            return ()
        missing = await self._missing([gap])
        if len(missing) != gap.last - gap.first + 1:
            raise StreamGap(gap)
        return missing

    async def _react_with_retries(self, fact: Recorded[Fact]) -> None:
        """Facts imported as history are skipped: they lie in the past, and no command follows from them."""
        if fact.epoch == HISTORY:
            return None
        for _ in range(TRIES - 1):
            try:
                return await self._react(fact)
            except Stuck:
                raise
            except Exception as error:
                if is_unavailable(error):
                    raise
                log.warning("reaction.failed", reaction=self.name, event_id=str(fact.id), error=error)
        return await self._react(fact)

    async def _react(self, fact: Recorded[Fact]) -> None:
        """Call the reaction once, in the trace of its fact. `Busy` counts as a time-out, so that it is tried again."""
        limit = asyncio.timeout(self._stuck_after)
        try:
            with span(f"react {self.name}", fact.meta.traceparent):
                async with limit:
                    await self._reaction(fact)
        except Busy as busy:
            raise TimeoutError(f"{busy} is busy") from busy
        except TimeoutError as error:
            if limit.expired():
                raise Stuck(f"{self.name}: no answer for {fact.stream} {fact.version}") from error
            raise


_SET_BACK = "update projection_stream set version = $2, epoch = $3 where stream_id = $1"
