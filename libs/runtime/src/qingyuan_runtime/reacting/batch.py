"""The results of one batch of messages in a reaction, collected before they are stored in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from qingyuan_events import Fact, Recorded

from qingyuan_runtime.bus.port import Delivered
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.following.dead_letters import STREAM_PARKED, stream_of
from qingyuan_runtime.following.filtering import Poison
from qingyuan_runtime.following.position import seen_versions


@dataclass
class ReactionBatch:
    """`parked`: keys of parked streams. `versions`: the last version of each stream that was reacted to."""

    parked: set[bytes]
    versions: dict[str, int]
    dead_letters: list[Poison] = field(default_factory=list)
    reacted: list[Recorded[Fact]] = field(default_factory=list)
    repeated: int = 0

    def set_aside_if_parked(self, record: Delivered) -> bool:
        """Whether the record's stream is parked. Then the record becomes a dead letter, too."""
        if is_parked := record.key in self.parked:
            self.dead_letters.append(Poison(record, STREAM_PARKED))
        return is_parked

    def park(self, record: Delivered, error: Exception) -> None:
        self.dead_letters.append(Poison(record, repr(error)))
        self.parked = self.parked | {record.key}

    def last_version(self, stream: str) -> int:
        return self.versions.get(stream, 0)

    def add(self, fact: Recorded[Fact]) -> None:
        """The fact was reacted to."""
        self.versions[fact.stream] = fact.version
        self.reacted.append(fact)


async def versions_of(connection: Connection, records: Sequence[Delivered]) -> dict[str, int]:
    """The last versions seen of the streams of these records."""
    return await seen_versions(connection, list({stream_of(record) for record in records}))
