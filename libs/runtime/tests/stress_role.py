"""A relay or a projector as a process of its own, to be killed: `stress_role.py relay|project DSN BOOTSTRAP TOPIC`."""

import asyncio
import sys

from counting import Counting
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.following.projecting import ProjectionRunner
from qingyuan_runtime.publishing.relay import Relay, Source


async def relay(dsn: str, bootstrap: str, topic: str) -> None:
    await Relay(Source(dsn, "registry"), lambda: KafkaPublisher.open(bootstrap, topic)).run()


async def project(dsn: str, bootstrap: str, topic: str) -> None:
    pool = await open_pool(dsn, size=3)
    await ProjectionRunner(Counting(topic), pool, lambda: KafkaReader.open(bootstrap, topic)).run()


if __name__ == "__main__":
    role, *arguments = sys.argv[1:]
    asyncio.run({"relay": relay, "project": project}[role](*arguments))
