"""A process that is killed in the middle of its reactions, and started again, carries out each command once."""

import asyncio
import signal
import sys
from pathlib import Path

import asyncpg
import pytest
from counting import fill, make_topic, until
from echoing import Echoing
from qingyuan_local.testing import DatabaseServer, KafkaServer
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.publishing.relay import Relay, Source
from reacting_in_memory import echo_of

pytestmark = pytest.mark.servers
HERE = Path(__file__).parent


@pytest.mark.long
@pytest.mark.parametrize(("where", "count"), [("before", 3), ("between", 2), ("between", 9), ("after", 5)])
async def test_after_kills_in_the_middle_of_reactions_each_command_is_carried_out_once(
    postgres_server: DatabaseServer, kafka_server: KafkaServer, where: str, count: int
) -> None:
    """A real process kills itself between two commands, or between a command and the offset, and is started again."""
    topic, source = await make_topic(kafka_server.bootstrap), await postgres_server.fresh("log")
    echoing = await Echoing.make(await postgres_server.fresh("echo"))
    await publish_all(source, kafka_server.bootstrap, topic, streams=4, facts=3)
    arguments = (echoing.dsn, kafka_server.bootstrap, topic)
    for _ in range(2):
        assert await die(*arguments, where, str(count)) == -signal.SIGKILL
    reader = await KafkaReader.open(kafka_server.bootstrap, topic)
    ends = await reader.ends()
    await reader.close()
    assert sum(ends.values()) == 12
    assert (await echoing.state.fetchval("select coalesce(sum(next_offset), 0) from projection_offset")) < 12

    await echoing.runner(topic, lambda: KafkaReader.open(kafka_server.bootstrap, topic)).catch_up(ends)
    assert await echoing.reacted() == {f"echo-{n}": echo_of(f"outlet-{n}", 3) for n in range(4)}
    await echoing.close()


async def die(*arguments: str) -> int:
    """Run the reaction until it kills itself; how it ended."""
    process = await asyncio.create_subprocess_exec(sys.executable, str(HERE / "react_role.py"), *arguments)
    async with asyncio.timeout(60):
        return await process.wait()


async def publish_all(dsn: str, bootstrap: str, topic: str, *, streams: int, facts: int) -> None:
    """Create a log with facts and publish all of them."""
    pool = await asyncpg.create_pool(dsn, min_size=1)
    await pool.execute(create_script())
    await fill(pool, streams=streams, facts=facts)
    relay = Relay(Source(dsn, "registry"), lambda: KafkaPublisher.open(bootstrap, topic))
    running = asyncio.ensure_future(relay.run())
    reader = await KafkaReader.open(bootstrap, topic)

    async def published() -> bool:
        return sum((await reader.ends()).values()) >= streams * facts

    await until(published)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await reader.close()
    await pool.close()
