"""Timers ring once each, whatever dies and whatever the clock does; on real PostgreSQL, with a clock that tests move."""

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
class Tower:
    """A log, a place with timers, and a clock. What rings is written into the log as `bell-<stream>`."""

    log: Pool
    place: Pool
    now: datetime = MORNING
    versions: dict[str, int] = field(default_factory=dict)

    async def hears(self, stream: str, name: str) -> Recorded[Fact]:
        """A fact of this stream comes to the projection."""
        self.versions[stream] = self.versions.get(stream, 0) + 1
        fact = Recorded(stream, self.versions[stream], self.now, meta(TRACE), outlet(name))
        async with self.place.acquire() as connection, connection.transaction():
            await TimerProjection("bells", "t", rule).apply(connection, [fact])  # type: ignore[list-item]
        return fact  # type: ignore[return-value]

    def bell(self, then: Then = nothing, **more: float) -> TimerRunner:
        """`then` comes between the answer of the command and the end of the timer, to fail or die there."""

        async def ring(timer: Timer, now: datetime) -> bool:
            await self._write(timer, now)
            await then(timer)
            return True

        return TimerRunner("bells", self.place, ring, clock=lambda: self.now, **more)  # type: ignore[arg-type]

    async def _write(self, timer: Timer, now: datetime) -> None:
        store, asked = PostgresStore(self.log), timer.asked("bells")
        stream, fact = f"bell-{timer.stream}", outlet(f"{timer.what} {now.isoformat()}")
        while True:
            version = len(await store.read(stream))
            try:
                await store.append([Write(stream, version, (fact,))], asked.meta, asked.fingerprint)
            except Conflict:
                continue
            return

    async def rung(self, stream: str = "a") -> list[tuple[str, datetime]]:
        said = [one.fact.particulars.name.split() for one in await self._read(stream)]  # type: ignore[attr-defined]
        return [(what, datetime.fromisoformat(at)) for what, at in said]

    async def asked(self, stream: str = "a") -> list[Meta]:
        return [one.meta for one in await self._read(stream)]

    async def _read(self, stream: str) -> list[Recorded[Fact]]:
        return list(await PostgresStore(self.log).read(f"bell-{stream}"))

    async def left(self) -> int:
        return int(await self.place.fetchval("select count(*) from timer"))


@pytest.fixture
async def tower(postgres_server: DatabaseServer) -> AsyncIterator[Tower]:
    dsn = await postgres_server.fresh("tower")
    connection = await asyncpg.connect(dsn)
    await connection.execute(create_script())
    role = await connection.fetchval("select current_user")
    await connection.execute(position_script("bells", role, timers.create_script()))
    await connection.close()
    log, place = await open_pool(dsn, size=3), await open_pool(dsn, size=3, session={"search_path": "bells"})
    yield Tower(log, place)
    await log.close()
    await place.close()


async def test_each_rings_at_its_moment_and_not_before(tower: Tower) -> None:
    await tower.hears("a", "set")
    bell = tower.bell()
    for minutes, so_far in [(0, 0), (59, 0), (60, 1), (61, 1), (119, 1), (120, 2), (500, 2)]:
        tower.now = MORNING + timedelta(minutes=minutes)
        await bell.go_round()
        assert len(await tower.rung()) == so_far
    assert await tower.rung() == [("first", FIRST), ("second", SECOND)]
    assert await tower.left() == 0


async def test_a_day_of_downtime_loses_nothing_and_doubles_nothing(tower: Tower) -> None:
    await tower.hears("a", "set")
    tower.now = MORNING + DAY
    assert await tower.bell().go_round() == 2
    assert await tower.bell().go_round() == 0
    assert await tower.rung() == [("first", tower.now), ("second", tower.now)], "the time is the real one"


async def test_a_clock_that_jumps_rings_nothing_twice(tower: Tower) -> None:
    await tower.hears("a", "set")
    for hours in (1, -48, 1, 72, -1, 0, 1, 2, 24):
        tower.now = MORNING + timedelta(hours=hours)
        await tower.bell().go_round()
    assert await tower.rung() == [("first", FIRST), ("second", MORNING + timedelta(hours=72))]


async def test_a_clock_that_jumps_back_during_the_round_loses_nothing(tower: Tower) -> None:
    await tower.hears("a", "set")
    tower.now = SECOND

    async def jump(timer: Timer) -> None:
        tower.now = MORNING if timer.what == "first" else tower.now

    await tower.bell(jump).go_round()
    assert [what for what, _ in await tower.rung()] == ["first"]
    tower.now = SECOND
    await tower.bell().go_round()
    assert await tower.rung() == [("first", SECOND), ("second", SECOND)]


async def test_facts_set_clear_and_leave_the_timers_of_their_own_stream(tower: Tower) -> None:
    for stream, *facts in [
        ("a", "set"),
        ("b", "set", "other"),
        ("c", "set", "clear"),
        ("d", "set", "set again"),
    ]:
        for fact in facts:
            await tower.hears(stream, fact)
    tower.now = SECOND
    await tower.bell().go_round()
    assert {s: [what for what, _ in await tower.rung(s)] for s in "abcd"} == {
        "a": ["first", "second"],
        "b": ["first", "second"],
        "c": [],
        "d": [],
    }
    tower.now = SECOND + DAY
    await tower.bell().go_round()
    assert await tower.rung("d") == [("second", tower.now)]


async def test_facts_of_one_batch_add_up_in_order(tower: Tower) -> None:
    facts = [
        Recorded("a", version, tower.now, meta(), outlet(name))
        for version, name in enumerate(["set", "clear", "set again"], start=1)
    ]
    async with tower.place.acquire() as connection, connection.transaction():
        await TimerProjection("bells", "t", rule).apply(connection, facts)  # type: ignore[arg-type]
    rows = await tower.place.fetch("select what, at, cause from timer")
    assert [tuple(row) for row in rows] == [("second", SECOND + DAY, event_id("a", 3))]


