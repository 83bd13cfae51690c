"""Durable timers: something is asked at a moment, though processes die, a day is slept through, or clocks jump.

A timer is a row. A projection of the service's own facts writes and removes the rows, so they follow from the log and
from nothing else. Who comes round after a row's moment asks for the command it stands for, under an id that follows
from the fact that set it, and takes the row away once the log says that it was done. Who dies in between asks again, and
the store answers as it did before. Where the answer left nothing in the log the row stays: the clock may have been wrong
for a moment, and only a fact may end what a fact has begun. It is asked again after a rest. The row may be elder than the stream: the decider must see for itself that it is too late.

Nobody sleeps until a moment: each round compares rows with the clock, so a clock that jumps forward rings at once, one
that jumps back rings nothing again, and what is recorded is the time at which it was really asked.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Final
from uuid import UUID, uuid5

import asyncpg
import structlog
from qingyuan_events import Fact, Meta, Recorded

from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.domain.decider import Decider
from qingyuan_runtime.following.follower import STUCK_AFTER, Stuck
from qingyuan_runtime.log.causes import system
from qingyuan_runtime.log.handling import C, CommandContext, F, S, handle, load
from qingyuan_runtime.log.store import EventStore
from qingyuan_runtime.process import metrics
from qingyuan_runtime.process.telemetry import span, traceparent
from qingyuan_runtime.process.unavailable import UNAVAILABLE, Backoff, is_unavailable

PAUSE: Final = 1.0
PAGE: Final = 200
REST: Final = 60.0
"""Seconds until a timer that failed, or of which nothing came, is tried again: it must not fill the log, nor be forgotten."""

BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)

Moments = Mapping[str, datetime]
Rule = Callable[[Recorded[Fact]], Moments | None]
Clock = Callable[[], datetime]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Timer:
    stream: str
    what: str
    at: datetime
    cause: UUID
    correlation: UUID
    traceparent: str | None

    def asked(self, name: str) -> CommandContext:
        """How the timers of `name` ask for the command: the same at every try."""
        meta = Meta(
            actor=system(name),
            command_id=uuid5(self.cause, f"{name} {self.what}"),
            correlation=self.correlation,
            causation=self.cause,
            traceparent=traceparent() or self.traceparent,
        )
        return CommandContext(meta, f"{name} {self.what} because of {self.cause}")


WhenDue = Callable[[Timer, datetime], Awaitable[bool]]
"""Asks for the command. Whether its row is to be taken away: the log says that it rang, or that it never will."""

Key = tuple[str, str, UUID]
"""Stream, what, cause."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Not asked again so soon. `silent`: it was answered, and the log says nothing of it."""

    until: float
    since: datetime
    silent: bool

    def holds(self, now: datetime) -> bool:
        """A clock that has gone back since is another clock."""
        return self.until > time.monotonic() and now >= self.since


def command_when_due(
    store: EventStore,
    decider: Decider[C, S, F],
    command_for: Callable[[Timer, datetime], C],
    name: str,
) -> WhenDue:
    """Asks for `command_for` the timer at this time. The row goes where the log holds the command, by this try or one
    before, or where by the log nothing would have come of it at the timer's own moment either.
    """

    async def ring(timer: Timer, now: datetime) -> bool:
        asked = timer.asked(name)
        await handle(store, decider, timer.stream, command_for(timer, now), asked)
        if await store.receipt(asked.meta.command_id, asked.fingerprint):
            return True
        _, state = await load(store, decider, timer.stream)
        return not decider.decide(command_for(timer, timer.at), state)

    return ring


def create_script() -> str:
    """SQL for the table of timers, beside a projection's own tables."""
    return (files("qingyuan_runtime.log") / "sql" / "timers.sql").read_text()


class TimerProjection:
    """Sets and clears timers. `rule` says what a fact means for its stream's: None nothing, else all there are from now on."""

    def __init__(self, model: str, topic: str, rule: Rule) -> None:
        self.model = model
        self.topic = topic
        self._rule = rule

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        standing: dict[str, tuple[Recorded[Fact], Moments]] = {}
        for recorded in facts:
            moments = self._rule(recorded)
            if moments is not None:
                standing[recorded.stream] = recorded, moments
        await connection.execute("delete from timer where stream_id = any($1)", list(standing))
        rows = [
            _row(setter, what, at) for setter, moments in standing.values() for what, at in moments.items()
        ]
        await connection.executemany("insert into timer values ($1, $2, $3, $4, $5, $6)", rows)

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        """What is still to ring, for comparing two builds: what has rung stands in the log and not in the rows."""
        rows = await connection.fetch(_DIGESTS, list(streams))
        return {row["stream_id"]: row["digest"] for row in rows}


