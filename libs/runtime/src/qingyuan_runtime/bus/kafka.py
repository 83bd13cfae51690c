"""The message bus: Apache Kafka through aiokafka, without consumer groups (docs/decisions/0004)."""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import sample
from typing import Any
from uuid import UUID

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError, ProducerClosed
from aiokafka.partitioner import DefaultPartitioner

from qingyuan_runtime.bus.port import Delivered, Message, OffsetGone, PublishFailed, Unreachable
from qingyuan_runtime.bus.topic_id import TopicIdRequest, id_in
from qingyuan_runtime.process.bus_address import BusAddress
from qingyuan_runtime.process.closing import is_cancelled, quietly

log = structlog.get_logger()

CLOSE_SECONDS = 1.5
DELIVERY_MILLISECONDS = 10_000
REQUEST_MILLISECONDS = 5_000
RESPONSE_SECONDS = 2.0
FETCH_WAIT_MILLISECONDS = 1_000
"""How long a broker keeps an empty fetch. Other requests of the connection wait, so it is far below `RESPONSE_SECONDS`."""


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Raise the port's exceptions for those of the client.

    aiokafka may also raise the cancellation of a task of its own. That is an error here, not a request to stop.
    """
    try:
        yield
    except OffsetOutOfRangeError as error:
        raise OffsetGone(str(error)) from error
    except KafkaError as error:
        raise Unreachable(_message_of(error)) from error
    except asyncio.CancelledError as error:
        if is_cancelled():
            raise
        raise Unreachable("the client gave up") from error


def _message_of(error: KafkaError) -> str:
    return str(error) or type(error).__name__


async def _close_all(*steps: Callable[[], Awaitable[Any]]) -> None:
    """Run every step of closing a client, even if an earlier one fails or hangs."""
    for step in steps:
        await quietly(step(), within=CLOSE_SECONDS)


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
            with _translated_errors():
                await producer.start()
        except OSError as error:
            await publisher.close()
            raise PublishFailed(str(error)) from error
        return publisher

    async def publish(self, messages: Sequence[Message]) -> None:
        try:
            with _translated_errors():
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
        await _close_all(producer.stop, self._end_sender, producer.client.close)
        producer._message_accumulator.fail_all(ProducerClosed())

    async def _end_sender(self) -> None:
        if self._producer._sender:
            await self._producer._sender.close()


async def _all(sending: Iterable[Any]) -> None:
    """Wait for all, then raise the first failure, so that nothing goes on in the background."""
    outcomes = await asyncio.gather(*sending, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome


class KafkaReader:
    def __init__(self, topic: str, consumer: AIOKafkaConsumer) -> None:
        self._topic = topic
        self._consumer = consumer
        self._next: dict[int, int] = {}

    @classmethod
    async def open(cls, bus: BusAddress | str, topic: str, *, patient: bool = False) -> "KafkaReader":
        """`patient`: fetch larger portions up to a second later, which costs the broker less."""
        address = BusAddress.of(bus)
        consumer = AIOKafkaConsumer(
            bootstrap_servers=address.bootstrap,
            **address.options,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            request_timeout_ms=REQUEST_MILLISECONDS,
            fetch_max_wait_ms=FETCH_WAIT_MILLISECONDS,
            consumer_timeout_ms=FETCH_WAIT_MILLISECONDS,  # how often, besides every event, it decides what to fetch
            fetch_min_bytes=65_536 if patient else 1,  # the broker answers as soon as it has as many
            max_partition_fetch_bytes=8 * 1024 * 1024,
            metadata_max_age_ms=30_000,
        )
        reader = cls(topic, consumer)
        try:
            with _translated_errors():
                await consumer.start()
        except BaseException:
            await reader.close()
            raise
        return reader

    async def partitions(self) -> Sequence[int]:
        with _translated_errors():
            return sorted(await self._known())

    async def assign(self, offsets: Mapping[int, int]) -> None:
        self._next = dict(offsets)
        self._consumer.assign([TopicPartition(self._topic, n) for n in offsets])
        for number, offset in offsets.items():
            self._consumer.seek(TopicPartition(self._topic, number), offset)

    async def poll(self, *, timeout_ms: int, max_records: int) -> Mapping[int, Sequence[Delivered]]:
        try:
            batches = await self._get(timeout_ms, max_records)
        except UnicodeDecodeError:
            batches = await self._get_around_unreadable(timeout_ms, max_records)
        self._next |= {number: records[-1].offset + 1 for number, records in batches.items()}
        return batches

    async def _get(
        self, timeout_ms: int, most: int, *partitions: TopicPartition
    ) -> dict[int, list[Delivered]]:
        with _translated_errors():
            batches = await self._consumer.getmany(*partitions, timeout_ms=timeout_ms, max_records=most)
        return {
            partition.partition: [_delivered(record) for record in records]
            for partition, records in batches.items()
        }

    async def _get_around_unreadable(self, timeout_ms: int, most: int) -> dict[int, list[Delivered]]:
        """Poll each partition by itself, from the last offset: the client has dropped what it fetched with the error.

        It fails at every header name that is not UTF-8. All partitions are waited for together: most may have no messages.
        """
        for number, offset in self._next.items():
            self._consumer.seek(TopicPartition(self._topic, number), offset)
        end = time.monotonic() + timeout_ms / 1000
        while not (batches := await self._get_each(timeout_ms, most)) and time.monotonic() < end:
            await asyncio.sleep(0.02)
        return batches

    async def _get_each(self, timeout_ms: int, most: int) -> dict[int, list[Delivered]]:
        """What the client has of each partition now. Waits only for the one that has an unreadable message."""
        batches: dict[int, list[Delivered]] = {}
        for number, offset in self._next.items():
            partition = TopicPartition(self._topic, number)
            try:
                batches |= await self._get(0, most, partition)
            except UnicodeDecodeError:
                self._consumer.seek(partition, offset)
                batches[number] = await self._get_up_to_unreadable(timeout_ms, most, partition, offset)
        return {number: records for number, records in batches.items() if records}

    async def _get_up_to_unreadable(
        self, timeout_ms: int, most: int, partition: TopicPartition, offset: int
    ) -> list[Delivered]:
        """One by one the records before the unreadable one. If it is the next, an empty record stands for it.

        The client cannot read records behind it in the same batch either, so they count as unreadable, too.
        """
        records: list[Delivered] = []
        number = partition.partition
        try:
            while len(records) < most:
                batch = await self._get(timeout_ms, 1, partition)
                if not batch:
                    return records
                records += batch[number]
        except UnicodeDecodeError:
            if not records:
                log.error("message.unreadable", topic=self._topic, partition=number, offset=offset)
                self._consumer.seek(partition, offset + 1)
                return [Delivered(number, offset, b"", b"", {})]
        return records

    async def ends(self) -> Mapping[int, int]:
        with _translated_errors():
            partitions = [TopicPartition(self._topic, n) for n in await self._known()]
            ends = await self._consumer.end_offsets(partitions)
        return {partition.partition: offset for partition, offset in ends.items()}

    async def beginnings(self) -> Mapping[int, int]:
        with _translated_errors():
            partitions = [TopicPartition(self._topic, n) for n in await self._known()]
            beginnings = await self._consumer.beginning_offsets(partitions)
        return {partition.partition: offset for partition, offset in beginnings.items()}

    async def topic_id(self) -> UUID:
        with _translated_errors():
            topic_id = id_in(await _request_any(self._consumer._client, TopicIdRequest(self._topic)))
        if topic_id is None:
            raise OffsetGone(f"topic {self._topic} does not exist")
        return topic_id

    async def close(self) -> None:
        """Closes the connections by a second step, since a `stop` that fails leaves them open."""
        await _close_all(self._consumer.stop, self._consumer._client.close)

    async def _known(self) -> set[int]:
        """The topic's partitions. A client that has no metadata of the topic yet fetches it first."""
        known = self._consumer.partitions_for_topic(self._topic)
        if not known:
            cluster = await self._consumer._client.fetch_all_metadata()
            known = cluster.partitions_for_topic(self._topic)
        if not known:
            raise OffsetGone(f"topic {self._topic} does not exist")
        return set(known)


async def _request_any(client: Any, request: Any) -> Any:
    """Send a request that any broker can answer, in random order until one does: some may be down or frozen."""
    nodes = [broker.nodeId for broker in client.cluster.brokers()]
    last_error: Exception = Unreachable("no broker is known")
    for node in sample(nodes, len(nodes)):
        try:
            async with asyncio.timeout(RESPONSE_SECONDS):
                return await client.send(node, request)
        except (KafkaError, TimeoutError) as error:
            last_error = error
    raise last_error


def _delivered(record: object) -> Delivered:
    return Delivered(
        partition=record.partition,  # type: ignore[attr-defined]
        offset=record.offset,  # type: ignore[attr-defined]
        key=record.key or b"",  # type: ignore[attr-defined]
        value=record.value or b"",  # type: ignore[attr-defined]
        headers={name: value or b"" for name, value in record.headers},  # type: ignore[attr-defined]
    )
