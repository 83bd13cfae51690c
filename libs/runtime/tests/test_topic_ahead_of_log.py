"""A restored snapshot of the machine: server and table are the same, so only the topic shows that facts are lost."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from counting import fill, make_topic, running, until
from qingyuan_local.testing import DatabaseServer, KafkaServer
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.bus.memory import MemoryPublisher, MemoryReader, MemoryTopic
from qingyuan_runtime.bus.port import Publisher, Reader
from qingyuan_runtime.bus.signing import Keyring
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.following.lost_facts import FactKey
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.process.role_health import ROLE_HEALTH
from qingyuan_runtime.publishing.epochs import LAST, last_published
from qingyuan_runtime.publishing.relay import Relay, Source
from qingyuan_runtime.publishing.restoring import raise_epoch
from sample_messages import message, put_key

pytestmark = pytest.mark.servers


@dataclass
class System:
    dsn: str
    log: Pool
    topic: MemoryTopic
    keys: Keyring

    async def publisher(self) -> Publisher:
        return MemoryPublisher(self.topic)

    async def reader(self) -> Reader:
        return MemoryReader(self.topic)

    def relay(self) -> Relay:
        return Relay(Source(self.dsn, "registry", keys=self.keys), self.publisher, self.reader)

    async def publishes(self, messages: int) -> None:
        """Run the relay until the topic holds so many messages."""

        async def there() -> bool:
            return sum(map(len, self.topic.logs)) == messages

        async with running(self.relay().run()):
            await until(there)

    async def put_back(self, held: int) -> None:
        """Set the log and the relay's cursor back to so many facts, without a new epoch."""
        async with self.log.acquire() as connection:
            await connection.execute("set session_replication_role = replica")
            await connection.execute("delete from events where version > $1", held)
            await connection.execute("update streams set version = $1", held)
            await connection.execute(
                "update relay_cursor set (epoch, xid, pos) = (select epoch, xid, pos from events order by pos desc limit 1)"
            )
            await connection.execute("set session_replication_role = origin")


@pytest.fixture
async def system(postgres_server: DatabaseServer, tmp_path: Path) -> AsyncIterator[System]:
    put_key(tmp_path, "20260101")
    dsn = await postgres_server.fresh("log")
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as log:
        await log.execute(create_script())
        yield System(dsn, log, MemoryTopic(), Keyring(tmp_path))


async def test_nothing_is_published_where_the_topic_knows_more_than_the_log_until_a_new_epoch(
    system: System,
) -> None:
    await fill(system.log, streams=1, facts=3)
    await system.publishes(3)
    await system.put_back(held=2)
    await fill(system.log, streams=1, facts=1, prefix="newer")

    async def refused() -> bool:
        return "qingyuan restored" in str(ROLE_HEALTH)

    relaying = asyncio.ensure_future(system.relay().run())
    await until(refused)
    assert sum(map(len, system.topic.logs)) == 3
    await raise_epoch(system.dsn, now())

    async def published() -> bool:
        return sum(map(len, system.topic.logs)) == 4 and not await refused()

    await until(published)
    relaying.cancel()
    await asyncio.gather(relaying, return_exceptions=True)


async def test_a_stranger_in_the_topic_keeps_no_relay_from_publishing(system: System) -> None:
    await MemoryPublisher(system.topic).publish([message("outlet-9", 7)])
    await fill(system.log, streams=2, facts=2)
    await system.publishes(5)
    await fill(system.log, streams=1, facts=1, prefix="newer")
    await system.publishes(6)


async def test_the_last_messages_of_a_real_topic_are_read_also_of_one_that_is_not_there(
    kafka_server: KafkaServer, tmp_path: Path
) -> None:
    put_key(tmp_path, "20260101")
    keys, topic = Keyring(tmp_path), await make_topic(kafka_server.bootstrap)

    async def last_of(name: str) -> set[FactKey]:
        return await last_published(lambda: KafkaReader.open(kafka_server.bootstrap, name), keys)

    assert await last_of(f"{topic}.nowhere") == set() == await last_of(topic)
    publisher = await KafkaPublisher.open(kafka_server.bootstrap, topic)
    sent = [message(version=version, keys=keys) for version in range(1, LAST + 3)]
    await publisher.publish([*sent, message("outlet-1", 9)])
    await publisher.close()
    assert await last_of(topic) >= {("outlet-0", version, 1) for version in range(4, LAST + 3)}
    assert ("outlet-1", 9, 1) not in await last_of(topic)
