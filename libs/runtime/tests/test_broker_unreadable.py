"""A message that the Kafka client cannot decode stops nothing, and no other message is lost."""

from collections import defaultdict
from typing import Any

from aiokafka import TopicPartition
from aiokafka.structs import ConsumerRecord
from qingyuan_runtime.bus.kafka_reader import KafkaReader

BAD = b"the name of a header that is no UTF-8"


class Tripping:
    """Behaves as aiokafka 0.14: messages taken from other partitions before the failure are lost to the caller."""

    def __init__(self, logs: dict[int, list[bytes]]) -> None:
        self._logs = logs
        self._positions: dict[TopicPartition, int] = {}
        self.waited = 0
        """Milliseconds for which polls waited that found nothing."""

    def assign(self, partitions: list[TopicPartition]) -> None:
        self._positions = dict.fromkeys(partitions, 0)

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self._positions[partition] = offset

    async def getmany(self, *partitions: TopicPartition, timeout_ms: int, max_records: int) -> Any:
        found: dict[TopicPartition, list[Any]] = defaultdict(list)
        for partition in partitions or tuple(self._positions):
            start = self._positions[partition]
            for offset, value in enumerate(self._logs[partition.partition][start:][:max_records], start):
                if value == BAD:
                    raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")
                found[partition].append(record(partition, offset, value))
            self._positions[partition] = start + len(found[partition])
        batches = {partition: records for partition, records in found.items() if records}
        self.waited += 0 if batches else timeout_ms
        return batches


def record(partition: TopicPartition, offset: int, value: bytes) -> Any:
    return ConsumerRecord(
        partition.topic, partition.partition, offset, 0, 0, b"k", value, None, 1, len(value), ()
    )


async def test_it_is_given_out_empty_in_its_place_and_everything_else_is_read_once_and_in_order() -> None:
    logs = {0: [b"0", b"1", b"2"], 1: [b"0", BAD, BAD, b"3"], 2: [BAD], 3: []}
    reader = KafkaReader("t", Tripping(logs))
    await reader.assign(dict.fromkeys(logs, 0))
    seen: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
    for _ in range(10):
        for number, records in (await reader.poll(timeout_ms=0, max_records=100)).items():
            seen[number] += [(record.offset, record.value) for record in records]
    assert seen == {
        number: [(offset, b"" if value == BAD else value) for offset, value in enumerate(log)]
        for number, log in logs.items()
        if log
    }


async def test_partitions_without_messages_do_not_delay_it() -> None:
    """Each was once waited for by itself: with six partitions, five times as long as a poll may take."""
    consumer = Tripping({0: [], 1: [], 2: [BAD], 3: [], 4: [], 5: []})
    reader = KafkaReader("t", consumer)
    await reader.assign(dict.fromkeys(range(6), 0))
    assert [
        (record.offset, record.value) for record in (await reader.poll(timeout_ms=2000, max_records=100))[2]
    ] == [(0, b"")]
    assert consumer.waited <= 2000


class Late(Tripping):
    """A broker that sends what it has only after some polls."""

    def __init__(self, logs: dict[int, list[bytes]], polls: int) -> None:
        super().__init__(logs)
        self._polls = polls

    async def getmany(self, *partitions: TopicPartition, timeout_ms: int, max_records: int) -> Any:
        self._polls -= 1 if partitions else 0
        if partitions and self._polls > 0:
            return {}
        return await super().getmany(*partitions, timeout_ms=timeout_ms, max_records=max_records)


async def test_it_is_waited_for_until_the_broker_has_sent_it_again() -> None:
    reader = KafkaReader("t", Late({0: [], 1: [BAD]}, polls=9))
    await reader.assign({0: 0, 1: 0})
    assert (await reader.poll(timeout_ms=2000, max_records=100)).keys() == {1}
