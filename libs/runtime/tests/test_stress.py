"""No event is skipped, applied out of order or applied twice while all processes are killed again and again.

`STRESS_FACTS=20000` for a short run.
"""

import asyncio
import os

import asyncpg
import pytest
from counting import make_topic, prepare_view
from qingyuan_local.testing import DatabaseServer, KafkaServer
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.publishing.auditing import Auditor
from stressing import Killable, Written, role, write

pytestmark = [pytest.mark.long, pytest.mark.servers, pytest.mark.timeout(600)]

FACTS = int(os.environ.get("STRESS_FACTS", "100000"))


async def kill_now_and_then(
    kafka: KafkaServer, relay: Killable, projector: Killable, writing: "asyncio.Future[Written]"
) -> int:
    """Kill and restart relay, projector and broker while the writers work. Returns how often the broker was killed."""
    broker_deaths = 0
    while not writing.done():
        await asyncio.sleep(0.8)
        relay.kill_and_restart()
        await asyncio.sleep(0.8)
        projector.kill_and_restart()
        await asyncio.to_thread(kafka.kill_hard)
        await asyncio.to_thread(kafka.start)
        broker_deaths += 1
    return broker_deaths


async def counted(dsn: str) -> dict[str, tuple[int, bool]]:
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("select stream_id, facts, in_order from counted")
    finally:
        await connection.close()
    return {row["stream_id"]: (row["facts"], row["in_order"]) for row in rows}


async def wait_for(dsn: str, written: Written) -> dict[str, tuple[int, bool]]:
    async with asyncio.timeout(240):
        while True:
            found = await counted(dsn)
            if sum(facts for facts, _ in found.values()) >= written.total:
                return found
            await asyncio.sleep(0.5)


async def test_nothing_is_skipped_reordered_or_applied_twice(
    postgres_server: DatabaseServer, kafka_server: KafkaServer
) -> None:
    log_dsn, view_dsn = await postgres_server.fresh("log"), await postgres_server.fresh("view")
    connection = await asyncpg.connect(log_dsn)
    await connection.execute(create_script())
    await connection.close()
    await prepare_view(view_dsn)
    bootstrap, topic = kafka_server.bootstrap, await make_topic(kafka_server.bootstrap)
    with (
        role("relay", log_dsn, bootstrap, topic) as relay,
        role("project", view_dsn, bootstrap, topic) as projector,
    ):
        writing = asyncio.ensure_future(write(log_dsn, FACTS, seed=20261124))
        broker_deaths = await kill_now_and_then(kafka_server, relay, projector, writing)
        written = await writing
        found = await wait_for(view_dsn, written)
    assert written.total >= FACTS
    assert broker_deaths >= 2
    assert found == {stream: (facts, True) for stream, facts in written.facts.items()}
    audit = await Auditor(lambda: KafkaReader.open(bootstrap, topic)).read_to_end()
    assert (audit.gaps, audit.inversions, audit.read - audit.repeats) == (0, 0, written.total)
