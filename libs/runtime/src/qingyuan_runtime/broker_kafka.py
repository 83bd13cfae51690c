"""The message bus: Apache Kafka through aiokafka, without consumer groups (docs/decisions/0004)."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from qingyuan_runtime.broker import Delivered, Message, OffsetGone, PublishFailed, Unreachable


@contextmanager
def _reaching() -> Iterator[None]:
    """Say in the port's words that a broker does not answer."""
    try:
        yield
    except OffsetOutOfRangeError as error:
        raise OffsetGone(str(error)) from error
    except KafkaError as error:
        raise Unreachable(str(error)) from error


class KafkaPublisher:
    """An idempotent producer that waits for all in-sync replicas."""

    def __init__(self, topic: str, producer: AIOKafkaProducer) -> None:
        self._topic = topic
        self._producer = producer

    @classmethod
    async def open(cls, bootstrap: str, topic: str) -> "KafkaPublisher":
        producer = AIOKafkaProducer(
            bootstrap_servers=bootstrap,
            acks="all",
            enable_idempotence=True,
            linger_ms=2,
            max_batch_size=262_144,
            request_timeout_ms=10_000,
        )
        try:
            await producer.start()
        except KafkaError as error:
            await producer.stop()
            raise PublishFailed(str(error)) from error
        return cls(topic, producer)

    async def publish(self, messages: Sequence[Message]) -> None:
        try:
            acknowledgements = [
                await self._producer.send(
                    self._topic, message.value, key=message.key, headers=message.headers
                )
                for message in messages
            ]
            await asyncio.gather(*acknowledgements)
        except (KafkaError, OSError) as error:
            raise PublishFailed(str(error)) from error

    async def close(self) -> None:
        await self._producer.stop()


class KafkaReader:
    def __init__(self, topic: str, consumer: AIOKafkaConsumer) -> None:
        self._topic = topic
        self._consumer = consumer

    @classmethod
    async def open(cls, bootstrap: str, topic: str) -> "KafkaReader":
        consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            fetch_max_wait_ms=100,
            max_partition_fetch_bytes=8 * 1024 * 1024,
            metadata_max_age_ms=30_000,
        )
        try:
            with _reaching():
                await consumer.start()
        except Unreachable:
            await consumer.stop()
            raise
        return cls(topic, consumer)

    async def partitions(self) -> Sequence[int]:
        return sorted(await self._known())

    async def assign(self, offsets: Mapping[int, int]) -> None:
        self._consumer.assign([TopicPartition(self._topic, n) for n in offsets])
        for number, offset in offsets.items():
            self._consumer.seek(TopicPartition(self._topic, number), offset)

    async def poll(self, *, timeout_ms: int, max_records: int) -> Mapping[int, Sequence[Delivered]]:
        with _reaching():
            found = await self._consumer.getmany(timeout_ms=timeout_ms, max_records=max_records)
        return {
            place.partition: [_delivered(record) for record in records] for place, records in found.items()
        }

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

    async def close(self) -> None:
        await self._consumer.stop()

    async def _known(self) -> set[int]:
        """The topic's partitions. A client that has not yet spoken of the topic asks the broker first."""
        known = self._consumer.partitions_for_topic(self._topic)
        if not known:
            cluster = await self._consumer._client.fetch_all_metadata()
            known = cluster.partitions_for_topic(self._topic)
        if not known:
            raise OffsetGone(f"topic {self._topic} does not exist")
        return set(known)


def _delivered(record: object) -> Delivered:
    return Delivered(
        partition=record.partition,  # type: ignore[attr-defined]
        offset=record.offset,  # type: ignore[attr-defined]
        key=record.key,  # type: ignore[attr-defined]
        value=record.value,  # type: ignore[attr-defined]
        headers=dict(record.headers),  # type: ignore[attr-defined]
    )
