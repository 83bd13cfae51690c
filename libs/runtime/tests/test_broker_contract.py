"""The contract of the ports `Publisher` and `Reader`, tested with the implementations in memory and by Apache Kafka."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from counting import make_topic, until
from qingyuan_local.testing import KafkaServer
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.bus.memory import MemoryPublisher, MemoryReader, MemoryTopic
from qingyuan_runtime.bus.port import Delivered, Message, OffsetGone, Publisher, PublishFailed, Reader

Bus = tuple[Publisher, Reader]


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.servers)])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    if request.param == "memory":
        topic = MemoryTopic()
        yield MemoryPublisher(topic), MemoryReader(topic)
        return
    bootstrap = request.getfixturevalue("kafka_server").bootstrap
    name = await make_topic(bootstrap)
    publisher = await KafkaPublisher.open(bootstrap, name)
    reader = await KafkaReader.open(bootstrap, name)
    yield publisher, reader
    await publisher.close()
    await reader.close()


def messages(stream: str, count: int) -> list[Message]:
    return [Message(stream.encode(), str(n).encode(), [("ce_type", b"x")]) for n in range(count)]


async def read_all(reader: Reader, offsets: dict[int, int], count: int) -> list[tuple[bytes, bytes]]:
    await reader.assign(offsets)
    found: list[tuple[bytes, bytes]] = []
    while len(found) < count:
        for records in (await reader.poll(timeout_ms=1000, max_records=10)).values():
            found += [(record.key, record.value) for record in records]
    return found


async def test_each_stream_keeps_its_order(bus: Bus) -> None:
    publisher, reader = bus
    await publisher.publish([m for n in range(3) for m in messages(f"s{n}", 25)])
    found = await read_all(reader, dict(await reader.beginnings()), 75)
    for n in range(3):
        assert [int(value) for key, value in found if key == f"s{n}".encode()] == list(range(25))


async def test_reading_starts_where_the_caller_says(bus: Bus) -> None:
    publisher, reader = bus
    await publisher.publish(messages("s", 10))
    (partition, end) = next((n, end) for n, end in (await reader.ends()).items() if end)
    assert end == 10
    found = await read_all(reader, {partition: 7}, 3)
    assert [value for _, value in found] == [b"7", b"8", b"9"]


async def test_headers_arrive(bus: Bus) -> None:
    publisher, reader = bus
    await publisher.publish(messages("s", 1))
    await reader.assign(await reader.beginnings())
    batches: dict[int, object] = {}
    while not batches:
        batches = dict(await reader.poll(timeout_ms=1000, max_records=10))
    (records,) = batches.values()
    assert records[0].headers == {"ce_type": b"x"}  # type: ignore[index]


@pytest.mark.servers
async def test_a_header_without_a_value_is_empty(kafka_server: KafkaServer) -> None:
    """Kafka knows headers without a value, and whoever reads them would trip over each for ever."""
    name = await make_topic(kafka_server.bootstrap)
    publisher = await KafkaPublisher.open(kafka_server.bootstrap, name)
    reader = await KafkaReader.open(kafka_server.bootstrap, name)
    await publisher.publish([Message(b"s", b"", [("ce_type", None)])])  # type: ignore[list-item]
    await reader.assign(await reader.beginnings())
    batches: Mapping[int, Sequence[Delivered]] = {}
    while not batches:
        batches = await reader.poll(timeout_ms=1000, max_records=10)
    assert [record.headers for records in batches.values() for record in records] == [{"ce_type": b""}]
    await publisher.close()
    await reader.close()


async def test_a_topic_is_known_by_its_id(bus: Bus) -> None:
    publisher, reader = bus
    known = await reader.topic_id()
    await publisher.publish(messages("s", 3))
    assert await reader.topic_id() == known


@pytest.mark.servers
async def test_a_topic_made_anew_has_another_id_and_one_that_is_gone_is_said_so(
    kafka_server: KafkaServer,
) -> None:
    name = await make_topic(kafka_server.bootstrap)
    reader = await KafkaReader.open(kafka_server.bootstrap, name)
    known = await reader.topic_id()
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_server.bootstrap)
    await admin.start()
    await admin.delete_topics([name])

    async def gone() -> bool:
        with suppress(OffsetGone):
            return await reader.topic_id() != known
        return True

    await until(gone)
    async with asyncio.timeout(20):
        while any(code for _, code, _ in (await admin.create_topics([NewTopic(name, 1, 1)])).topic_errors):
            await asyncio.sleep(0.1)

    async def another() -> bool:
        with suppress(OffsetGone):
            return await reader.topic_id() != known
        return False

    await until(another)
    await admin.close()
    await reader.close()


async def test_an_empty_poll_ends(bus: Bus) -> None:
    _, reader = bus
    await reader.assign(await reader.ends())
    assert await reader.poll(timeout_ms=50, max_records=10) == {}


async def test_an_offset_that_is_gone_is_said_so(bus: Bus) -> None:
    _, reader = bus
    await reader.assign({0: 1_000_000})
    with pytest.raises(OffsetGone):
        for _ in range(20):
            await reader.poll(timeout_ms=200, max_records=10)


@pytest.mark.servers
async def test_nothing_overtakes_a_message_that_is_refused(kafka_server: KafkaServer) -> None:
    """A fresh producer's first batch is refused; the broker would take the one queued behind it."""
    name = await make_topic(kafka_server.bootstrap, 1, max_message_bytes="100000")
    publisher = await KafkaPublisher.open(kafka_server.bootstrap, name)
    with pytest.raises(PublishFailed):
        await publisher.publish([Message(b"s", b"1" * 300_000, []), Message(b"s", b"2", [])])
    await publisher.close()
    reader = await KafkaReader.open(kafka_server.bootstrap, name)
    assert await reader.ends() == {0: 0}
    await reader.close()


@pytest.mark.servers
async def test_more_than_one_batch_of_a_partition_keeps_its_order(kafka_server: KafkaServer) -> None:
    name = await make_topic(kafka_server.bootstrap, 2)
    publisher = await KafkaPublisher.open(kafka_server.bootstrap, name)
    await publisher.publish([Message(f"s{n % 3}".encode(), b"%d" % n + b" " * 5_000, []) for n in range(600)])
    await publisher.close()
    reader = await KafkaReader.open(kafka_server.bootstrap, name)
    found = [(key, int(value)) for key, value in await read_all(reader, dict(await reader.beginnings()), 600)]
    await reader.close()
    for n in range(3):
        assert [value for key, value in found if key == b"s%d" % n] == list(range(n, 600, 3))


@pytest.mark.servers
@pytest.mark.timeout(120)
async def test_a_publisher_ends_although_its_broker_is_gone(kafka_server: KafkaServer) -> None:
    name = await make_topic(kafka_server.bootstrap)
    publisher = await KafkaPublisher.open(kafka_server.bootstrap, name)
    await publisher.publish(messages("s", 1))
    await asyncio.to_thread(kafka_server.kill_hard)
    waiting = asyncio.ensure_future(publisher.publish(messages("s", 2)))
    await asyncio.wait([waiting], timeout=1)
    closing = asyncio.ensure_future(publisher.close())
    try:
        with pytest.raises(PublishFailed):
            await waiting
        await closing
    finally:
        await asyncio.to_thread(kafka_server.start)
