"""A few records on their way through a reaction: what becomes of them, before any of it is written down."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from qingyuan_events import Fact, Recorded

from qingyuan_runtime.bus.port import Delivered
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.following.dead_letters import BEHIND, stream_of
from qingyuan_runtime.following.filtering import Poison
from qingyuan_runtime.following.position import seen_versions


@dataclass
class ReactionBatch:
    """What became of a few records."""

    parked: set[bytes]
    versions: dict[str, int]
    letters: list[Poison] = field(default_factory=list)
    reacted: list[Recorded[Fact]] = field(default_factory=list)
    repeated: int = 0

    def waits(self, record: Delivered) -> bool:
        """Its stream is parked, by now or since before: it goes behind the others."""
        if behind := record.key in self.parked:
            self.letters.append(Poison(record, BEHIND))
        return behind

    def park(self, record: Delivered, error: Exception) -> None:
        self.letters.append(Poison(record, repr(error)))
        self.parked = self.parked | {record.key}

    def last(self, stream: str) -> int:
        return self.versions.get(stream, 0)

    def done(self, fact: Recorded[Fact]) -> None:
        self.versions[fact.stream] = fact.version
        self.reacted.append(fact)


async def versions_of(connection: Connection, records: Sequence[Delivered]) -> dict[str, int]:
    """How far the streams of these records have been seen."""
    return await seen_versions(connection, list({stream_of(record) for record in records}))
