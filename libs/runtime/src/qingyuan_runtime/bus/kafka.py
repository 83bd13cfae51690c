"""The message bus: Apache Kafka through aiokafka, without consumer groups (docs/decisions/0004)."""

import asyncio
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
from qingyuan_runtime.bus.topic_id import WhichTopic, id_in
from qingyuan_runtime.process.bus_address import BusAddress
from qingyuan_runtime.process.closing import is_asked_for, quietly

log = structlog.get_logger()

CLOSE_SECONDS = 1.5
DELIVERY_MILLISECONDS = 10_000
REQUEST_MILLISECONDS = 5_000
ANSWER_SECONDS = 2.0
FETCH_WAIT_MILLISECONDS = 1_000
"""So long a broker keeps a fetch that finds nothing. It answers other questions of the same connection only afterwards, so this
is far below `ANSWER_SECONDS`."""


@contextmanager
def _reaching() -> Iterator[None]:
    """Say in the port's words that a broker does not answer.

    The client may also let the end of a task of its own escape as a cancellation that nobody asked for.
    """
    try:
        yield
    except OffsetOutOfRangeError as error:
        raise OffsetGone(str(error)) from error
    except KafkaError as error:
        raise Unreachable(_words(error)) from error
    except asyncio.CancelledError as error:
        if is_asked_for():
            raise
        raise Unreachable("the client gave up") from error


def _words(error: KafkaError) -> str:
    return str(error) or type(error).__name__


async def _let_go(*steps: Callable[[], Awaitable[Any]]) -> None:
    """Each step of ending a client, whatever became of the one before it."""
    for step in steps:
        await quietly(step(), within=CLOSE_SECONDS)


class KafkaPublisher:
    """An idempotent producer that waits for all in-sync replicas.

    A partition's next batch is handed over only when the one before it is acknowledged. Else a batch that
    is refused, or that expires without a leader, would be overtaken by the one queued behind it.
    """

    def __init__(self, topic: str, producer: AIOKafkaProducer) -> None:
        self._topic = topic
        self._producer = producer
        self._partition_of = DefaultPartitioner()

    @classmethod
    async def open(cls, bus: BusAddress | str, topic: str) -> "KafkaPublisher":
        place = BusAddress.of(bus)
        producer = AIOKafkaProducer(
            bootstrap_servers=place.bootstrap,
            **place.options,
            acks="all",
            enable_idempotence=True,
            max_batch_size=262_144,
            request_timeout_ms=DELIVERY_MILLISECONDS,
        )
        opening = cls(topic, producer)
        try:
            with _reaching():
                await producer.start()
        except OSError as error:
            await opening.close()
            raise PublishFailed(str(error)) from error
        return opening

    async def publish(self, messages: Sequence[Message]) -> None:
        try:
            with _reaching():
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
        """As many messages from the head of the queue as fit; an empty batch takes one of any size."""
        batch = self._producer.create_batch()
        while queue and batch.append(
            timestamp=None, key=queue[0].key, value=queue[0].value, headers=queue[0].headers
        ):
            queue.popleft()
        batch.close()
        return batch

    async def close(self) -> None:
        """Also when the broker is gone: a producer left alone would try for ever, beside its successor."""
        producer = self._producer
        await _let_go(producer.stop, self._end_sender, producer.client.close)
        producer._message_accumulator.fail_all(ProducerClosed())

    async def _end_sender(self) -> None:
        if self._producer._sender:
            await self._producer._sender.close()


