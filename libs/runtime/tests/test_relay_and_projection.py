"""From the log through Kafka into a read model, with real servers, and with processes that end in between."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import asyncpg
import pytest
from counting import Counting, fill, make_topic, meta, outlet, prepare_view, running, until
from qingyuan_local.testing import DatabaseServer, KafkaServer
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.kafka_reader import KafkaReader
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
class System:
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
        return len(rows) == streams and all(row == (facts, True) for row in rows.values())


@pytest.fixture
async def system(postgres_server: DatabaseServer, kafka_server: KafkaServer) -> AsyncIterator[System]:
    log_dsn, view_dsn = await postgres_server.fresh("log"), await postgres_server.fresh("view")
    topic = await make_topic(kafka_server.bootstrap)
    async with (
        asyncpg.create_pool(log_dsn, min_size=1) as log,
        asyncpg.create_pool(view_dsn, min_size=1) as view,
    ):
        await log.execute(create_script())
        await prepare_view(view_dsn)
        yield System(log_dsn, view_dsn, kafka_server.bootstrap, topic, log, view)


async def test_every_fact_reaches_its_row_once_and_in_order(system: System) -> None:
    await fill(system.log, streams=10, facts=5)
    async with running(system.relay().run(), system.runner().run()):
        await until(lambda: system.shows(10, 5))
        await fill(system.log, streams=10, facts=5, prefix="later")
        await until(lambda: system.shows(20, 5))


async def test_the_relay_waits_for_an_open_transaction_with_an_older_xid(system: System) -> None:
    """Without the horizon an event that is committed late would be skipped, since later ones are already published."""
    slow = await asyncpg.connect(system.log_dsn)
    held = slow.transaction()
    await held.start()
    await slow.execute("select pg_current_xact_id()")
    await fill(system.log, streams=1, facts=1, prefix="fast")
    async with running(system.relay().run(), system.runner().run()):
        await asyncio.sleep(0.5)
        assert await system.counted() == {}
        arguments = ("slow-0", 0, ["outlet.added.v1"], [outlet().model_dump_json()], meta().model_dump_json())
        await slow.execute("select add_write($1, $2, $3, $4, $5, null, false, '{}', '{}')", *arguments)
        await held.commit()
        await until(lambda: system.shows(2, 1))
    await slow.close()


async def test_another_number_of_relays_leaves_nothing_out_and_does_not_begin_again(system: System) -> None:
    """From one shard to three and back to one: each time publishing goes on where all shards had come to before."""
    for round_, shards in enumerate((1, 3, 1)):
        await fill(system.log, streams=12, facts=4, prefix=f"round{round_}")
        async with running(*system.sharded(shards), system.runner().run()):
            await until(lambda done=round_: system.shows(12 * (done + 1), 4))
            await until(lambda n=shards: _all_moved(system.log, n))
    findings = await Auditor(system.reader).read_to_end()
    assert (findings.gaps, findings.inversions) == (0, 0)
    assert findings.repeats < 12 * 4 * 2, "a layout began from the beginning"


async def _all_moved(log: Pool, shards: int) -> bool:
    moved = "select count(*) from relay_cursor where shards = $1 and pos > 0"
    return bool(await log.fetchval(moved, shards) == shards)


async def test_the_stored_trace_is_what_kafka_carries(system: System) -> None:
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    await PostgresStore(system.log).append([Write("outlet-1", 0, (outlet(),))], meta(parent), "f")
    async with running(system.relay().run()):
        reader = await system.reader()
        await reader.assign(await reader.beginnings())
        found: list[object] = []
        while not found:
            for records in (await reader.poll(timeout_ms=500, max_records=10)).values():
                found += records
        await reader.close()
    headers = found[0].headers  # type: ignore[attr-defined]
    assert headers["traceparent"] == headers["ce_traceparent"] == parent.encode()


class DiesAfterSending:
    """Stops the relay after its messages were published and before its cursor is stored."""

    def __init__(self, inner: Publisher) -> None:
        self._inner = inner

    async def publish(self, messages: list[Message]) -> None:
        await self._inner.publish(messages)
        raise asyncio.CancelledError

    async def close(self) -> None:
        await self._inner.close()


async def test_a_relay_that_dies_before_moving_its_cursor_repeats_and_nothing_is_applied_twice(
    system: System,
) -> None:
    await fill(system.log, streams=5, facts=4)

    async def dying() -> Publisher:
        return DiesAfterSending(await system.publisher())  # type: ignore[return-value]

    for _ in range(2):
        with suppress(asyncio.CancelledError):
            await system.relay(dying).run()
    async with running(system.relay().run(), system.runner().run()):
        await until(lambda: system.shows(5, 4))

        async def repeated() -> bool:
            return (await Auditor(system.reader).read_to_end()).repeats == 40

        await until(repeated)
        findings = await Auditor(system.reader).read_to_end()
    assert (findings.streams, findings.gaps, findings.inversions) == (5, 0, 0)


async def test_a_second_relay_waits_until_the_first_is_gone(system: System) -> None:
    first = asyncio.ensure_future(system.relay().run())
    await fill(system.log, streams=1, facts=1)
    async with running(system.relay().run(), system.runner().run()):
        await until(lambda: system.shows(1, 1))
        first.cancel()
        await fill(system.log, streams=1, facts=1, prefix="after")
        await until(lambda: system.shows(2, 1))


async def test_a_projector_that_dies_between_rows_and_commit_leaves_no_trace(system: System) -> None:
    class Dying(Counting):
        async def apply(self, connection: Connection, facts: object) -> None:
            await super().apply(connection, facts)  # type: ignore[arg-type]
            raise asyncio.CancelledError

    await fill(system.log, streams=5, facts=4)
    async with running(system.relay().run()):
        with suppress(asyncio.CancelledError):
            await ProjectionRunner(Dying(system.topic), system.view, system.reader).run()
        assert await system.counted() == {}
        async with running(system.runner().run()):
            await until(lambda: system.shows(5, 4))


async def test_two_projectors_on_the_same_partitions_apply_each_fact_once(system: System) -> None:
    async with running(system.relay().run(), system.runner().run(), system.runner().run()):
        await fill(system.log, streams=20, facts=10)
        await until(lambda: system.shows(20, 10))


async def test_poison_parks_its_stream_and_others_flow(system: System) -> None:
    async with running(system.relay().run(), system.runner(poison="outlet-2").run()):
        await fill(system.log, streams=5, facts=3)

        async def parked() -> bool:
            async with system.view.acquire() as connection:
                parked_streams = await dead_letters.list_parked(connection)
            is_parked = [(stream.stream, stream.letters) for stream in parked_streams] == [("outlet-2", 3)]
            return is_parked and await system.shows(4, 3)

        await until(parked)
    runner = system.runner()
    async with system.view.acquire() as connection:
        assert await dead_letters.retry(connection, "outlet-2", runner.apply_recorded) == 3
    assert await system.shows(5, 3)


async def test_releasing_gives_up_the_first_dead_letter_only(system: System) -> None:
    async with running(system.relay().run(), system.runner(poison="outlet-0").run()):
        await fill(system.log, streams=1, facts=3)

        async def parked() -> bool:
            return await system.view.fetchval("select count(*) from dead_letter") == 3

        await until(parked)
    async with system.view.acquire() as connection:
        await dead_letters.release(connection, "outlet-0", system.runner().apply_recorded)
    assert (await system.counted())["outlet-0"][0] == 2
