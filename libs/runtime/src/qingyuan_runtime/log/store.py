"""The port of the event store. `store_postgres` is the real one, `store_memory` a fake for tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from qingyuan_events import Fact, Meta, Recorded

from qingyuan_runtime.domain.decider import Claim


@dataclass(frozen=True, slots=True)
class Receipt:
    """The result of a command, the same at every retry: the stream and its version after the append."""

    stream: str
    version: int


@dataclass(frozen=True, slots=True)
class Write:
    """Facts for one stream, appended only if the stream is at version `expected` (0: it does not exist).

    `voids`: the stream never was, so what it has claimed is released. It is then closed, too. `releases`: what it has
    claimed before is free for others, and the stream goes on with the claims of this write.
    """

    stream: str
    expected: int
    facts: tuple[Fact, ...]
    parent: str | None = None
    closes: bool = False
    claims: tuple[Claim, ...] = ()
    voids: bool = False
    releases: bool = False


class Conflict(Exception):
    """The stream is not at the expected version. Read again and decide again."""

    def __init__(self, stream: str, version: int | None = None) -> None:
        super().__init__(f"{stream} is at {version}")
        self.stream = stream
        self.version = version


class ClaimTaken(Exception):
    def __init__(self, claim: Claim) -> None:
        super().__init__(f"{claim.kind} {claim.value} is taken")
        self.claim = claim


class ParentMissing(Exception):
    def __init__(self, parent: str) -> None:
        super().__init__(parent)
        self.parent = parent


class ParentClosed(Exception):
    def __init__(self, parent: str) -> None:
        super().__init__(parent)
        self.parent = parent


class ChildrenOpen(Exception):
    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.stream = stream


class ChildrenNotVoided(Exception):
    """A voiding of a stream with a child that is not voided, be it open or closed."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.stream = stream


class CommandReused(Exception):
    """The same command id came with different content: a mistake of the client, not a retry."""


class EventStore(Protocol):
    async def read(self, stream: str) -> Sequence[Recorded[Fact]]:
        """All facts of a stream in order; empty when it does not exist."""
        ...

    async def append(self, writes: Sequence[Write], meta: Meta, fingerprint: str) -> Receipt:
        """Append all writes or none, in one transaction.

        Safe to repeat: the same `meta.command_id` with the same fingerprint returns the first receipt
        (that of ``writes[0]``) and appends nothing. Raises `Conflict`, `ClaimTaken`, `ParentMissing`,
        `ParentClosed`, `ChildrenOpen`, `ChildrenNotVoided` or `CommandReused`.
        """
        ...

    async def receipt(self, command_id: UUID, fingerprint: str) -> Receipt | None:
        """The receipt of an earlier try, None if there was none. Raises `CommandReused` when the fingerprint differs."""
        ...

    async def holder(self, claim: Claim) -> str | None:
        """The stream that holds this claim, if any. Another may take it before the caller's own append, which then fails."""
        ...

    async def open_children(self, parent: str) -> Sequence[str]:
        """The children of `parent` that are not closed, in no particular order."""
        ...