def _row(setter: Recorded[Fact], what: str, at: datetime) -> tuple[object, ...]:
    return setter.stream, what, at, setter.id, setter.meta.correlation, setter.meta.traceparent


class TimerRunner:
    """Goes round, and calls `ring` with each timer whose moment has come, the eldest first, and the time it is.

    `ring` returns when the command is answered. A timer whose command fails, or leaves nothing in the log, stays and
    keeps no other one waiting.
    """

    def __init__(
        self,
        name: str,
        pool: Pool,
        ring: WhenDue,
        *,
        clock: Clock,
        pause: float = PAUSE,
        stuck_after: float = STUCK_AFTER,
    ) -> None:
        self._name = name
        self._pool = pool
        self._ring = ring
        self._clock = clock
        self._pause = pause
        self._stuck_after = stuck_after
        self._resting: dict[Key, Rest] = {}

    async def run(self) -> None:
        """Until cancelled. Raises `Stuck` when a command is never answered."""
        patience = Backoff()
        while True:
            try:
                await self.go_round()
            except UNAVAILABLE as error:
                log.warning("timers.interrupted", timers=self._name, reason=error)
                await patience.after(error)
            else:
                patience.reset()
                await asyncio.sleep(self._pause)

    async def go_round(self) -> int:
        """WhenDue everything whose moment has come; how many commands were answered."""
        answered = 0
        self._resting = {key: rest for key, rest in self._resting.items() if rest.until > time.monotonic()}
        after = (BEGINNING, "", "")
        while rows := await self._pool.fetch(_DUE, self._clock(), *after, PAGE):
            for row in rows:
                answered += await self._ring_one(_timer(row))
            after = (rows[-1]["at"], rows[-1]["stream_id"], rows[-1]["what"])
        await self._measure()
        return answered

    async def _ring_one(self, timer: Timer) -> bool:
        now, key = self._clock(), (timer.stream, timer.what, timer.cause)
        rest = self._resting.get(key)
        if now < timer.at or (rest and rest.holds(now)):
            return False  # the clock has just jumped back, or it was asked a moment ago
        try:
            done = await self._answered(timer, now)
        except Stuck:
            raise
        except Exception as error:
            if is_unavailable(error):
                raise
            log.error("timer.failed", timers=self._name, stream=timer.stream, what=timer.what, error=error)
            self._resting[key] = Rest(time.monotonic() + REST, now, silent=False)
            return False
        if done:
            self._resting.pop(key, None)
            await self._pool.execute(_REMOVE, *key)
        else:
            self._resting[key] = Rest(time.monotonic() + REST, now, silent=True)
        return True

    async def _answered(self, timer: Timer, now: datetime) -> bool:
        limit = asyncio.timeout(self._stuck_after)
        try:
            with span(f"timer {self._name}", timer.traceparent):
                async with limit:
                    return await self._ring(timer, now)
        except TimeoutError as error:
            if limit.expired():
                raise Stuck(f"{self._name}: no answer for {timer.what} of {timer.stream}") from error
            raise

    async def _measure(self) -> None:
        """How far behind its moment the eldest timer is that should have rung by now, without those that were answered."""
        now = self._clock()
        silent = [key for key, rest in self._resting.items() if rest.silent]
        columns = [list(column) for column in zip(*silent, strict=True)] or [[], [], []]
        eldest: datetime | None = await self._pool.fetchval(_ELDEST, now, *columns)
        metrics.timers_overdue_seconds.labels(self._name).set((now - eldest).total_seconds() if eldest else 0)


_DIGESTS = """
    select stream_id, md5(string_agg(concat_ws(' ', what, at, cause), ',' order by what)) as digest
      from timer where stream_id = any($1) and at > now() + interval '1 minute' group by stream_id
"""
_DUE = """
    select * from timer where at <= $1 and (at, stream_id, what) > ($2, $3, $4)
     order by at, stream_id, what limit $5
"""
_ELDEST = """
    select min(at) from timer where at <= $1
       and (stream_id, what, cause) not in (select * from unnest($2::text[], $3::text[], $4::uuid[]))
"""
_REMOVE = "delete from timer where stream_id = $1 and what = $2 and cause = $3"


def _timer(row: asyncpg.Record) -> Timer:
    return Timer(
        row["stream_id"], row["what"], row["at"], row["cause"], row["correlation"], row["traceparent"]
    )