async def _all(sending: Iterable[Any]) -> None:
    """Wait for every one, then raise the first failure: nothing goes on in the background."""
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
        """`patient`: one who may be a second late fetches more at once and costs the broker less."""
        place = BusAddress.of(bus)
        consumer = AIOKafkaConsumer(
            bootstrap_servers=place.bootstrap,
            **place.options,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            request_timeout_ms=REQUEST_MILLISECONDS,
            # The broker answers as soon as it has `fetch_min_bytes`.
            fetch_max_wait_ms=FETCH_WAIT_MILLISECONDS,
            consumer_timeout_ms=FETCH_WAIT_MILLISECONDS,  # how often it looks, beside every event, what to ask for
            fetch_min_bytes=65_536 if patient else 1,
            max_partition_fetch_bytes=8 * 1024 * 1024,
            metadata_max_age_ms=30_000,
        )
        opening = cls(topic, consumer)
        try:
            with _reaching():
                await consumer.start()
        except BaseException:
            await opening.close()
            raise
        return opening

    async def partitions(self) -> Sequence[int]:
        with _reaching():
            return sorted(await self._known())

    async def assign(self, offsets: Mapping[int, int]) -> None:
        self._next = dict(offsets)
        self._consumer.assign([TopicPartition(self._topic, n) for n in offsets])
        for number, offset in offsets.items():
            self._consumer.seek(TopicPartition(self._topic, number), offset)

    async def poll(self, *, timeout_ms: int, max_records: int) -> Mapping[int, Sequence[Delivered]]:
        try:
            found = await self._get(timeout_ms, max_records)
        except UnicodeDecodeError:
            found = await self._get_beside_unreadable(timeout_ms, max_records)
        self._next |= {partition: records[-1].offset + 1 for partition, records in found.items()}
        return found

    async def _get(self, timeout_ms: int, most: int, *places: TopicPartition) -> dict[int, list[Delivered]]:
        with _reaching():
            found = await self._consumer.getmany(*places, timeout_ms=timeout_ms, max_records=most)
        return {
            place.partition: [_delivered(record) for record in records] for place, records in found.items()
        }

    async def _get_beside_unreadable(self, timeout_ms: int, most: int) -> dict[int, list[Delivered]]:
        """Each partition by itself, from where it was read to: what came with the failure is lost to the client.

        Kafka takes any bytes for the name of a header, and the client wants UTF-8: it would fail there for ever.
        """
        found: dict[int, list[Delivered]] = {}
        for number, offset in self._next.items():
            place = TopicPartition(self._topic, number)
            self._consumer.seek(place, offset)
            try:
                found |= await self._get(timeout_ms, most, place)
            except UnicodeDecodeError:
                self._consumer.seek(place, offset)
                found[number] = await self._get_up_to_unreadable(timeout_ms, most, place, offset)
        return {number: records for number, records in found.items() if records}

    async def _get_up_to_unreadable(
        self, timeout_ms: int, most: int, place: TopicPartition, offset: int
    ) -> list[Delivered]:
        """One by one what stands before it; where it is the next, an empty record in its place.

        What stands behind it in the same batch cannot be reached by the client, and counts as unreadable too.
        """
        records: list[Delivered] = []
        try:
            while len(records) < most:
                one = await self._get(timeout_ms, 1, place)
                if not one:
                    return records
                records += one[place.partition]
        except UnicodeDecodeError:
            if not records:
                log.error("message.unreadable", topic=self._topic, partition=place.partition, offset=offset)
                self._consumer.seek(place, offset + 1)
                return [Delivered(place.partition, offset, b"", b"", {})]
        return records

    async def ends(self) -> Mapping[int, int]:
        with _reaching():
            places = [TopicPartition(self._topic, n) for n in await self._known()]
            ends = await self._consumer.end_offsets(places)
        return {place.partition: offset for place, offset in ends.items()}

    async def beginnings(self) -> Mapping[int, int]:
        with _reaching():
            places = [TopicPartition(self._topic, n) for n in await self._known()]
            starts = await self._consumer.beginning_offsets(places)
        return {place.partition: offset for place, offset in starts.items()}

    async def topic_id(self) -> UUID:
        with _reaching():
            found = id_in(await _ask_any(self._consumer._client, WhichTopic(self._topic)))
        if found is None:
            raise OffsetGone(f"topic {self._topic} does not exist")
        return found

    async def close(self) -> None:
        """The second step where the first ended early: a stop that fails leaves its connections open."""
        await _let_go(self._consumer.stop, self._consumer._client.close)

    async def _known(self) -> set[int]:
        """The topic's partitions. A client that has not yet spoken of the topic asks the broker first."""
        known = self._consumer.partitions_for_topic(self._topic)
        if not known:
            cluster = await self._consumer._client.fetch_all_metadata()
            known = cluster.partitions_for_topic(self._topic)
        if not known:
            raise OffsetGone(f"topic {self._topic} does not exist")
        return set(known)


async def _ask_any(client: Any, question: Any) -> Any:
    """Any broker can answer; one that is down or frozen must not keep the others from being asked."""
    nodes = [broker.nodeId for broker in client.cluster.brokers()]
    failed: Exception = Unreachable("no broker is known")
    for node in sample(nodes, len(nodes)):
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await client.send(node, question)
        except (KafkaError, TimeoutError) as error:
            failed = error
    raise failed


def _delivered(record: object) -> Delivered:
    return Delivered(
        partition=record.partition,  # type: ignore[attr-defined]
        offset=record.offset,  # type: ignore[attr-defined]
        key=record.key or b"",  # type: ignore[attr-defined]
        value=record.value or b"",  # type: ignore[attr-defined]
        headers={name: value or b"" for name, value in record.headers},  # type: ignore[attr-defined]
    )
