"""Somebody's fact leads to a command of one's own: the effect comes once, although facts come more than once.

The commands of a few facts are answered first, and then the offset moves past them. Who dies in between asks again
under the same command ids, and the store answers as it did before. Unlike a projection a reaction holds no
transaction while it works: the relay publishes nothing younger than an open one, so it would wait for its own service.

A reaction keeps its offsets, the versions it has seen and its parked streams in a schema of its own, by the tables of
a projection. It is no read model: it is never rebuilt, and begins where the topic does.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

import structlog
from qingyuan_events import Actor, Fact, Meta, Recorded, from_message
from qingyuan_events.envelope import STREAM_NAMESPACE

from qingyuan_runtime import metrics
from qingyuan_runtime.away import is_away
from qingyuan_runtime.broker import Delivered
from qingyuan_runtime.database import Connection, Pool
from qingyuan_runtime.dead_letters import Poison, parked, set_aside
from qingyuan_runtime.handling import Asked, Busy
from qingyuan_runtime.projecting import (
    BEHIND,
    REMEMBER,
    STUCK_AFTER,
    TRIES,
    Batches,
    HoleInStream,
    OpenReader,
    Overtaken,
    ProjectionRunner,
    Stuck,
)
from qingyuan_runtime.telemetry import span, traceparent
from qingyuan_runtime.trust import EVERYTHING, Trust

STEP = 100
"""So many facts are answered before the offset moves: what a death makes it ask again at most."""

React = Callable[[Recorded[Fact]], Awaitable[None]]

log = structlog.get_logger()


def because(cause: Recorded[Fact], name: str, part: str = "") -> Asked:
    """How the reaction `name` asks for a command that follows from `cause`: the same at every try.

    `part` tells the commands apart where one fact leads to several.
    """
    named = f"{name} {part}" if part else name
    meta = Meta(
        actor=system(name),
        command_id=uuid5(cause.id, named),
        correlation=cause.meta.correlation,
        causation=cause.id,
        traceparent=traceparent() or cause.meta.traceparent,
    )
    return Asked(meta, f"{named} because of {cause.id}")


def system(name: str) -> Actor:
    """The actor of what nobody in particular asked for."""
    return Actor(account=system_account(name), kind="system")


def system_account(name: str) -> UUID:
    return uuid5(STREAM_NAMESPACE, f"system {name}")


@dataclass
class _Reacting:
    """A reaction in the shape of a projection, for letters that a person lets go on."""

    model: str
    topic: str
    react: React

    async def apply(self, _connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        for fact in facts:
            await self.react(fact)


@dataclass
class _Walk:
    """What became of a few records of one partition."""

    parked: set[bytes]
    versions: dict[str, int]
    letters: list[Poison] = field(default_factory=list)
    reacted: list[Recorded[Fact]] = field(default_factory=list)
    repeated: int = 0

    def waits(self, record: Delivered) -> bool:
        """Its stream is parked, by now or since before: it goes behind the others."""
        if behind := record.key in self.parked:
            self.letters.append(Poison(record, BEHIND))
        return behind

    def park(self, record: Delivered, error: Exception) -> None:
        self.letters.append(Poison(record, repr(error)))
        self.parked = self.parked | {record.key}

    def is_new(self, fact: Recorded[Fact]) -> bool:
        last = self.versions.get(fact.stream, 0)
        if fact.version > last + 1:
            raise HoleInStream(f"{fact.stream}: {last} then {fact.version}")
        self.repeated += fact.version <= last
        return fact.version > last

    def done(self, fact: Recorded[Fact]) -> None:
        self.versions[fact.stream] = fact.version
        self.reacted.append(fact)


class ReactionRunner(ProjectionRunner):
    """Calls `react` with every fact of the topic, in order within a stream.

    `pool` has the reaction's schema in its search path. `react` returns when its commands are answered. What it
    raises as a passing trouble is tried again for ever; anything else three times, then the stream is parked.
    """

    def __init__(
        self,
        topic: str,
        name: str,
        pool: Pool,
        open_reader: OpenReader,
        react: React,
        *,
        only: Iterable[int] | None = None,
        stuck_after: float = STUCK_AFTER,
        trust: Trust = EVERYTHING,
    ) -> None:
        reacting = _Reacting(name, topic, self._react)
        super().__init__(reacting, pool, open_reader, only=only, stuck_after=stuck_after, trust=trust)
        self._name = name
        self._asked = react

    async def _apply_patiently(self, batches: Batches) -> None:
        for records in batches.values():
            for start in range(0, len(records), STEP):
                await self._advance(records[start : start + STEP])

    async def _advance(self, records: Sequence[Delivered]) -> None:
        """Commands first, then in one short transaction everything that says they were answered."""
        sifted = await self._sift(records)
        genuine = sifted.genuine
        async with self._pool.acquire() as connection:
            before = await parked(connection, genuine)
            walk = _Walk(before, await _seen(connection, genuine), sifted.forged)
        for record in genuine:
            if not walk.waits(record):
                await self._meet(walk, record)
        following = {records[-1].partition: records[-1].offset + 1}
        async with self._pool.acquire() as connection, connection.transaction():
            await self._move_offsets(connection, following)
            if await parked(connection, genuine) != before:
                raise Overtaken  # a person let a stream go on meanwhile
            await set_aside(connection, walk.letters)
            versions = {fact.stream: fact.version for fact in walk.reacted}
            await connection.execute(REMEMBER, list(versions), list(versions.values()))
        self._offsets |= following
        metrics.projection_applied_total.labels(self._name).inc(len(walk.reacted))
        metrics.projection_skipped_total.labels(self._name).inc(walk.repeated)

    async def _meet(self, walk: _Walk, record: Delivered) -> None:
        try:
            fact = from_message(record.headers, record.value)
            if walk.is_new(fact):
                await self._react_patiently(fact)
                walk.done(fact)
        except (HoleInStream, Stuck):
            raise
        except Exception as error:
            if is_away(error):
                raise
            log.error("reaction.set_aside", reaction=self._name, error=error)
            walk.park(record, error)

    async def _react_patiently(self, fact: Recorded[Fact]) -> None:
        for _ in range(TRIES - 1):
            try:
                return await self._react(fact)
            except Stuck:
                raise
            except Exception as error:
                if is_away(error):
                    raise
                log.warning("reaction.failed", reaction=self._name, event_id=str(fact.id), error=error)
        return await self._react(fact)

    async def _react(self, fact: Recorded[Fact]) -> None:
        """Once, under the trace of its cause. A stream that others are busy with is a passing trouble."""
        limit = asyncio.timeout(self._stuck_after)
        try:
            with span(f"react {self._name}", fact.meta.traceparent):
                async with limit:
                    await self._asked(fact)
        except Busy as busy:
            raise TimeoutError(f"{busy} is busy") from busy
        except TimeoutError as error:
            if limit.expired():
                raise Stuck(f"{self._name}: no answer for {fact.stream} {fact.version}") from error
            raise


async def _seen(connection: Connection, records: Sequence[Delivered]) -> dict[str, int]:
    streams = list({record.key.decode(errors="replace").replace("\0", "\ufffd") for record in records})
    rows = await connection.fetch("select * from projection_stream where stream_id = any($1)", streams)
    return {row["stream_id"]: row["version"] for row in rows}
