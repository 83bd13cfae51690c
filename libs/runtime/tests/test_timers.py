"""Each timer's command is carried out once, whatever fails and whatever the clock shows. With real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import asyncpg
import pytest
from counting import meta, outlet
from qingyuan_events import Fact, Meta, Recorded, event_id
from qingyuan_events.registry import OutletAdded
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.following.follower import Stuck
from qingyuan_runtime.following.projection_schema import position_script
from qingyuan_runtime.log.store import Conflict, Write
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.process import metrics
from qingyuan_runtime.reacting import timers
from qingyuan_runtime.reacting.timers import PAGE, Moments, Timer, TimerProjection, TimerRunner

pytestmark = pytest.mark.servers

MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
FIRST, SECOND = MORNING + timedelta(hours=1), MORNING + timedelta(hours=2)
DAY = timedelta(days=1)
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
Then = Callable[[Timer], Awaitable[None]]


def rule(recorded: Recorded[Fact]) -> Moments | None:
    fact = recorded.fact
    assert isinstance(fact, OutletAdded)
    return {
        "set": {"first": FIRST, "second": SECOND},
        "set again": {"second": SECOND + DAY},
        "clear": {},
    }.get(fact.particulars.name)


async def nothing(_timer: Timer) -> None:
    return None


@dataclass
class TimersOnLog:
    """A log, the rows of timers, and a clock. Commands of due timers append facts to `done-<stream>`."""

    log: Pool
    rows: Pool
    now: datetime = MORNING
    versions: dict[str, int] = field(default_factory=dict)

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


@pytest.fixture
async def system(postgres_server: DatabaseServer) -> AsyncIterator[TimersOnLog]:
    dsn = await postgres_server.fresh("system")
    connection = await asyncpg.connect(dsn)
    await connection.execute(create_script())
    role = await connection.fetchval("select current_user")
    await connection.execute(position_script("timers_test", role, timers.create_script()))
    await connection.close()
    log, rows = (
        await open_pool(dsn, size=3),
        await open_pool(dsn, size=3, session={"search_path": "timers_test"}),
    )
    yield TimersOnLog(log, rows)
    await log.close()
    await rows.close()


async def test_each_timer_is_carried_out_when_it_is_due_and_not_before(system: TimersOnLog) -> None:
    await system.apply("a", "set")
    runner = system.runner()
    for minutes, so_far in [(0, 0), (59, 0), (60, 1), (61, 1), (119, 1), (120, 2), (500, 2)]:
        system.now = MORNING + timedelta(minutes=minutes)
        await runner.run_due()
        assert len(await system.carried_out()) == so_far
    assert await system.carried_out() == [("first", FIRST), ("second", SECOND)]
    assert await system.left() == 0


async def test_a_day_of_downtime_loses_nothing_and_doubles_nothing(system: TimersOnLog) -> None:
    await system.apply("a", "set")
    system.now = MORNING + DAY
    assert await system.runner().run_due() == 2
    assert await system.runner().run_due() == 0
    assert await system.carried_out() == [("first", system.now), ("second", system.now)], (
        "the time is the real one"
    )


async def test_a_clock_that_jumps_carries_out_nothing_twice(system: TimersOnLog) -> None:
    await system.apply("a", "set")
    for hours in (1, -48, 1, 72, -1, 0, 1, 2, 24):
        system.now = MORNING + timedelta(hours=hours)
        await system.runner().run_due()
    assert await system.carried_out() == [("first", FIRST), ("second", MORNING + timedelta(hours=72))]


async def test_a_clock_that_jumps_back_during_the_round_loses_nothing(system: TimersOnLog) -> None:
    await system.apply("a", "set")
    system.now = SECOND

    async def jump(timer: Timer) -> None:
        system.now = MORNING if timer.what == "first" else system.now

    await system.runner(jump).run_due()
    assert [what for what, _ in await system.carried_out()] == ["first"]
    system.now = SECOND
    await system.runner().run_due()
    assert await system.carried_out() == [("first", SECOND), ("second", SECOND)]


async def test_facts_set_clear_and_leave_the_timers_of_their_own_stream(system: TimersOnLog) -> None:
    for stream, *facts in [
        ("a", "set"),
        ("b", "set", "other"),
        ("c", "set", "clear"),
        ("d", "set", "set again"),
    ]:
        for fact in facts:
            await system.apply(stream, fact)
    system.now = SECOND
    await system.runner().run_due()
    assert {s: [what for what, _ in await system.carried_out(s)] for s in "abcd"} == {
        "a": ["first", "second"],
        "b": ["first", "second"],
        "c": [],
        "d": [],
    }
    system.now = SECOND + DAY
    await system.runner().run_due()
    assert await system.carried_out("d") == [("second", system.now)]


async def test_facts_of_one_batch_add_up_in_order(system: TimersOnLog) -> None:
    facts = [
        Recorded("a", version, system.now, meta(), outlet(name))
        for version, name in enumerate(["set", "clear", "set again"], start=1)
    ]
    async with system.rows.acquire() as connection, connection.transaction():
        await TimerProjection("timers_test", "t", rule).apply(connection, facts)  # type: ignore[arg-type]
    rows = await system.rows.fetch("select what, at, cause from timer")
    assert [tuple(row) for row in rows] == [("second", SECOND + DAY, event_id("a", 3))]


async def test_the_command_says_which_fact_set_the_timer(system: TimersOnLog) -> None:
    setter = await system.apply("a", "set")
    system.now = FIRST
    await system.runner().run_due()
    (found,) = await system.commands()
    assert (found.actor.kind, found.causation) == ("system", setter.id)
    assert found.command_id == uuid5(setter.id, "timers_test first")
    assert found.correlation == setter.meta.correlation
    assert found.traceparent is not None
    assert found.traceparent.split("-")[1] == TRACE.split("-")[1]


async def test_who_dies_after_the_answer_asks_again_and_it_is_done_once(system: TimersOnLog) -> None:
    async def die(_timer: Timer) -> None:
        raise asyncio.CancelledError

    await system.apply("a", "set")
    system.now = SECOND
    for minutes in range(3):
        system.now = SECOND + timedelta(minutes=minutes)
        with pytest.raises(asyncio.CancelledError):
            await system.runner(die).run_due()
    assert await system.left() == 2
    system.now = SECOND + timedelta(minutes=9)
    await system.runner().run_due()
    assert await system.carried_out() == [("first", SECOND), ("second", system.now)]
    assert await system.left() == 0


async def test_several_runners_carry_out_each_timer_once(system: TimersOnLog) -> None:
    streams = [f"s{n}" for n in range(20)]
    for stream in streams:
        await system.apply(stream, "set")
    system.now = SECOND
    await asyncio.gather(*(system.runner().run_due() for _ in range(3)))
    for stream in streams:
        assert await system.carried_out(stream) == [("first", SECOND), ("second", SECOND)]


async def test_one_that_fails_stays_and_keeps_no_other_waiting(system: TimersOnLog) -> None:
    async def fail(timer: Timer) -> None:
        if timer.stream == "a":
            raise ValueError("no")

    for stream in ("a", "b"):
        await system.apply(stream, "set")
    system.now = SECOND
    runner = system.runner(fail)
    assert await runner.run_due() == 2
    assert await system.left() == 2
    system.now = SECOND + timedelta(minutes=1)
    await runner.run_due()
    assert metrics.timers_overdue_seconds.labels("timers_test")._value.get() == 61 * 60
    assert await system.runner().run_due() == 2
    assert await system.left() == 0
    assert metrics.timers_overdue_seconds.labels("timers_test")._value.get() == 0


async def test_one_of_which_the_log_says_nothing_stays_and_is_asked_again_when_the_clock_is_right(
    system: TimersOnLog,
) -> None:
    """A clock that was wrong for one round must not delete timers that follow from the log."""
    times = list[datetime]()

    async def when_due(_timer: Timer, now: datetime) -> bool:
        times.append(now)
        return now <= SECOND

    await system.apply("a", "set")
    runner = TimerRunner("timers_test", system.rows, when_due, clock=lambda: system.now)
    wrong = MORNING + 500 * DAY
    for moment, answered in ((wrong, 2), (wrong, 0), (MORNING, 0), (FIRST, 1), (SECOND, 1)):
        system.now = moment
        assert await runner.run_due() == answered
        if moment == wrong:
            assert await system.left() == 2
            assert metrics.timers_overdue_seconds.labels("timers_test")._value.get() == 0, "it was answered"
    assert (times, await system.left()) == ([wrong, wrong, FIRST, SECOND], 0)


async def test_a_timer_set_anew_while_it_is_carried_out_is_not_deleted(system: TimersOnLog) -> None:
    async def renew(timer: Timer) -> None:
        if timer.what == "second":
            await system.apply("a", "set again")

    await system.apply("a", "set")
    system.now = SECOND
    await system.runner(renew).run_due()
    assert await system.left() == 1
    system.now = SECOND + DAY
    await system.runner().run_due()
    assert await system.carried_out() == [("first", SECOND), ("second", SECOND), ("second", system.now)]


async def test_more_than_a_page_is_carried_out_in_one_round(system: TimersOnLog) -> None:
    row = ("at", FIRST, UUID(int=1), UUID(int=2), None)
    rows = [(f"s{n}", *row) for n in range(PAGE * 2 + 1)]
    await system.rows.executemany("insert into timer values ($1, $2, $3, $4, $5, $6)", rows)
    system.now = FIRST
    carried_out = list[str]()

    async def when_due(timer: Timer, _now: datetime) -> bool:
        carried_out.append(timer.stream)
        return True

    await TimerRunner("timers_test", system.rows, when_due, clock=lambda: system.now).run_due()
    assert sorted(carried_out) == sorted(stream for stream, *_ in rows)


async def test_passing_trouble_is_waited_for(system: TimersOnLog) -> None:
    troubles: list[Exception] = [OSError("gone"), TimeoutError()]

    async def trouble(_timer: Timer) -> None:
        if troubles:
            raise troubles.pop()

    await system.apply("a", "set")
    system.now = SECOND
    running = asyncio.ensure_future(system.runner(trouble, pause=0.01).run())
    async with asyncio.timeout(20):
        while await system.left():
            await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await system.carried_out() == [("first", SECOND), ("second", SECOND)]


async def test_a_command_that_is_never_answered_ends_the_process(system: TimersOnLog) -> None:
    async def hang(_timer: Timer) -> None:
        await asyncio.Event().wait()

    await system.apply("a", "set")
    system.now = SECOND
    async with asyncio.timeout(20):
        with pytest.raises(Stuck):
            await system.runner(hang, stuck_after=0.2).run()
