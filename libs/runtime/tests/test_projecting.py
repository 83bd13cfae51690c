"""A projection during a swap of builds and a retry of dead letters, with failing facts, unreadable messages, and no progress."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest
from counting import Counting, fill
from qingyuan_events import Fact, Recorded
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.bus.memory import MemoryPublisher, MemoryReader, MemoryTopic
from qingyuan_runtime.bus.port import Delivered, Message, Reader
from qingyuan_runtime.database.connections import Connection, Pool, open_pool
from qingyuan_runtime.following import dead_letters
from qingyuan_runtime.following.follower import Stuck
from qingyuan_runtime.following.projecting import ProjectionRunner
from qingyuan_runtime.following.rebuilding import (
    AlreadyRunning,
    Rebuild,
    ensure_current,
    ensure_live,
    session_of,
)
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.process import metrics
from sample_messages import message

pytestmark = pytest.mark.servers


class Comparing(Counting):
    """The counting model with hashes of its rows. While `go` is not set it waits inside its transaction."""

    def __init__(self, topic: str = "t", poison: str | None = None, *, bad_version: int = 0) -> None:
        super().__init__(topic, poison)
        self.bad_version = bad_version
        self.reached, self.go = asyncio.Event(), asyncio.Event()
        self.go.set()

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        self.reached.set()
        await self.go.wait()
        if any(fact.version == self.bad_version for fact in facts):
            raise ValueError("poison")
        await super().apply(connection, facts)

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        rows = await connection.fetch("select * from counted where stream_id = any($1)", list(streams))
        return {row["stream_id"]: f"{row['facts']} {row['last']}" for row in rows}


@dataclass
class View:
    dsn: str
    pool: Pool
    topic: MemoryTopic = field(default_factory=lambda: MemoryTopic(1))

    async def reader(self) -> Reader:
        return MemoryReader(self.topic)

    def runner(self, projection: Comparing | None = None, **options: float) -> ProjectionRunner:
        return ProjectionRunner(projection or Comparing(), self.pool, self.reader, **options)  # type: ignore[arg-type]

    async def publish(self, *keys: tuple[str, int]) -> None:
        await MemoryPublisher(self.topic).publish([message(stream, version) for stream, version in keys])

    async def catch_up(self, projection: Comparing | None = None) -> None:
        await self.runner(projection).catch_up({0: len(self.topic.logs[0])})

    async def counted(self) -> dict[str, tuple[int, bool]]:
        rows = await self.pool.fetch("select * from counted")
        return {row["stream_id"]: (row["facts"], row["in_order"]) for row in rows}

    async def set_aside(self) -> list[tuple[str, int, str]]:
        rows = await self.pool.fetch("select * from dead_letter order by partition, message_offset")
        return [(row["stream_id"], row["version"], row["error"]) for row in rows]


@pytest.fixture
async def view(postgres_server: DatabaseServer) -> AsyncIterator[View]:
    dsn = await postgres_server.fresh("view")
    await ensure_live(dsn, "counting", Counting.table)
    pool = await open_pool(dsn, size=10, session=session_of("counting"))
    yield View(dsn, pool)
    await pool.close()


async def a_log_of(view: View, server: DatabaseServer, streams: int, facts: int) -> str:
    """An event store, and a topic that holds the same."""
    dsn = await server.fresh("log")
    pool = await open_pool(dsn)
    await pool.execute(create_script())
    await fill(pool, streams=streams, facts=facts)
    await pool.close()
    await view.publish(*[(f"outlet-{n}", v) for v in range(1, facts + 1) for n in range(streams)])
    return dsn


def rebuild(view: View, source: str, projection: Comparing | None = None) -> Rebuild:
    return Rebuild(projection or Comparing(), Counting.table, view.dsn, source, view.reader)


async def test_the_migration_rebuilds_a_model_whose_script_has_changed_and_no_other(
    view: View, postgres_server: DatabaseServer
) -> None:
    source = await a_log_of(view, postgres_server, streams=2, facts=3)
    await view.catch_up()
    await view.pool.execute("update counted set facts = 7")
    await ensure_current(rebuild(view, source))
    assert await view.counted() == {f"outlet-{n}": (7, True) for n in range(2)}, (
        "of this version: left as it is"
    )
    newer = replace(
        rebuild(view, source), own_script=f"{Counting.table}; alter table counted add colour text"
    )
    await ensure_current(newer)
    assert await view.counted() == {"outlet-0": (3, True), "outlet-1": (3, True)}
    assert await view.pool.fetchval("select count(colour) from counted") == 0
    assert await ensure_live(view.dsn, "counting", newer.own_script)


async def waits_for_a_lock(pool: Pool, words: str) -> None:
    """Return when a session waits for a lock in a statement with these words."""
    query = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%' || $1 || '%'"
    async with asyncio.timeout(20):
        while not await pool.fetchval(query, words):
            await asyncio.sleep(0.02)


async def test_a_swap_waits_for_the_batch_under_way_and_each_fact_is_applied_once(
    view: View, postgres_server: DatabaseServer
) -> None:
    source = await a_log_of(view, postgres_server, streams=2, facts=3)
    slow = Comparing()
    slow.go.clear()
    running = asyncio.ensure_future(view.runner(slow).run())
    await slow.reached.wait()
    rebuilding = asyncio.ensure_future(rebuild(view, source).run())
    await waits_for_a_lock(view.pool, "access exclusive mode")
    slow.go.set()
    outcome = await rebuilding
    await view.publish(("outlet-0", 4))

    async with asyncio.timeout(20):
        while (await view.counted()).get("outlet-0") != (4, True):
            await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert outcome.facts == 6
    assert await view.counted() == {"outlet-0": (4, True), "outlet-1": (3, True)}


async def test_a_second_rebuild_of_a_model_is_refused(view: View, postgres_server: DatabaseServer) -> None:
    source = await a_log_of(view, postgres_server, streams=1, facts=1)
    slow = Comparing()
    slow.go.clear()
    first = asyncio.ensure_future(rebuild(view, source, slow).run())
    await slow.reached.wait()
    with pytest.raises(AlreadyRunning):
        await rebuild(view, source).run()
    slow.go.set()
    assert (await first).facts == 1


async def test_a_fact_that_arrives_while_dead_letters_are_retried_is_applied(
    view: View,
) -> None:
    await view.publish(("outlet-0", 1), ("outlet-0", 2))
    await view.catch_up(Comparing(poison="outlet-0"))
    await view.publish(("outlet-0", 3))
    arriving: list[asyncio.Future[None]] = []

    async def apply(connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        await view.runner().apply_recorded(connection, facts)
        if not arriving:
            arriving.append(asyncio.ensure_future(view.catch_up()))
            await waits_for_a_lock(view.pool, "insert into projection_offset")

    async with view.pool.acquire() as connection:
        assert await dead_letters.retry(connection, "outlet-0", apply) == 2
    await asyncio.gather(*arriving)
    assert await view.counted() == {"outlet-0": (3, True)}
    assert await view.set_aside() == []


async def test_the_first_dead_letter_of_a_stream_is_the_fact_that_fails(view: View) -> None:
    await view.publish(("outlet-0", 1), ("outlet-0", 2), ("outlet-0", 3), ("outlet-1", 1))
    await view.catch_up(Comparing(bad_version=2))
    assert await view.counted() == {"outlet-0": (1, True), "outlet-1": (1, True)}
    assert await view.set_aside() == [
        ("outlet-0", 2, "ValueError('poison')"),
        ("outlet-0", 3, "its stream is parked"),
    ]
    async with view.pool.acquire() as connection:
        apply = view.runner(Comparing(bad_version=2)).apply_recorded
        assert await dead_letters.release(connection, "outlet-0", apply) == 2
    assert await view.set_aside() == []
    assert (await view.counted())["outlet-0"][0] == 2


async def test_a_retry_keeps_what_was_applied_and_stops_at_the_next_failing_fact(view: View) -> None:
    await view.publish(("outlet-0", 1), ("outlet-0", 2), ("outlet-0", 3))
    await view.catch_up(Comparing(bad_version=1))
    async with view.pool.acquire() as connection:
        with pytest.raises(ValueError, match="poison"):
            await dead_letters.retry(
                connection, "outlet-0", view.runner(Comparing(bad_version=2)).apply_recorded
            )
        assert [version for _, version, _ in await view.set_aside()] == [2, 3]
        assert await dead_letters.retry(connection, "outlet-0", view.runner().apply_recorded) == 2
    assert await view.counted() == {"outlet-0": (3, True)}


LONG = b"".join(hashlib.sha256(bytes([number])).hexdigest().encode() for number in range(100))
"""A name that does not fit into an index entry, even compressed."""
GARBAGE = [
    Message(b"outlet-9", b"{}", [("ce_streamversion", b"nine")]),
    Message(b"outlet-9", b"not json", []),
    Message(b"", b"\x00\xff", [("x", b"\x00")]),
    Message(b"outlet-9", b"{}", [("x\x00", b"")]),
    Message(LONG, b"{}", []),
]


async def test_unreadable_messages_become_dead_letters_and_stop_no_other_stream(view: View) -> None:
    await MemoryPublisher(view.topic).publish(GARBAGE)
    await view.publish(("outlet-0", 1))
    await view.catch_up()
    assert [(stream, version) for stream, version, _ in await view.set_aside()] == [
        ("outlet-9", 0),
        ("outlet-9", 0),
        ("", 0),
        ("outlet-9", 0),
        (LONG[: dead_letters.STREAM_MOST].decode(), 0),
    ]
    assert await view.counted() == {"outlet-0": (1, True)}


async def test_dead_letters_and_lag_are_seen_in_the_metrics(view: View) -> None:
    await view.publish(("outlet-0", 1), ("outlet-0", 2))
    running = asyncio.ensure_future(view.runner(Comparing(poison="outlet-0")).run())
    async with asyncio.timeout(20):
        while metrics.dead_letters.labels("counting")._value.get() != 2:
            await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert metrics.projection_lag_events.labels("counting")._value.get() == 0


class Quiet(MemoryReader):
    """A client that hangs: there are messages, but it returns none."""

    async def poll(self, *, timeout_ms: int, max_records: int) -> Mapping[int, Sequence[Delivered]]:
        await asyncio.sleep(0.01)
        return {}


async def test_lag_without_progress_ends_the_process(view: View) -> None:
    await view.publish(("outlet-0", 1))

    async def quiet() -> Reader:
        return Quiet(view.topic)

    runner = ProjectionRunner(Comparing(), view.pool, quiet, stuck_after=0.2)
    async with asyncio.timeout(20):
        with pytest.raises(Stuck):
            await runner.run()
