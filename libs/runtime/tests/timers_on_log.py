"""Shared by tests of timers: timers that follow from facts, and whose commands append facts to a log."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import asyncpg
from counting import meta, outlet
from qingyuan_events import Fact, Meta, Recorded
from qingyuan_events.registry import OutletAdded
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.following.projection_schema import position_script
from qingyuan_runtime.log.store import Conflict, Write
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.reacting import timers
from qingyuan_runtime.reacting.timers import Adjusted, Moments, Timer, TimerProjection, TimerRunner

MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
FIRST, SECOND = MORNING + timedelta(hours=1), MORNING + timedelta(hours=2)
DAY = timedelta(days=1)
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
Then = Callable[[Timer], Awaitable[None]]


def rule(recorded: Recorded[Fact]) -> Moments | Adjusted | None:
    fact = recorded.fact
    assert isinstance(fact, OutletAdded)
    rules: dict[str, Moments | Adjusted] = {
        "set": {"first": FIRST, "second": SECOND},
        "set again": {"second": SECOND + DAY},
        "clear": {},
        "adjust": Adjusted({"third": SECOND}, without=("fi",)),
    }
    return rules.get(fact.particulars.name)


async def nothing(_timer: Timer) -> None:
    return None


@dataclass
class TimersOnLog:
    """A log, the rows of timers, and a clock. Commands of due timers append facts to `done-<stream>`."""

    log: Pool
    rows: Pool
    now: datetime = MORNING
    versions: dict[str, int] = field(default_factory=dict)

    @classmethod
    async def make(cls, dsn: str) -> "TimersOnLog":
        connection = await asyncpg.connect(dsn)
        await connection.execute(create_script())
        role = await connection.fetchval("select current_user")
        await connection.execute(position_script("timers_test", role, timers.create_script()))
        await connection.close()
        log, rows = (
            await open_pool(dsn, size=3),
            await open_pool(dsn, size=3, session={"search_path": "timers_test"}),
        )
        return cls(log, rows)

    async def close(self) -> None:
        await self.log.close()
        await self.rows.close()

    async def apply(self, stream: str, name: str) -> Recorded[Fact]:
        """Apply a fact of this stream to the projection of timers."""
        self.versions[stream] = self.versions.get(stream, 0) + 1
        fact = Recorded(stream, self.versions[stream], self.now, meta(TRACE), outlet(name))
        async with self.rows.acquire() as connection, connection.transaction():
            await TimerProjection("timers_test", "t", rule).apply(connection, [fact])  # type: ignore[list-item]
        return fact  # type: ignore[return-value]

    def runner(self, then: Then = nothing, **options: float) -> TimerRunner:
        """`then` is called after the command and before its row is deleted, to fail or stop there."""

        async def when_due(timer: Timer, now: datetime) -> bool:
            await self._write(timer, now)
            await then(timer)
            return True

        return TimerRunner("timers_test", self.rows, when_due, clock=lambda: self.now, **options)  # type: ignore[arg-type]

    async def _write(self, timer: Timer, now: datetime) -> None:
        store, context = PostgresStore(self.log), timer.context("timers_test")
        stream, fact = f"done-{timer.stream}", outlet(f"{timer.what} {now.isoformat()}")
        while True:
            version = len(await store.read(stream))
            try:
                await store.append([Write(stream, version, (fact,))], context.meta, context.fingerprint)
            except Conflict:
                continue
            return

    async def carried_out(self, stream: str = "a") -> list[tuple[str, datetime]]:
        written = [entry.fact.particulars.name.split() for entry in await self._read(stream)]  # type: ignore[attr-defined]
        return [(what, datetime.fromisoformat(at)) for what, at in written]

    async def commands(self, stream: str = "a") -> list[Meta]:
        return [entry.meta for entry in await self._read(stream)]

    async def _read(self, stream: str) -> list[Recorded[Fact]]:
        return list(await PostgresStore(self.log).read(f"done-{stream}"))

    async def left(self) -> int:
        return int(await self.rows.fetchval("select count(*) from timer"))
