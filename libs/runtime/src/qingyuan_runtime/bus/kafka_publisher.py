"""Publishing to Apache Kafka through aiokafka."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import ProducerClosed
from aiokafka.partitioner import DefaultPartitioner

from qingyuan_runtime.bus.kafka_client import close_all, translated_errors
from qingyuan_runtime.bus.port import Message, PublishFailed
from qingyuan_runtime.process.bus_address import BusAddress

DELIVERY_MILLISECONDS = 10_000


class KafkaPublisher:
    """An idempotent producer that waits for all in-sync replicas.

    A partition's next batch is sent only when the one before it is acknowledged. Otherwise the next batch could be stored
    before one that is refused, or that expires without a leader, and is sent again.
    """

    def __init__(self, topic: str, producer: AIOKafkaProducer) -> None:
        self._topic = topic
        self._producer = producer
        self._partition_of = DefaultPartitioner()

    @classmethod
    async def open(cls, bus: BusAddress | str, topic: str) -> "KafkaPublisher":
        address = BusAddress.of(bus)
        producer = AIOKafkaProducer(
            bootstrap_servers=address.bootstrap,
            **address.options,
            acks="all",
            enable_idempotence=True,
            max_batch_size=262_144,
            request_timeout_ms=DELIVERY_MILLISECONDS,
        )
        publisher = cls(topic, producer)
        try:
            with translated_errors():
                await producer.start()
        except OSError as error:
            await publisher.close()
            raise PublishFailed(str(error)) from error
        return publisher

    async def publish(self, messages: Sequence[Message]) -> None:
        try:
            with translated_errors():
                await self._publish(messages)
        except OSError as error:
            raise PublishFailed(str(error)) from error

    async def _publish(self, messages: Sequence[Message]) -> None:
        partitions = sorted(await self._producer.partitions_for(self._topic))
        queues: dict[int, deque[Message]] = defaultdict(deque)
        for message in messages:
            queues[self._partition_of(message.key, partitions, partitions)].append(message)
        await _all(self._send_in_order(partition, queue) for partition, queue in queues.items())

    async def _send_in_order(self, partition: int, queue: deque[Message]) -> None:
        while queue:
            batch = self._filled(queue)
            await (await self._producer.send_batch(batch, self._topic, partition=partition))

    def _filled(self, queue: deque[Message]) -> Any:
        """A batch with as many messages from the head of the queue as fit; an empty batch takes one of any size."""
        batch = self._producer.create_batch()
        while queue and batch.append(
            timestamp=None, key=queue[0].key, value=queue[0].value, headers=queue[0].headers
        ):
            queue.popleft()
        batch.close()
        return batch

    async def close(self) -> None:
        """Works without a broker, too: a producer that is not closed would go on sending, beside its successor."""
        producer = self._producer
        await close_all(producer.stop, self._end_sender, producer.client.close)
        _fail_unsent(producer._message_accumulator)

    async def _end_sender(self) -> None:
        if self._producer._sender:
            await self._producer._sender.close()


def _fail_unsent(accumulator: Any) -> None:
    """Fail what was never sent, so that nobody waits for it.

    aiokafka tells two futures of a batch. Nobody may wait for them any more, and asyncio would log what nobody retrieves.
    """
    accumulator.fail_all(ProducerClosed())
    for batch in chain(*accumulator._batches.values(), accumulator._pending_batches):
        for future in (batch.future, batch._drain_waiter):
            if not future.cancelled():
                future.exception()


async def _all(sending: Iterable[Any]) -> None:
    """Wait for all, then raise the first failure, so that nothing goes on in the background."""
    outcomes = await asyncio.gather(*sending, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
