"""Reading from Apache Kafka through aiokafka, without consumer groups (docs/decisions/0004)."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from random import sample
from typing import Any
from uuid import UUID

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from qingyuan_runtime.bus.kafka_client import close_all, translated_errors
from qingyuan_runtime.bus.port import Delivered, OffsetGone, Unreachable
from qingyuan_runtime.bus.topic_id import TopicIdRequest, id_in
from qingyuan_runtime.process.bus_address import BusAddress

log = structlog.get_logger()

REQUEST_MILLISECONDS = 5_000
RESPONSE_SECONDS = 2.0
FETCH_WAIT_MILLISECONDS = 1_000
"""How long a broker keeps an empty fetch. Other requests of the connection wait, so it is far below `RESPONSE_SECONDS`."""


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
            with translated_errors():
                await consumer.start()
        except BaseException:
            await reader.close()
            raise
        return reader

    async def partitions(self) -> Sequence[int]:
        with translated_errors():
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
        with translated_errors():
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
        with translated_errors():
            partitions = [TopicPartition(self._topic, n) for n in await self._known()]
            ends = await self._consumer.end_offsets(partitions)
        return {partition.partition: offset for partition, offset in ends.items()}

    async def beginnings(self) -> Mapping[int, int]:
        with translated_errors():
            partitions = [TopicPartition(self._topic, n) for n in await self._known()]
            beginnings = await self._consumer.beginning_offsets(partitions)
        return {partition.partition: offset for partition, offset in beginnings.items()}

    async def topic_id(self) -> UUID:
        with translated_errors():
            topic_id = id_in(await _request_any(self._consumer._client, TopicIdRequest(self._topic)))
        if topic_id is None:
            raise OffsetGone(f"topic {self._topic} does not exist")
        return topic_id

    async def close(self) -> None:
        """Closes the connections by a second step, since a `stop` that fails leaves them open."""
        await close_all(self._consumer.stop, self._consumer._client.close)

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
