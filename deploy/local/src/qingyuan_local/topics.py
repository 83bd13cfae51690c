"""Creates the topics that `qingyuan_events.TOPICS` lists, where they are missing. Existing ones are not changed."""

import asyncio
import time

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from qingyuan_events import TOPICS

from qingyuan_local.children import NeverReady

DAY_MS = 24 * 60 * 60 * 1000
PATIENCE = 30.0


async def make_topics(bootstrap: str, *, replicas: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await _create_missing(admin, replicas)
    finally:
        await admin.close()


async def _create_missing(admin: AIOKafkaAdminClient, replicas: int) -> None:
    """Repeat until all exist: a refusal is only a code in the response, for example while a broker is not registered yet."""
    end = time.monotonic() + PATIENCE
    while missing := await _missing(admin, replicas):
        if time.monotonic() > end:
            raise NeverReady(f"Kafka 没有建立主题 {'、'.join(topic.name for topic in missing)}。")
        await admin.create_topics(missing)
        await asyncio.sleep(0.1)


async def _missing(admin: AIOKafkaAdminClient, replicas: int) -> list[NewTopic]:
    existing = set(await admin.list_topics())
    return [
        NewTopic(
            topic.name,
            topic.partitions,
            replicas,
            topic_configs={"retention.ms": str(topic.retention_days * DAY_MS)},
        )
        for topic in TOPICS
        if topic.name not in existing
    ]
