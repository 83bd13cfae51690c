"""From the log through Kafka into rows: real PostgreSQL, real Kafka, and death in the middle."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import asyncpg
import pytest
from counting import Counting, fill, make_topic, meta, outlet, prepare_view, running, until
from qingyuan_local.testing import DatabaseServer, KafkaServer
from qingyuan_runtime.bus.kafka import KafkaPublisher, KafkaReader
from qingyuan_runtime.bus.port import Message, Publisher
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.following import dead_letters
from qingyuan_runtime.following.projecting import ProjectionRunner
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.publishing.auditing import Auditor
from qingyuan_runtime.publishing.relay import Relay, Source

pytestmark = pytest.mark.servers


@dataclass
class Place:
    log_dsn: str
    view_dsn: str
    bootstrap: str
    topic: str
    log: Pool
    view: Pool

    async def publisher(self) -> Publisher:
        return await KafkaPublisher.open(self.bootstrap, self.topic)

    async def reader(self) -> KafkaReader:
        return await KafkaReader.open(self.bootstrap, self.topic)

    def relay(self, open_publisher: Callable[[], Awaitable[Publisher]] | None = None) -> Relay:
        return Relay(Source(self.log_dsn, "registry"), open_publisher or self.publisher)

    def sharded(self, shards: int) -> list[Awaitable[None]]:
        """One relay a shard, as a layout of so many shards runs them."""
        sources = [Source(self.log_dsn, "registry", shard, shards) for shard in range(shards)]
        return [Relay(source, self.publisher).run() for source in sources]

    def runner(self, poison: str | None = None) -> ProjectionRunner:
        return ProjectionRunner(Counting(self.topic, poison), self.view, self.reader)

    async def counted(self) -> dict[str, tuple[int, bool]]:
        rows = await self.view.fetch("select * from counted")
        return {row["stream_id"]: (row["facts"], row["in_order"]) for row in rows}

    async def shows(self, streams: int, facts: int) -> bool:
        rows = await self.counted()
        return len(rows) == streams and all(one == (facts, True) for one in rows.values())


@pytest.fixture
async def place(postgres_server: DatabaseServer, kafka_server: KafkaServer) -> AsyncIterator[Place]:
    log_dsn, view_dsn = await postgres_server.fresh("log"), await postgres_server.fresh("view")
    topic = await make_topic(kafka_server.bootstrap)
    async with (
        asyncpg.create_pool(log_dsn, min_size=1) as log,
        asyncpg.create_pool(view_dsn, min_size=1) as view,
    ):
        await log.execute(create_script())
        await prepare_view(view_dsn)
        yield Place(log_dsn, view_dsn, kafka_server.bootstrap, topic, log, view)


async def test_every_fact_reaches_its_row_once_and_in_order(place: Place) -> None:
    await fill(place.log, streams=10, facts=5)
    async with running(place.relay().run(), place.runner().run()):
        await until(lambda: place.shows(10, 5))
        await fill(place.log, streams=10, facts=5, prefix="later")
        await until(lambda: place.shows(20, 5))


async def test_an_open_transaction_with_an_elder_xid_is_waited_for(place: Place) -> None:
    """The classic silent skip: an event that commits late, below positions already published."""
    slow = await asyncpg.connect(place.log_dsn)
    held = slow.transaction()
    await held.start()
    await slow.execute("select pg_current_xact_id()")
    await fill(place.log, streams=1, facts=1, prefix="fast")
    async with running(place.relay().run(), place.runner().run()):
        await asyncio.sleep(0.5)
        assert await place.counted() == {}
        arguments = ("slow-0", 0, ["outlet.added.v1"], [outlet().model_dump_json()], meta().model_dump_json())
        await slow.execute("select add_write($1, $2, $3, $4, $5, null, false, '{}', '{}')", *arguments)
        await held.commit()
        await until(lambda: place.shows(2, 1))
    await slow.close()


async def test_another_number_of_relays_leaves_nothing_out_and_does_not_begin_again(place: Place) -> None:
    """From one shard to three and back to one: each layout goes on where all of the former one had come to."""
    for round_, shards in enumerate((1, 3, 1)):
        await fill(place.log, streams=12, facts=4, prefix=f"round{round_}")
        async with running(*place.sharded(shards), place.runner().run()):
            await until(lambda done=round_: place.shows(12 * (done + 1), 4))
            await until(lambda n=shards: _all_moved(place.log, n))
    found = await Auditor(place.reader).read_to_end()
    assert (found.holes, found.inversions) == (0, 0)
    assert found.repeats < 12 * 4 * 2, "a layout began from the beginning"


async def _all_moved(log: Pool, shards: int) -> bool:
    moved = "select count(*) from relay_cursor where shards = $1 and pos > 0"
    return bool(await log.fetchval(moved, shards) == shards)


async def test_the_stored_trace_is_what_kafka_carries(place: Place) -> None:
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    await PostgresStore(place.log).append([Write("outlet-1", 0, (outlet(),))], meta(parent), "f")
    async with running(place.relay().run()):
        reader = await place.reader()
        await reader.assign(await reader.beginnings())
        found: list[object] = []
        while not found:
            for records in (await reader.poll(timeout_ms=500, max_records=10)).values():
                found += records
        await reader.close()
    headers = found[0].headers  # type: ignore[attr-defined]
    assert headers["traceparent"] == headers["ce_traceparent"] == parent.encode()


class DiesAfterSending:
    """A publisher whose acknowledgement never reaches the relay: the messages are out, the cursor is not."""

    def __init__(self, inner: Publisher) -> None:
        self._inner = inner

    async def publish(self, messages: list[Message]) -> None:
        await self._inner.publish(messages)
        raise asyncio.CancelledError

    async def close(self) -> None:
        await self._inner.close()


async def test_a_relay_that_dies_before_moving_its_cursor_repeats_and_nothing_is_applied_twice(
    place: Place,
) -> None:
    await fill(place.log, streams=5, facts=4)

    async def dying() -> Publisher:
        return DiesAfterSending(await place.publisher())  # type: ignore[return-value]

    for _ in range(2):
        with suppress(asyncio.CancelledError):
            await place.relay(dying).run()
    async with running(place.relay().run(), place.runner().run()):
        await until(lambda: place.shows(5, 4))

        async def repeated() -> bool:
            return (await Auditor(place.reader).read_to_end()).repeats == 40

        await until(repeated)
        found = await Auditor(place.reader).read_to_end()
    assert (found.streams, found.holes, found.inversions) == (5, 0, 0)


async def test_a_second_relay_waits_until_the_first_is_gone(place: Place) -> None:
    first = asyncio.ensure_future(place.relay().run())
    await fill(place.log, streams=1, facts=1)
    async with running(place.relay().run(), place.runner().run()):
        await until(lambda: place.shows(1, 1))
        first.cancel()
        await fill(place.log, streams=1, facts=1, prefix="after")
        await until(lambda: place.shows(2, 1))


async def test_a_projector_that_dies_between_rows_and_commit_leaves_no_trace(place: Place) -> None:
    class Dying(Counting):
        async def apply(self, connection: Connection, facts: object) -> None:
            await super().apply(connection, facts)  # type: ignore[arg-type]
            raise asyncio.CancelledError

    await fill(place.log, streams=5, facts=4)
    async with running(place.relay().run()):
        with suppress(asyncio.CancelledError):
            await ProjectionRunner(Dying(place.topic), place.view, place.reader).run()
        assert await place.counted() == {}
        async with running(place.runner().run()):
            await until(lambda: place.shows(5, 4))


async def test_two_projectors_on_the_same_partitions_apply_each_fact_once(place: Place) -> None:
    async with running(place.relay().run(), place.runner().run(), place.runner().run()):
        await fill(place.log, streams=20, facts=10)
        await until(lambda: place.shows(20, 10))


async def test_poison_parks_its_stream_and_others_flow(place: Place) -> None:
    async with running(place.relay().run(), place.runner(poison="outlet-2").run()):
        await fill(place.log, streams=5, facts=3)

        async def parked() -> bool:
            async with place.view.acquire() as connection:
                found = await dead_letters.list_parked(connection)
            return [(one.stream, one.letters) for one in found] == [("outlet-2", 3)] and len(
                await place.counted()
            ) == 4

        await until(parked)
    runner = place.runner()
    async with place.view.acquire() as connection:
        assert await dead_letters.retry(connection, "outlet-2", runner.apply_recorded) == 3
    assert await place.shows(5, 3)


async def test_releasing_gives_up_the_first_letter_only(place: Place) -> None:
    async with running(place.relay().run(), place.runner(poison="outlet-0").run()):
        await fill(place.log, streams=1, facts=3)

        async def parked() -> bool:
            return await place.view.fetchval("select count(*) from dead_letter") == 3

        await until(parked)
    async with place.view.acquire() as connection:
        await dead_letters.release(connection, "outlet-0", place.runner().apply_recorded)
    assert (await place.counted())["outlet-0"][0] == 2
