"""The ports to the message bus: publish with every acknowledgement awaited, read partitions from an offset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from qingyuan_runtime.process.unavailable import RetryLater


@dataclass(frozen=True, slots=True)
class Message:
    """What is published: the key keeps a stream in one partition, and so in order."""

    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came. A message without a key or a value has an empty one, and so has a header without a value."""

    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: Mapping[str, bytes]


class PublishFailed(RetryLater):
    """At least one message has no acknowledgement. Publish again from the last known cursor."""


class Unreachable(OSError):
    """No broker answers just now. Wait and try again; nothing is lost."""


class OffsetGone(Exception):
    """The wanted offset is no longer (or not yet) in the topic: only a rebuild from the store helps."""


class Publisher(Protocol):
    async def publish(self, messages: Sequence[Message]) -> None:
        """Return when every message is acknowledged by all in-sync replicas. Raises `PublishFailed`.

        After a failure the topic holds, of each key, a beginning of what was asked: nothing is overtaken.
        """
        ...

    async def close(self) -> None: ...


class Reader(Protocol):
    """Reads chosen partitions of one topic. Offsets belong to the caller, never to the broker.

    Every method may raise `Unreachable`.
    """

    async def partitions(self) -> Sequence[int]: ...

    async def assign(self, offsets: Mapping[int, int]) -> None:
        """Read these partitions from these offsets, and no others."""
        ...

    async def poll(self, *, timeout_ms: int, max_records: int) -> Mapping[int, Sequence[Delivered]]:
        """What has come, by partition, in order; empty after the time-out. Raises `OffsetGone`."""
        ...

    async def ends(self) -> Mapping[int, int]:
        """For every partition of the topic the offset that the next message will get."""
        ...

    async def beginnings(self) -> Mapping[int, int]: ...

    async def topic_id(self) -> UUID:
        """Which topic bears the name just now: one that is made anew has another id. Raises `OffsetGone`: none does."""
        ...

    async def close(self) -> None: ...
