"""Commit → Kafka acknowledgement at 5,000 events/s; consume + apply; rebuild by a simple fold.

`python -m bench.pipeline DSN` is the writers' process.
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from counting import make_topic, meta, outlet, prepare_view
from qingyuan_events import Fact, Recorded
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.bus.port import Message, Publisher
from qingyuan_runtime.database.connections import Connection, Pool, open_pool
from qingyuan_runtime.following.projecting import ProjectionRunner
from qingyuan_runtime.following.rebuilding import Rebuild, ensure_live
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.publishing.relay import Relay, Source

from bench.servers import Servers, percentiles, say

RATE = 5_000
SECONDS = 20
TABLE = "create table folded (stream_id text primary key, facts bigint, last bigint)"


class Timed:
    """A publisher that notes when each message was acknowledged, and how long after its commit that was."""

    def __init__(self, inner: Publisher, lags: list[float]) -> None:
        self._inner = inner
        self._lags = lags

    async def publish(self, messages: Sequence[Message]) -> None:
        await self._inner.publish(messages)
        now = datetime.now(UTC)
        for message in messages:
            at = next(value for name, value in message.headers if name == "ce_time").decode()
            self._lags.append((now - datetime.fromisoformat(at)).total_seconds())

    async def close(self) -> None:
        await self._inner.close()


class Folding:
    """The simplest projection that folds in memory and writes one set a batch."""

    model = "folded"

    def __init__(self, topic: str) -> None:
        self.topic = topic

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        counts: dict[str, tuple[int, int]] = {}
        for fact in facts:
            counts[fact.stream] = (counts.get(fact.stream, (0, 0))[0] + 1, fact.version)
        await connection.execute(
            """
            insert into folded select * from unnest($1::text[], $2::bigint[], $3::bigint[])
            on conflict (stream_id) do update set facts = folded.facts + excluded.facts, last = excluded.last
             where folded.last < excluded.last
            """,
            list(counts),
            [count for count, _ in counts.values()],
            [last for _, last in counts.values()],
        )

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        rows = await connection.fetch("select * from folded where stream_id = any($1)", list(streams))
        return {row["stream_id"]: f"{row['facts']} {row['last']}" for row in rows}


async def write_at(pool: Pool, rate: int, seconds: float) -> int:
    """Append ten facts at a time at a steady rate, from 16 writers."""
    store, batch = PostgresStore(pool), 10
    pause = 16 * batch / rate

    async def write(number: int) -> int:
        await asyncio.sleep(pause * number / 16)  # people do not click in step
        end, version, due = time.perf_counter() + seconds, 0, time.perf_counter()
        while time.perf_counter() < end:
            await store.append([Write(f"p{number}", version, (outlet(),) * batch)], meta(), "f")
            version += batch
            due += pause
            await asyncio.sleep(max(0, due - time.perf_counter()))
        return version

    return sum(await asyncio.gather(*(write(n) for n in range(16))))


async def run(servers: Servers) -> None:
    log_dsn = await servers.databases.fresh("log")
    pool = await open_pool(log_dsn, size=16)
    await pool.execute(create_script())
    topic = await make_topic(servers.bootstrap, partitions=6)
    written = await relay(servers, log_dsn, pool, topic)
    await consume(servers, topic, written)
    await rebuild(servers, log_dsn, topic, written)
    await pool.close()


async def relay(servers: Servers, log_dsn: str, pool: Pool, topic: str) -> int:
    lags: list[float] = []

    async def open_timed() -> Publisher:
        return Timed(await KafkaPublisher.open(servers.bootstrap, topic), lags)

    running = asyncio.ensure_future(Relay(Source(log_dsn, "registry"), open_timed).run())
    writers = await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, log_dsn)
    assert await writers.wait() == 0
    written = await pool.fetchval("select count(*) from events")
    while len(lags) < written:
        await asyncio.sleep(0.05)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    warm = lags[RATE:]
    how = f"16 writers in their own process, {RATE} events/s asked for, {round(written / SECONDS)} written, first second left out"
    say("relay.commit-to-ack", how, n=len(warm), floor_p50_ms=5, floor_p99_ms=25, **percentiles(warm))
    return written


async def consume(servers: Servers, topic: str, written: int) -> None:
    dsn = await servers.databases.fresh("view")
    await prepare_view(dsn)
    view = await open_pool(dsn, size=3)
    await view.execute(TABLE)
    runner = ProjectionRunner(Folding(topic), view, lambda: KafkaReader.open(servers.bootstrap, topic))
    reader = await KafkaReader.open(servers.bootstrap, topic)
    ends = await reader.ends()
    await reader.close()
    began = time.perf_counter()
    await runner.catch_up(ends)
    rate = written / (time.perf_counter() - began)
    say(
        "projection.consume-and-apply",
        "offset in the same transaction",
        n=written,
        events_per_second=round(rate),
        floor=20000,
    )
    await view.close()


async def rebuild(servers: Servers, log_dsn: str, topic: str, written: int) -> None:
    dsn = await servers.databases.fresh("rebuild")
    await ensure_live(dsn, "folded", TABLE)
    asked = Rebuild(
        projection=Folding(topic),
        own_script=TABLE,
        view_dsn=dsn,
        source_dsn=log_dsn,
        open_reader=lambda: KafkaReader.open(servers.bootstrap, topic),
    )
    began = time.perf_counter()
    made = await asked.run()
    rate = made.facts / (time.perf_counter() - began)
    say(
        "rebuild.simple-fold",
        "from the event store, with compare and swap",
        n=made.facts,
        events_per_second=round(rate),
        floor=60000,
    )
    assert made.facts == written


async def _write(dsn: str) -> None:
    pool = await open_pool(dsn, size=16)
    await write_at(pool, RATE, SECONDS)
    await pool.close()


if __name__ == "__main__":
    asyncio.run(_write(sys.argv[1]))
