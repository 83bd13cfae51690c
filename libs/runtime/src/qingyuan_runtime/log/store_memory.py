"""The event store in memory: the same contract as `store_postgres`, checked by the same tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from qingyuan_events import Fact, Meta, Recorded, upcast

from qingyuan_runtime.domain.decider import Claim
from qingyuan_runtime.log.store import (
    ChildrenNotVoided,
    ChildrenOpen,
    ClaimTaken,
    CommandReused,
    Conflict,
    ParentClosed,
    ParentMissing,
    Receipt,
    Write,
)
from qingyuan_runtime.process.clock import now


@dataclass
class _Stream:
    facts: list[Recorded[Fact]] = field(default_factory=list)
    parent: str | None = None
    closed: bool = False
    voided: bool = False


class MemoryStore:
    """Writes into a copy of the state and restores the old one on an error, so a refused append leaves no trace."""

    def __init__(self, epoch: int = 1) -> None:
        self._epoch = epoch
        self._streams: dict[str, _Stream] = {}
        self._claims: dict[Claim, str] = {}
        self._commands: dict[UUID, tuple[str, Receipt]] = {}
        self._order: list[tuple[str, int]] = []

    async def read(self, stream: str) -> Sequence[Recorded[Fact]]:
        as_written = self._streams[stream].facts if stream in self._streams else ()
        return tuple(replace(recorded, fact=upcast(recorded.fact)) for recorded in as_written)

    async def receipt(self, command_id: UUID, fingerprint: str) -> Receipt | None:
        if command_id not in self._commands:
            return None
        known, receipt = self._commands[command_id]
        if known != fingerprint:
            raise CommandReused
        return receipt

    async def append(self, writes: Sequence[Write], meta: Meta, fingerprint: str) -> Receipt:
        if earlier := await self.receipt(meta.command_id, fingerprint):
            return earlier
        before = self._streams, self._claims
        self._streams = {name: _copy(stream) for name, stream in self._streams.items()}
        self._claims = dict(self._claims)
        try:
            for write in writes:
                self._write(write, meta)
        except Exception:
            self._streams, self._claims = before
            raise
        receipt = Receipt(writes[0].stream, writes[0].expected + len(writes[0].facts))
        self._commands[meta.command_id] = (fingerprint, receipt)
        self._order += [
            (write.stream, write.expected + n) for write in writes for n in range(len(write.facts))
        ]
        return receipt

    def everything(self) -> list[Recorded[Fact]]:
        """All facts of all streams, in the order in which they were appended. For tests."""
        return [self._streams[stream].facts[index] for stream, index in self._order]

    async def holder(self, claim: Claim) -> str | None:
        return self._claims.get(claim)

    async def open_children(self, parent: str) -> Sequence[str]:
        return [
            name for name, stream in self._streams.items() if stream.parent == parent and not stream.closed
        ]

    def _write(self, write: Write, meta: Meta) -> None:
        version = len(self._streams[write.stream].facts) if write.stream in self._streams else 0
        if write.expected != version:
            raise Conflict(write.stream, version)
        if write.expected == 0 and write.parent is not None:
            self._check_parent(write.parent)
        stream = self._streams.setdefault(write.stream, _Stream(parent=write.parent))
        stream.closed, stream.voided = stream.closed or write.closes, stream.voided or write.voids
        self._check_children(write)
        self._claim(write)
        recorded = now()
        stream.facts += [
            Recorded(write.stream, version + n, recorded, meta, fact, self._epoch)
            for n, fact in enumerate(write.facts, start=1)
        ]

    def _check_parent(self, parent: str) -> None:
        if parent not in self._streams:
            raise ParentMissing(parent)
        if self._streams[parent].closed:
            raise ParentClosed(parent)

    def _check_children(self, write: Write) -> None:
        children = [child for child in self._streams.values() if child.parent == write.stream]
        if write.voids and not all(child.voided for child in children):
            raise ChildrenNotVoided(write.stream)
        if write.closes and not all(child.closed for child in children):
            raise ChildrenOpen(write.stream)

    def _claim(self, write: Write) -> None:
        if write.releases:
            self._release(write.stream)
        for claim in write.claims:
            if self._claims.setdefault(claim, write.stream) != write.stream:
                raise ClaimTaken(claim)
        if write.voids:
            self._release(write.stream)

    def _release(self, stream: str) -> None:
        self._claims = {claim: holder for claim, holder in self._claims.items() if holder != stream}


def _copy(stream: _Stream) -> _Stream:
    return _Stream(list(stream.facts), stream.parent, stream.closed, stream.voided)
