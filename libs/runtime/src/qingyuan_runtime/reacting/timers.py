"""Durable timers: a command is sent at a given time, even if processes die, are down for days, or clocks jump.

A timer is a row. A projection of the service's own facts inserts and deletes the rows, so they follow from the log alone.
When a timer is due, the runner sends its command with an id derived from the fact that set the timer, and deletes the
row once the log holds the command. A process that dies in between sends the command again, and the store returns the
first receipt. Where the command left no fact in the log the row stays, since the clock may have been wrong for a moment;
the command is sent again after a pause. The stream may have changed since the row was written, so the decider must check
whether the command still applies.

The runner does not sleep until a timer is due, but compares rows with the clock in every round. So after a jump forward
due commands are sent at once, after a jump back none is sent twice, and the time recorded is the actual one.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
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
RETRY_SECONDS: Final = 60.0
"""Pause before a timer is tried again that failed or left no fact: often enough, without filling the logs."""

BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)

Moments = Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A change of some timers of a stream: those whose names begin with one of `without` go, `moments` are set, others stay."""

    moments: Moments
    without: tuple[str, ...] = ()


Rule = Callable[[Recorded[Fact]], Moments | Adjusted | None]
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

    def context(self, name: str) -> CommandContext:
        """The context of the command that the timers `name` send, the same at every try."""
        meta = Meta(
            actor=system(name),
            command_id=uuid5(self.cause, f"{name} {self.what}"),
            correlation=self.correlation,
            causation=self.cause,
            traceparent=traceparent() or self.traceparent,
        )
        return CommandContext(meta, f"{name} {self.what} because of {self.cause}")


WhenDue = Callable[[Timer, datetime], Awaitable[bool]]
"""Sends the command of a due timer at the given time. Returns whether the timer is done and its row can be deleted."""

Key = tuple[str, str, UUID]
"""Stream, what, cause."""


@dataclass(frozen=True, slots=True)
class RetryPause:
    """The pause before a timer is tried again. `no_fact`: its command was carried out, but left no fact in the log."""

    until: float
    since: datetime
    no_fact: bool

    def applies(self, now: datetime) -> bool:
        """Not after the clock was set back: the pause belongs to a time that was wrong."""
        return self.until > time.monotonic() and now >= self.since


def command_when_due(
    store: EventStore,
    decider: Decider[C, S, F],
    command_for: Callable[[Timer, datetime], C],
    name: str,
) -> WhenDue:
    """Sends the command that `command_for` makes of the timer and the present time.

    The timer is done if the log holds the command, from this try or an earlier one, or if by the log the command would
    not have led to a fact at the time the timer was set for either.
    """

    async def when_due(timer: Timer, now: datetime) -> bool:
        context = timer.context(name)
        await handle(store, decider, timer.stream, command_for(timer, now), context)
        if await store.receipt(context.meta.command_id, context.fingerprint):
            return True
        _, state = await load(store, decider, timer.stream)
        return not decider.decide(command_for(timer, timer.at), state)

    return when_due


def create_script() -> str:
    """SQL for the table of timers, beside a projection's own tables."""
    return (files("qingyuan_runtime.log") / "sql" / "timers.sql").read_text()


@dataclass(slots=True)
class _Change:
    """What a batch of facts does to the timers of one stream. `anew`: its earlier timers go, all of them."""

    anew: bool = False
    without: list[str] = field(default_factory=list)
    rows: dict[str, tuple[object, ...]] = field(default_factory=dict)

    def add(self, cause: Recorded[Fact], change: Moments | Adjusted) -> None:
        if isinstance(change, Adjusted):
            self.without += change.without
            self.rows = {what: row for what, row in self.rows.items() if not what.startswith(change.without)}
            moments = change.moments
        else:
            self.anew, self.without, self.rows, moments = True, [], {}, change
        self.rows |= {what: _row(cause, what, at) for what, at in moments.items()}


class TimerProjection:
    """Inserts and deletes timer rows.

    `rule` returns all timers of the stream after a fact, or what changes of them (`Adjusted`), or None where they stay.
    """

    def __init__(self, model: str, topic: str, rule: Rule) -> None:
        self.model = model
        self.topic = topic
        self._rule = rule

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        changes: dict[str, _Change] = {}
        for fact in facts:
            moments = self._rule(fact)
            if moments is not None:
                changes.setdefault(fact.stream, _Change()).add(fact, moments)
        anew = [stream for stream, change in changes.items() if change.anew]
        await connection.execute("delete from timer where stream_id = any($1)", anew)
        gone = [(stream, prefix) for stream, change in changes.items() for prefix in change.without]
        await connection.executemany(_REMOVE_BY_PREFIX, gone)
        rows = [row for change in changes.values() for row in change.rows.values()]
        await connection.executemany(_SET, rows)

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        """A hash over the timers that are not yet due. Due ones are left out: their rows are being deleted meanwhile."""
        rows = await connection.fetch(_DIGESTS, list(streams))
        return {row["stream_id"]: row["digest"] for row in rows}


