"""A follower reads a topic from its stored position, and starts over from the owner's log where the topic has a gap.

Retention may have deleted messages that were not read yet, the topic may have been created anew, the stored offset may
be lost, or the follower may be newer than the oldest message. The topic cannot show what is missing then, but the log
can. So the follower starts over from the log by itself, with growing pauses if this happens repeatedly, and reports
itself as degraded (metric, /readyz) until it has succeeded.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog

from qingyuan_runtime.bus.port import Delivered, OffsetGone, Reader
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.following.dead_letters import count
from qingyuan_runtime.following.owners_log import OwnersLog
from qingyuan_runtime.following.position import (
    NoPosition,
    Position,
    TopicState,
    read_position,
    read_topic,
    require_same_topic,
    write_position,
)
from qingyuan_runtime.process import metrics
from qingyuan_runtime.process.closing import opened
from qingyuan_runtime.process.role_health import ROLE_HEALTH, reason_of
from qingyuan_runtime.process.unavailable import UNAVAILABLE, Backoff, is_unavailable

STUCK_AFTER: Final = 30.0
WATCH_EVERY: Final = 5.0
POLL_MILLISECONDS: Final = 2_000
"""How long a poll waits if there are no records. Records are returned as soon as they arrive."""
MAX_RECORDS: Final = 5_000

log = structlog.get_logger()

OpenReader = Callable[[], Awaitable[Reader]]
Batches = Mapping[int, Sequence[Delivered]]


class Overtaken(Exception):
    """The stored offset is not the one this process wrote last: another process follows, or a build was swapped in."""


class Stuck(Exception):
    """There are messages to read, but nothing was applied for a while. The supervisor restarts the role."""


class NewEpoch(Exception):
    """The owner's log was restored, so facts that were applied here may no longer be in it."""

    def __init__(self, epoch: int) -> None:
        super().__init__(f"the log is in epoch {epoch}")
        self.epoch = epoch


@dataclass
class Restarts:
    """The pause before each new start: none before the first, then growing, and none again after a calm time."""

    calm: float = 600.0
    longest: float = 300.0
    _next: float = 0.0
    _last: float = 0.0

    def pause(self, now: float) -> float:
        if now - self._last > self.calm + self._next:
            self._next = 0.0
        pause, self._last = self._next, now
        self._next = min(max(1.0, pause * 2), self.longest)
        return pause


