"""Topics as `qingyuan_events.TOPICS` lists them; made where missing, never changed."""

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from qingyuan_events import TOPICS

DAY_MS = 24 * 60 * 60 * 1000


async def make_topics(bootstrap: str, *, replicas: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        there = set(await admin.list_topics())
        missing = [
            NewTopic(
                topic.name,
                topic.partitions,
                replicas,
                topic_configs={"retention.ms": str(topic.retention_days * DAY_MS)},
            )
            for topic in TOPICS
            if topic.name not in there
        ]
        if missing:
            await admin.create_topics(missing)
    finally:
        await admin.close()
