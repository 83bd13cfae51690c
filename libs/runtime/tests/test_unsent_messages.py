"""A publisher that is closed before it could send leaves no future behind that asyncio complains about later."""

import asyncio
import gc
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.producer.message_accumulator import MessageAccumulator
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher


async def add_unsent_batch(producer: AIOKafkaProducer) -> None:
    accumulator: MessageAccumulator = producer._message_accumulator
    batch = accumulator.create_builder()
    batch.append(timestamp=None, key=b"key", value=b"value")
    sent = await accumulator.add_batch(batch, TopicPartition("topic", 0), 1)
    waiting = asyncio.ensure_future(asyncio.wait_for(sent, 0.001))
    await asyncio.wait([waiting])
    waiting.exception()


async def test_what_was_never_sent_is_told_to_nobody_at_closing() -> None:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    producer = AIOKafkaProducer(bootstrap_servers="127.0.0.1:1")
    await add_unsent_batch(producer)
    await KafkaPublisher("topic", producer).close()
    del producer
    gc.collect()
    await asyncio.sleep(0)
    assert complaints == []
