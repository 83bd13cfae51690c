"""The message bus in memory: the same contract as `bus.kafka_publisher` and `bus.kafka_reader`, checked by the same tests."""

import asyncio
import zlib
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from qingyuan_runtime.bus.port import Delivered, Message, OffsetGone


class MemoryTopic:
    """One topic; publishers and readers of it share this object."""

    def __init__(self, partitions: int = 3) -> None:
        self.id = uuid4()
        self.logs: list[list[Delivered]] = [[] for _ in range(partitions)]
        self.first = dict.fromkeys(range(partitions), 0)
        self.grown = asyncio.Event()

    def add(self, message: Message) -> None:
        partition = zlib.crc32(message.key) % len(self.logs)
        log = self.logs[partition]
        log.append(Delivered(partition, len(log), message.key, message.value, dict(message.headers)))

    def cut(self) -> None:
        """Delete all that was published so far, as retention does."""
        self.first = {partition: len(log) for partition, log in enumerate(self.logs)}

    def make_anew(self) -> None:
        """Replace the topic by another, empty one under the same name."""
        self.__init__(len(self.logs))  # type: ignore[misc]


class MemoryPublisher:
    def __init__(self, topic: MemoryTopic) -> None:
        self._topic = topic

    async def publish(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self._topic.add(message)
        self._topic.grown.set()

    async def close(self) -> None:
        return None


class MemoryReader:
    def __init__(self, topic: MemoryTopic) -> None:
        self._topic = topic
        self._next: dict[int, int] = {}

    async def partitions(self) -> Sequence[int]:
        return range(len(self._topic.logs))

    async def assign(self, offsets: Mapping[int, int]) -> None:
        self._next = dict(offsets)

    async def poll(self, *, timeout_ms: int, max_records: int) -> Mapping[int, Sequence[Delivered]]:
        if not (batches := self._take(max_records)):
            self._topic.grown.clear()
            try:
                await asyncio.wait_for(self._topic.grown.wait(), timeout_ms / 1000)
            except TimeoutError:
                return {}
            batches = self._take(max_records)
        return batches

    def _take(self, max_records: int) -> dict[int, Sequence[Delivered]]:
        batches: dict[int, Sequence[Delivered]] = {}
        for partition, offset in self._next.items():
            log = self._topic.logs[partition]
            if not self._topic.first[partition] <= offset <= len(log):
                raise OffsetGone(f"{partition}: {offset}")
            if taken := log[offset : offset + max_records]:
                batches[partition] = taken
                self._next[partition] = offset + len(taken)
        return batches

    async def ends(self) -> Mapping[int, int]:
        return {n: len(log) for n, log in enumerate(self._topic.logs)}

    async def beginnings(self) -> Mapping[int, int]:
        return dict(self._topic.first)

    async def topic_id(self) -> UUID:
        return self._topic.id

    async def close(self) -> None:
        return None
