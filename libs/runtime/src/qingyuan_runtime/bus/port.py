"""The ports of the message bus: publish and wait for every acknowledgement, read partitions from an offset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from qingyuan_runtime.process.unavailable import RetryLater


@dataclass(frozen=True, slots=True)
class Message:
    """A message to publish. Messages with the same key go to the same partition, so a stream stays in order."""

    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message received. Where key, value or a header's value is missing, it is empty here."""

    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: Mapping[str, bytes]


class PublishFailed(RetryLater):
    """At least one message was not acknowledged. Publish again from the last stored cursor."""


class Unreachable(OSError):
    """No broker answers at present. Wait and try again; nothing is lost."""


class OffsetGone(Exception):
    """The topic no longer has (or not yet) the offset to read from. The missing facts must be read from the owner's log."""


class Publisher(Protocol):
    async def publish(self, messages: Sequence[Message]) -> None:
        """Return when every message is acknowledged by all in-sync replicas. Raises `PublishFailed`.

        After a failure the topic holds the first messages of each key, perhaps none, and no later one without those before it.
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
        """New messages by partition, in order; empty after the time-out. Raises `OffsetGone`."""
        ...

    async def ends(self) -> Mapping[int, int]:
        """For every partition the offset that the next message will get."""
        ...

    async def beginnings(self) -> Mapping[int, int]:
        """For every partition the offset of the oldest message."""
        ...

    async def topic_id(self) -> UUID:
        """The id of the topic that has the name at present; a topic created anew has another. Raises `OffsetGone` if none."""
        ...

    async def close(self) -> None: ...