def _row(cause: Recorded[Fact], what: str, at: datetime) -> tuple[object, ...]:
    return cause.stream, what, at, cause.id, cause.meta.correlation, cause.meta.traceparent


class TimerRunner:
    """Calls `when_due` in every round with each due timer, the oldest first, and the present time.

    `when_due` returns when the command is carried out. A timer whose command fails or leaves no fact stays, without
    delaying the others.
    """

    def __init__(
        self,
        name: str,
        pool: Pool,
        when_due: WhenDue,
        *,
        clock: Clock,
        pause: float = PAUSE,
        stuck_after: float = STUCK_AFTER,
    ) -> None:
        self._name = name
        self._pool = pool
        self._when_due = when_due
        self._clock = clock
        self._pause = pause
        self._stuck_after = stuck_after
        self._pauses: dict[Key, RetryPause] = {}

    async def run(self) -> None:
        """Run until cancelled. Raises `Stuck` when a command does not return."""
        backoff = Backoff()
        while True:
            try:
                await self.run_due()
            except UNAVAILABLE as error:
                log.warning("timers.interrupted", timers=self._name, reason=error)
                await backoff.after(error)
            else:
                backoff.reset()
                await asyncio.sleep(self._pause)

    async def run_due(self) -> int:
        """One round: send the commands of all due timers. Returns how many were carried out."""
        carried_out = 0
        self._pauses = {key: pause for key, pause in self._pauses.items() if pause.until > time.monotonic()}
        after = (BEGINNING, "", "")
        while rows := await self._pool.fetch(_DUE, self._clock(), *after, PAGE):
            for row in rows:
                carried_out += await self._run_timer(_timer(row))
            after = (rows[-1]["at"], rows[-1]["stream_id"], rows[-1]["what"])
        await self._measure()
        return carried_out

    async def _run_timer(self, timer: Timer) -> bool:
        now, key = self._clock(), (timer.stream, timer.what, timer.cause)
        pause = self._pauses.get(key)
        if now < timer.at or (pause and pause.applies(now)):
            return False  # the clock has just been set back, or the command was sent a moment ago
        try:
            done = await self._send(timer, now)
        except Stuck:
            raise
        except Exception as error:
            if is_unavailable(error):
                raise
            log.error("timer.failed", timers=self._name, stream=timer.stream, what=timer.what, error=error)
            self._pauses[key] = RetryPause(time.monotonic() + RETRY_SECONDS, now, no_fact=False)
            return False
        if done:
            self._pauses.pop(key, None)
            await self._pool.execute(_REMOVE, *key)
        else:
            self._pauses[key] = RetryPause(time.monotonic() + RETRY_SECONDS, now, no_fact=True)
        return True

    async def _send(self, timer: Timer, now: datetime) -> bool:
        limit = asyncio.timeout(self._stuck_after)
        try:
            with span(f"timer {self._name}", timer.traceparent):
                async with limit:
                    return await self._when_due(timer, now)
        except TimeoutError as error:
            if limit.expired():
                raise Stuck(f"{self._name}: no answer for {timer.what} of {timer.stream}") from error
            raise

    async def _measure(self) -> None:
        """The delay of the oldest due timer. One whose command was carried out without a fact is not late."""
        now = self._clock()
        carried_out = [key for key, pause in self._pauses.items() if pause.no_fact]
        columns = [list(column) for column in zip(*carried_out, strict=True)] or [[], [], []]
        oldest: datetime | None = await self._pool.fetchval(_OLDEST, now, *columns)
        metrics.timers_overdue_seconds.labels(self._name).set((now - oldest).total_seconds() if oldest else 0)


_DIGESTS = """
    select stream_id, md5(string_agg(concat_ws(' ', what, at, cause), ',' order by what)) as digest
      from timer where stream_id = any($1) and at > now() + interval '1 minute' group by stream_id
"""
_REMOVE_BY_PREFIX = "delete from timer where stream_id = $1 and starts_with(what, $2)"
_SET = """
    insert into timer values ($1, $2, $3, $4, $5, $6)
    on conflict (stream_id, what) do update set at = excluded.at, cause = excluded.cause,
        correlation = excluded.correlation, traceparent = excluded.traceparent
"""
_DUE = """
    select * from timer where at <= $1 and (at, stream_id, what) > ($2, $3, $4)
     order by at, stream_id, what limit $5
"""
_OLDEST = """
    select min(at) from timer where at <= $1
       and (stream_id, what, cause) not in (select * from unnest($2::text[], $3::text[], $4::uuid[]))
"""
_REMOVE = "delete from timer where stream_id = $1 and what = $2 and cause = $3"


def _timer(row: asyncpg.Record) -> Timer:
    return Timer(
        row["stream_id"], row["what"], row["at"], row["cause"], row["correlation"], row["traceparent"]
    )