class Follower:
    """What projections and reactions have in common. `owner` is the log behind the topic; None where there is no access."""

    def __init__(
        self, name: str, topic: str, pool: Pool, open_reader: OpenReader, owner: OwnersLog | None, stuck_after: float
    ) -> None:  # fmt: skip
        self.name = name
        self._topic = topic
        self._pool = pool
        self._open_reader = open_reader
        self._owner = owner
        self._stuck_after = stuck_after
        self._offsets: dict[int, int] = {}
        self._topic_id: UUID | None = None
        self._epoch = 0
        self._progress = time.monotonic()
        self._checked = 0.0
        self._idle = False
        self._backoff = Backoff()
        self._restarts = Restarts()

    async def run(self) -> None:
        """Follow the topic until cancelled. Raises `Stuck`, and errors that waiting or starting over cannot cure."""
        while True:
            try:
                await self._follow()
            except Overtaken:
                log.info("follower.overtaken", follower=self.name)
            except (OffsetGone, NewEpoch) as reason:
                await self._start_over_after_pause(reason)
            except UNAVAILABLE as error:
                log.warning("follower.interrupted", follower=self.name, reason=error)
                await self._backoff.after(error)

    async def _follow(self) -> None:
        async with opened(self._open_reader()) as reader:
            await self._assign(reader)
            while True:
                await self._step(reader)

    async def catch_up(self, ends: Mapping[int, int]) -> None:
        """Apply until every partition has reached the given end offset. For rebuilds and tests."""
        async with opened(self._open_reader()) as reader:
            await self._assign(reader)
            while any(self._offsets.get(n, 0) < end for n, end in ends.items()):
                await self._step(reader)

    async def _assign(self, reader: Reader) -> None:
        topic = await read_topic(reader)
        position = await read_position(self._pool, self._topic)
        if position.topic_id is None:
            position = await self._first_position(position, topic)
        self._offsets = position.offsets_in(topic)
        self._topic_id, self._epoch = position.topic_id, position.epoch
        await reader.assign(self._offsets)

    async def _first_position(self, stored: Position, topic: TopicState) -> Position:
        """Where to begin if no position is stored, or one from an older version without the topic's id."""
        epoch = await self._owner.epoch() if self._owner else stored.epoch
        if stored.offsets:
            offsets = stored.offsets
        elif self._owner is None:
            offsets = topic.beginnings
        elif await self._owner.is_empty():
            offsets = topic.ends  # messages before them are not from this log
        else:
            raise NoPosition("it is new, and the topic alone does not say what was before it")
        position = Position(offsets, topic.topic_id, epoch)
        async with self._pool.acquire() as connection:
            await write_position(connection, self._topic, position)
        return position

    async def _step(self, reader: Reader) -> None:
        batches = await reader.poll(timeout_ms=POLL_MILLISECONDS, max_records=MAX_RECORDS)
        if batches:
            await self._apply_with_retries(batches)
            self._progress = time.monotonic()
        self._backoff.reset()
        becomes_idle = not batches and not self._idle
        self._idle = not batches
        if becomes_idle or time.monotonic() - self._checked > WATCH_EVERY:
            await self._check(reader)

    async def _apply_with_retries(self, batches: Batches) -> None:
        raise NotImplementedError

    async def _check(self, reader: Reader) -> None:
        """Measure lag and dead letters, and see whether topic and epoch are unchanged. Raises `Stuck` without progress."""
        self._checked = time.monotonic()
        lag = sum(max(0, end - self._offsets.get(n, end)) for n, end in (await reader.ends()).items())
        metrics.projection_lag_events.labels(self.name).set(lag)
        async with self._pool.acquire() as connection:
            metrics.dead_letters.labels(self.name).set(await count(connection))
        require_same_topic(self._topic_id, await reader.topic_id())
        await self._check_epoch()
        if lag == 0:
            self._progress = time.monotonic()
        elif time.monotonic() - self._progress > self._stuck_after:
            raise Stuck(f"{self.name}: {lag} messages wait")

    async def _check_epoch(self) -> None:
        """The owner's database may be unavailable while Kafka is not: then the next check reads the epoch."""
        if self._owner is None:
            return
        try:
            epoch = await self._owner.epoch()
        except Exception as error:
            if not is_unavailable(error):
                raise
            log.info("follower.owner_away", follower=self.name, reason=error)
            return
        if epoch > self._epoch:
            raise NewEpoch(epoch)

    async def _start_over_after_pause(self, reason: OffsetGone | NewEpoch) -> None:
        """Reports the role as degraded until it has succeeded."""
        role = f"follow {self.name}"
        await asyncio.sleep(self._restarts.pause(time.monotonic()))
        ROLE_HEALTH.degraded(role, f"starts over from the log: {reason}")
        log.warning("follower.starts_over", follower=self.name, reason=reason)
        try:
            await self._start_over(reason)
        except Exception as error:
            metrics.follower_parked.labels(self.name).set(1)
            ROLE_HEALTH.degraded(role, f"cannot start over from the log: {reason_of(error, with_words=True)}")
            log.error("follower.parked", follower=self.name, reason=reason, error=error)
            return
        self._progress = time.monotonic()
        metrics.follower_parked.labels(self.name).set(0)
        metrics.follower_starts_over_total.labels(self.name).inc()
        ROLE_HEALTH.recovered(role)

    async def _start_over(self, reason: OffsetGone | NewEpoch) -> None:
        """Bring the state here in line with the owner's log, and store a position from which the topic can be read on."""
        raise reason
