"""Somebody's fact leads to a command of one's own: the effect comes once, although facts come more than once.

The commands of a few facts are answered first, and then the offset moves past them. Who dies in between asks again
under the same command ids, and the store answers as it did before. Unlike a projection a reaction holds no
transaction while it works: the relay publishes nothing younger than an open one, so it would wait for its own service.

A reaction keeps its offsets, the versions it has seen and its parked streams in a schema of its own, by the tables of
a projection. It is no read model, so nothing is made anew: where the topic does not lead on, it is told of everything
in the owner's log that it has not seen, and goes on from where the topic ended when that began. After a restore it is
told first what it has seen and the log has lost, and then what the log holds of elder epochs and it has not seen.
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
from qingyuan_runtime.following.dead_letters import parked, set_aside, throw_away
from qingyuan_runtime.following.filtering import Poison, Trust
from qingyuan_runtime.following.follower import STUCK_AFTER, Batches, NewEpoch, OpenReader, Overtaken, Stuck
from qingyuan_runtime.following.lost_facts import Strayed, behind, strayed, untrue_letters
from qingyuan_runtime.following.owners_log import Hole, OwnersLog, delivered
from qingyuan_runtime.following.position import (
    Position,
    move_epoch,
    note,
    read_position,
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
"""The epoch of what was loaded into a log and not recorded there."""

STEP = 100
"""So many facts are answered before the offset moves: what a death makes it ask again at most."""

React = Callable[[Recorded[Fact]], Awaitable[None]]


OnWithdrawn = Callable[[Withdrawn], Awaitable[None]]


class StartsOverElsewhere(RetryLater):
    """Another process is bringing this reaction up to the log."""


log = structlog.get_logger()


@dataclass
class _Reacting:
    """A reaction in the shape of a projection, for letters that a person lets go on."""

    model: str
    topic: str
    react: React

    async def apply(self, _connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        for fact in facts:
            await self.react(fact)


async def _no_matter(_withdrawn: Withdrawn) -> None:
    """For a reaction whose effects need no taking back."""


class ReactionRunner(ProjectionRunner):
    """Calls `react` with every fact of the topic, in order within a stream.

    `pool` has the reaction's schema in its search path. `react` returns when its commands are answered. What it
    raises as a passing trouble is tried again for ever; anything else three times, then the stream is parked.
    `withdrawn` is called for streams that were seen further than the owner's log goes after a restore, perhaps again.
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
        withdrawn: OnWithdrawn = _no_matter,
        trust: Trust = EVERYTHING,
        stuck_after: float = STUCK_AFTER,
    ) -> None:
        reacting = _Reacting(name, topic, self._react)
        super().__init__(reacting, pool, open_reader, owner=owner, trust=trust, stuck_after=stuck_after)
        self._asked = react
        self._withdrawn = withdrawn

    async def _start_over(self, reason: OffsetGone | NewEpoch) -> None:
        if self._owner is None:
            raise reason
        if isinstance(reason, NewEpoch):
            async with self._alone():
                await self._meet_epoch(self._owner, reason.epoch)
        else:
            await self.replay()

    async def replay(self, progress: Callable[[int], None] = lambda _done: None) -> int:
        """Tell everything of the log that was not seen, and go on where the topic ended before. How many facts were told.

        Commands have the ids that they had, so what was done before is answered and not done again.
        """
        assert self._owner
        async with self._alone():
            async with opened(self._open_reader()) as reader:
                noted = await note(reader)
            epoch = await self._owner.epoch()
            await self._meet_epoch(self._owner, epoch)
            self._epoch = epoch
            told = await self._tell_all(self._owner, progress)
            async with self._pool.acquire() as connection:
                await write_position(connection, self._topic, Position(noted.ends, noted.topic_id, epoch))
        return told

    async def _tell_all(self, owner: OwnersLog, progress: Callable[[int], None]) -> int:
        told = 0
        async for rows in owner.pages():
            for start in range(0, len(rows), STEP):
                await self._advance([delivered(row) for row in rows[start : start + STEP]], {})
            told += len(rows)
            progress(told)
        return told

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """One at a time starts over; the lock goes with the session."""
        name = f"start over {self.name}"
        async with (
            self._pool.acquire() as connection,
            alone(connection, "hashtext($1)::bigint", name) as mine,
        ):
            if not mine:
                raise StartsOverElsewhere(self.name)
            yield

    async def _meet_epoch(self, owner: OwnersLog, epoch: int) -> None:
        """Before anything of a new epoch is told, what the elder ones have lost is taken back, and what they hold told."""
        place = await read_position(self._pool, self._topic)
        if place.topic_id is None or place.epoch >= epoch:
            return
        letters = await untrue_letters(self._pool, owner)
        for one in await strayed(self._pool, owner, place.epoch, epoch):
            await self._take_back(owner, one, epoch)
        async with self._pool.acquire() as connection:
            await throw_away(connection, letters)  # else what is told now would wait behind what never was
        await self._tell_behind(owner, epoch)
        async with self._pool.acquire() as connection:
            if not await move_epoch(connection, self._topic, place, epoch, ()):
                raise Overtaken

    async def _take_back(self, owner: OwnersLog, lost: Strayed, epoch: int) -> None:
        rows = await owner.missing([Hole(lost.stream, 1, lost.kept)])
        facts = tuple(recorded(row) for row in rows)
        await self._withdrawn(Withdrawn(lost.stream, lost.seen, lost.kept, epoch, facts))
        known = facts[-1].epoch if facts else None
        await self._pool.execute(_SET_BACK, lost.stream, lost.kept, known)

    async def _tell_behind(self, owner: OwnersLog, epoch: int) -> None:
        async for one in behind(self._pool, owner, epoch):
            rows = await owner.missing([Hole(one.stream, one.seen + 1, one.tip)])
            await self._advance([delivered(row) for row in rows], {})

    async def _apply_patiently(self, batches: Batches) -> None:
        for partition, records in batches.items():
            for start in range(0, len(records), STEP):
                some = records[start : start + STEP]
                sifted = await self.trust.verify(some, self.name)
                following = {partition: some[-1].offset + 1}
                await self._advance(await self._true(sifted.genuine), following, sifted.forged)

    async def _advance(
        self, records: Sequence[Delivered], following: dict[int, int], forged: Sequence[Poison] = ()
    ) -> None:
        """Commands first, then in one short transaction everything that says they were answered."""
        async with self._pool.acquire() as connection:
            before = await parked(connection, records)
            walk = ReactionBatch(before, await versions_of(connection, records), [*forged])
        for record in records:
            if not walk.waits(record):
                await self._meet(walk, record)
        async with self._pool.acquire() as connection, connection.transaction():
            await self._move_offsets(connection, following)
            if await parked(connection, records) != before:
                raise Overtaken  # a person let a stream go on meanwhile
            await set_aside(connection, walk.letters)
            await remember(connection, walk.reacted)
        self._offsets |= following
        metrics.projection_applied_total.labels(self.name).inc(len(walk.reacted))
        metrics.projection_skipped_total.labels(self.name).inc(walk.repeated)

    async def _meet(self, walk: ReactionBatch, record: Delivered) -> None:
        try:
            fact = from_message(record.headers, record.value)
            walk.repeated += fact.version <= walk.last(fact.stream)
            for missing in await self._before(walk, fact):
                await self._react_patiently(missing)
                walk.done(missing)
            if fact.version > walk.last(fact.stream):
                await self._react_patiently(fact)
                walk.done(fact)
        except (Stuck, NewEpoch):
            raise
        except Exception as error:
            if is_unavailable(error):
                raise
            log.error("reaction.set_aside", reaction=self.name, error=error)
            walk.park(record, error)

    async def _before(self, walk: ReactionBatch, fact: Recorded[Fact]) -> Sequence[Recorded[Fact]]:
        """What should have come before this fact and did not, from the log. Raises `StreamGap`."""
        hole = Hole(fact.stream, walk.last(fact.stream) + 1, fact.version - 1)
        if hole.first > hole.last:
            return ()
        missing = await self._missing([hole])
        if len(missing) != hole.last - hole.first + 1:
            raise StreamGap(hole)
        return missing

    async def _react_patiently(self, fact: Recorded[Fact]) -> None:
        """What came into the log as history was never published, and nothing follows from it any more."""
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
        """Once, under the trace of its cause. A stream that others are busy with is a passing trouble."""
        limit = asyncio.timeout(self._stuck_after)
        try:
            with span(f"react {self.name}", fact.meta.traceparent):
                async with limit:
                    await self._asked(fact)
        except Busy as busy:
            raise TimeoutError(f"{busy} is busy") from busy
        except TimeoutError as error:
            if limit.expired():
                raise Stuck(f"{self.name}: no answer for {fact.stream} {fact.version}") from error
            raise


_SET_BACK = "update projection_stream set version = $2, epoch = $3 where stream_id = $1"