async def test_the_command_says_which_fact_set_the_timer(tower: Tower) -> None:
    setter = await tower.hears("a", "set")
    tower.now = FIRST
    await tower.bell().go_round()
    (found,) = await tower.asked()
    assert (found.actor.kind, found.causation) == ("system", setter.id)
    assert found.command_id == uuid5(setter.id, "bells first")
    assert found.correlation == setter.meta.correlation
    assert found.traceparent is not None
    assert found.traceparent.split("-")[1] == TRACE.split("-")[1]


async def test_who_dies_after_the_answer_asks_again_and_it_is_done_once(tower: Tower) -> None:
    async def die(_timer: Timer) -> None:
        raise asyncio.CancelledError

    await tower.hears("a", "set")
    tower.now = SECOND
    for minutes in range(3):
        tower.now = SECOND + timedelta(minutes=minutes)
        with pytest.raises(asyncio.CancelledError):
            await tower.bell(die).go_round()
    assert await tower.left() == 2
    tower.now = SECOND + timedelta(minutes=9)
    await tower.bell().go_round()
    assert await tower.rung() == [("first", SECOND), ("second", tower.now)]
    assert await tower.left() == 0


async def test_two_bells_ring_each_timer_once(tower: Tower) -> None:
    streams = [f"s{n}" for n in range(20)]
    for stream in streams:
        await tower.hears(stream, "set")
    tower.now = SECOND
    await asyncio.gather(*(tower.bell().go_round() for _ in range(3)))
    for stream in streams:
        assert await tower.rung(stream) == [("first", SECOND), ("second", SECOND)]


async def test_one_that_fails_stays_and_keeps_no_other_waiting(tower: Tower) -> None:
    async def fail(timer: Timer) -> None:
        if timer.stream == "a":
            raise ValueError("no")

    for stream in ("a", "b"):
        await tower.hears(stream, "set")
    tower.now = SECOND
    bell = tower.bell(fail)
    assert await bell.go_round() == 2
    assert await tower.left() == 2
    tower.now = SECOND + timedelta(minutes=1)
    await bell.go_round()
    assert metrics.timers_overdue_seconds.labels("bells")._value.get() == 61 * 60
    assert await tower.bell().go_round() == 2
    assert await tower.left() == 0
    assert metrics.timers_overdue_seconds.labels("bells")._value.get() == 0


async def test_one_of_which_the_log_says_nothing_stays_and_is_asked_again_when_the_clock_is_right(
    tower: Tower,
) -> None:
    """A clock that was wrong for one round must not end what follows from the log."""
    asked = list[datetime]()

    async def ring(_timer: Timer, now: datetime) -> bool:
        asked.append(now)
        return now <= SECOND

    await tower.hears("a", "set")
    bell = TimerRunner("bells", tower.place, ring, clock=lambda: tower.now)
    wrong = MORNING + 500 * DAY
    for moment, answered in ((wrong, 2), (wrong, 0), (MORNING, 0), (FIRST, 1), (SECOND, 1)):
        tower.now = moment
        assert await bell.go_round() == answered
        if moment == wrong:
            assert await tower.left() == 2
            assert metrics.timers_overdue_seconds.labels("bells")._value.get() == 0, "it was answered"
    assert (asked, await tower.left()) == ([wrong, wrong, FIRST, SECOND], 0)


async def test_a_timer_that_was_set_anew_while_it_rang_is_not_taken_away(tower: Tower) -> None:
    async def renew(timer: Timer) -> None:
        if timer.what == "second":
            await tower.hears("a", "set again")

    await tower.hears("a", "set")
    tower.now = SECOND
    await tower.bell(renew).go_round()
    assert await tower.left() == 1
    tower.now = SECOND + DAY
    await tower.bell().go_round()
    assert await tower.rung() == [("first", SECOND), ("second", SECOND), ("second", tower.now)]


async def test_more_than_a_page_rings_in_one_round(tower: Tower) -> None:
    row = ("at", FIRST, UUID(int=1), UUID(int=2), None)
    rows = [(f"s{n}", *row) for n in range(PAGE * 2 + 1)]
    await tower.place.executemany("insert into timer values ($1, $2, $3, $4, $5, $6)", rows)
    tower.now = FIRST
    rung = list[str]()

    async def ring(timer: Timer, _now: datetime) -> bool:
        rung.append(timer.stream)
        return True

    await TimerRunner("bells", tower.place, ring, clock=lambda: tower.now).go_round()
    assert sorted(rung) == sorted(stream for stream, *_ in rows)


async def test_passing_trouble_is_waited_for(tower: Tower) -> None:
    troubles: list[Exception] = [OSError("gone"), TimeoutError()]

    async def trouble(_timer: Timer) -> None:
        if troubles:
            raise troubles.pop()

    await tower.hears("a", "set")
    tower.now = SECOND
    running = asyncio.ensure_future(tower.bell(trouble, pause=0.01).run())
    async with asyncio.timeout(20):
        while await tower.left():
            await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await tower.rung() == [("first", SECOND), ("second", SECOND)]


async def test_a_command_that_is_never_answered_ends_the_process(tower: Tower) -> None:
    async def hang(_timer: Timer) -> None:
        await asyncio.Event().wait()

    await tower.hears("a", "set")
    tower.now = SECOND
    async with asyncio.timeout(20):
        with pytest.raises(Stuck):
            await tower.bell(hang, stuck_after=0.2).run()
