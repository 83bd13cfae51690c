"""What somebody with access to a topic could put there, made from what is really in it."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]
from qingyuan_events import TOPICS

Headers = dict[str, bytes]
SAMPLE = 40
MADE_WITHIN = 30.0


@dataclass(frozen=True, slots=True)
class Message:
    """One message as the broker holds it. What is missing is empty."""

    key: bytes
    value: bytes
    headers: Headers


def read_all(bootstrap: str, topic: str) -> Iterator[Message]:
    """Everything that is in a topic now, partition by partition."""
    reader = Consumer({"bootstrap.servers": bootstrap, "group.id": "chaos", "enable.auto.commit": False})
    try:
        partitions = reader.list_topics(topic, timeout=20).topics[topic].partitions
        for number in partitions:
            yield from _partition(reader, topic, number)
    finally:
        reader.close()


def _partition(reader: Consumer, topic: str, number: int) -> Iterator[Message]:
    low, high = _ends(reader, TopicPartition(topic, number))
    if low == high:
        return
    reader.assign([TopicPartition(topic, number, low)])
    # One at a time: `consume` waits for as many as it was asked for, or for the end of its time.
    while (found := reader.poll(20)) is not None:
        assert found.error() is None, found.error()
        headers: Any = found.headers() or []
        yield Message(found.key() or b"", found.value() or b"", dict(headers))
        if (found.offset() or 0) >= high - 1:
            return
    raise AssertionError(f"{topic} [{number}] does not answer")


def _ends(reader: Consumer, partition: TopicPartition) -> tuple[int, int]:
    """The oldest offset and the one behind the newest. A broker may have to find out first who leads a partition."""
    end = time.monotonic() + MADE_WITHIN
    while True:
        try:
            low, high = reader.get_watermark_offsets(partition, timeout=20)
        except KafkaException:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return low, high


def publish(bootstrap: str) -> None:
    """Every kind of poison on every topic, among the genuine messages."""
    # The partition that the relay's client chooses for a key: poison in another one would meet no genuine stream.
    producer = Producer({"bootstrap.servers": bootstrap, "partitioner": "murmur2_random"})
    for topic in TOPICS:
        genuine = list(read_all(bootstrap, topic.name))[-SAMPLE:]
        for key, value, headers in (*_garbage(), *_repeats(genuine), *_forged(genuine)):
            producer.produce(topic.name, value=value, key=key, headers=list(headers.items()))
    assert producer.flush(30) == 0


Poisoned = tuple[bytes | None, bytes | None, Headers]


def _garbage() -> Iterator[Poisoned]:
    yield b"instrument-x", b"not json", {}
    yield None, None, {}
    yield b"\xff\xfe", b"\x00\x01", {"ce_streamversion": b"one"}
    yield b"visit-\x00", b"{}", {"ce_type": b"\xff", "ce_streamversion": b"99999999999999999999"}


def _repeats(genuine: Sequence[Message]) -> Iterator[Poisoned]:
    """The same again, and the same backwards."""
    for message in (*genuine, *reversed(genuine)):
        yield message.key, message.value, message.headers


def _forged(genuine: Sequence[Message]) -> Iterator[Poisoned]:
    """Well-formed next versions, holes, newer types, another epoch, and another content for a version that is taken."""
    for message in genuine[-8:]:
        for change in _changes(message.headers):
            yield message.key, message.value, message.headers | change
        yield message.key, b'{"reason": "forged"}', message.headers
        yield message.key + b"-new", message.value, message.headers


def _changes(headers: Headers) -> tuple[Headers, ...]:
    version = int(headers["ce_streamversion"])
    following = {"ce_streamversion": str(version + 1).encode()}
    return (
        following,
        {"ce_streamversion": str(version + 7).encode()},
        {"ce_type": headers["ce_type"].rpartition(b".v")[0] + b".v9"},
        following | {"ce_epoch": b"7"},
        following | {"ce_epoch": b"-1"},
    )


def recreate(bootstrap: str, name: str) -> None:
    admin = AdminClient({"bootstrap.servers": bootstrap})
    topic = next(topic for topic in TOPICS if topic.name == name)
    described: Any = admin.list_topics(timeout=20).topics[name].partitions
    replicas = len(described[0].replicas)
    admin.delete_topics([name], operation_timeout=20)[name].result()
    end = time.monotonic() + MADE_WITHIN
    while True:
        made = admin.create_topics([NewTopic(name, topic.partitions, replicas)])[name]
        if made.exception(timeout=20) is None:
            return
        assert time.monotonic() < end, made.exception()
        time.sleep(0.2)
