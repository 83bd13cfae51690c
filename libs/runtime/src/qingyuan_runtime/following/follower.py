"""Reading a topic from where one left off, and starting from its owner's log where the topic does not lead on.

A topic that was cut past one's offset or made anew, an offset that nobody has kept, a follower that is younger than
the topic: none of them says what is missing, and the log does. So a follower that cannot go on starts over from the
log by itself, more slowly each time it has to, and is seen to (metric, /readyz) for as long as it has not.
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
    NotBegun,
    Noted,
    Position,
    note,
    read_position,
    require_same,
    write_position,
)
from qingyuan_runtime.process import metrics
from qingyuan_runtime.process.closing import opened
from qingyuan_runtime.process.role_health import ROLE_HEALTH, reason_of
from qingyuan_runtime.process.unavailable import UNAVAILABLE, Backoff, is_unavailable

STUCK_AFTER: Final = 30.0
WATCH_EVERY: Final = 5.0
POLL_MILLISECONDS: Final = 2_000
"""So long a poll that finds nothing waits. What comes is handed on at once."""
MAX_RECORDS: Final = 5_000

log = structlog.get_logger()

OpenReader = Callable[[], Awaitable[Reader]]
Batches = Mapping[int, Sequence[Delivered]]


class Overtaken(Exception):
    """The stored offset is not where this process left it: another one works here, or a build was swapped."""


class Stuck(Exception):
    """There is something to read and nothing was applied for a while: better begun anew than waited for."""


class NewEpoch(Exception):
    """The owner's log was restored: what was believed may have been lost there."""

    def __init__(self, epoch: int) -> None:
        super().__init__(f"the log is in epoch {epoch}")
        self.epoch = epoch


@dataclass
class Restarts:
    """The pause before the next start: none for the first, and each longer than the last while they follow closely."""

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
    """What projections and reactions have in common. `owner` is the log behind the topic; None: nobody to ask."""

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
        self._watched = 0.0
        self._at_rest = False
        self._backoff = Backoff()
        self._restarts = Restarts()

    async def run(self) -> None:
        """Follow the topic until cancelled. Raises `Stuck`, or what is neither passing trouble nor a place that is lost."""
        while True:
            try:
                await self._follow()
            except Overtaken:
                log.info("follower.overtaken", follower=self.name)
            except (OffsetGone, NewEpoch) as reason:
                await self._start_over_in_time(reason)
            except UNAVAILABLE as error:
                log.warning("follower.interrupted", follower=self.name, reason=error)
                await self._backoff.after(error)

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
        noted = await note(reader)
        place = await read_position(self._pool, self._topic)
        if place.topic_id is None:
            place = await self._begun(place, noted)
        self._offsets = place.resumed(noted)
        self._topic_id, self._epoch = place.topic_id, place.epoch
        await reader.assign(self._offsets)

    async def _begun(self, place: Position, noted: Noted) -> Position:
        """The first place: nobody has been here before, or somebody who did not yet keep the topic's id."""
        epoch = await self._owner.epoch() if self._owner else place.epoch
        if place.offsets:
            offsets = place.offsets
        elif self._owner is None:
            offsets = noted.beginnings
        elif await self._owner.is_empty():
            offsets = noted.ends  # what they are the ends of was never in this log
        else:
            raise NotBegun("it is new, and the topic alone does not say what was before it")
        place = Position(offsets, noted.topic_id, epoch)
        async with self._pool.acquire() as connection:
            await write_position(connection, self._topic, place)
        return place

    async def _step(self, reader: Reader) -> None:
        batches = await reader.poll(timeout_ms=POLL_MILLISECONDS, max_records=MAX_RECORDS)
        if batches:
            await self._apply_patiently(batches)
            self._progress = time.monotonic()
        self._backoff.reset()
        comes_to_rest = not batches and not self._at_rest
        self._at_rest = not batches
        if comes_to_rest or time.monotonic() - self._watched > WATCH_EVERY:
            await self._watch(reader)

    async def _apply_patiently(self, batches: Batches) -> None:
        raise NotImplementedError

    async def _watch(self, reader: Reader) -> None:
        """Lag and letters for the metrics; lag with no progress for long means this process is no good."""
        self._watched = time.monotonic()
        lag = sum(max(0, end - self._offsets.get(n, end)) for n, end in (await reader.ends()).items())
        metrics.projection_lag_events.labels(self.name).set(lag)
        async with self._pool.acquire() as connection:
            metrics.dead_letters.labels(self.name).set(await count(connection))
        require_same(self._topic_id, await reader.topic_id())
        await self._ask_for_epoch()
        if lag == 0:
            self._progress = time.monotonic()
        elif time.monotonic() - self._progress > self._stuck_after:
            raise Stuck(f"{self.name}: {lag} messages wait")

    async def _ask_for_epoch(self) -> None:
        """Its owner may be away while its topic is not: then it is asked the next time."""
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

    async def _start_over_in_time(self, reason: OffsetGone | NewEpoch) -> None:
        """Not too often, and seen for as long as it does not succeed."""
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
        """Bring everything here to what the owner's log says, and leave a place from which the topic leads on."""
        raise reason
