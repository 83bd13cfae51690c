"""A message that the Kafka client cannot decode stops nothing, and no other message is lost."""

from collections import defaultdict
from typing import Any

from aiokafka import TopicPartition
from aiokafka.structs import ConsumerRecord
from qingyuan_runtime.bus.kafka import KafkaReader

BAD = b"the name of a header that is no UTF-8"


class Tripping:
    """Behaves as aiokafka 0.14: messages taken from other partitions before the failure are lost to the caller."""

    def __init__(self, logs: dict[int, list[bytes]]) -> None:
        self._logs = logs
        self._positions: dict[TopicPartition, int] = {}

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
        return {partition: records for partition, records in found.items() if records}


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
