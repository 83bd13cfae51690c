"""Where a follower stands: which topic it reads, from which offset on, in which epoch of its owner's log.

In the tables of `projection.sql`, in the schema of the read model's build or of the reaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from qingyuan_events import Fact, Recorded

from qingyuan_runtime.bus.port import OffsetGone, Reader
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.following.dead_letters import throw_away

FIRST_EPOCH = 1


class NotBegun(OffsetGone):
    """There is no place to go on from yet, and the topic alone may not tell everything."""


class OtherTopic(OffsetGone):
    """Another topic bears the name by now: its offsets say nothing of the one that was read."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What a topic is at one moment."""

    topic_id: UUID
    beginnings: Mapping[int, int]
    ends: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Position:
    """`topic_id` None: not known, of a place that was kept before ids were."""

    offsets: Mapping[int, int] = field(default_factory=dict)
    topic_id: UUID | None = None
    epoch: int = FIRST_EPOCH

    @property
    def is_new(self) -> bool:
        return self.topic_id is None and not self.offsets

    def is_as_far_as(self, other: "Position") -> bool:
        """Whether here as much of the same topic has been read."""
        return self.topic_id == other.topic_id and all(
            self.offsets.get(n, 0) >= offset for n, offset in other.offsets.items()
        )

    def resumed(self, noted: Noted) -> dict[int, int]:
        """Offsets to read on from. Raises `OffsetGone` where they do not lead on from here."""
        require_same(self.topic_id, noted.topic_id)
        found = {n: self.offsets.get(n, 0) for n in noted.ends}
        for n, offset in found.items():
            if not noted.beginnings[n] <= offset <= noted.ends[n]:
                raise OffsetGone(f"{n}: {offset} is not in {noted.beginnings[n]}…{noted.ends[n]}")
        return found


def require_same(known: UUID | None, found: UUID) -> None:
    """Raises `OtherTopic` where a topic's id is another than is known."""
    if found != known:
        raise OtherTopic("the topic was made anew")


async def note(reader: Reader) -> Noted:
    """The id first: offsets that are read after it are of this topic or of a younger one, never of an elder."""
    topic_id = await reader.topic_id()
    beginnings = await reader.beginnings()
    return Noted(topic_id, beginnings, await reader.ends())


async def read_position(pool: Pool, topic: str) -> Position:
    """Both in one statement: a swap of builds between two would mix them."""
    rows = await pool.fetch(_READ, topic)
    offsets = {row["partition"]: row["next_offset"] for row in rows if row["partition"] is not None}
    known = rows[0] if rows and rows[0]["topic_id"] else None
    return Position(offsets, known["topic_id"], known["epoch"]) if known else Position(offsets)


async def write_position(connection: Connection, topic: str, place: Position) -> None:
    """From here on it is followed. What was said before is forgotten."""
    async with connection.transaction():
        await connection.execute("lock table projection_offset in exclusive mode")
        await connection.execute("delete from projection_offset where topic = $1", topic)
        await connection.executemany(
            "insert into projection_offset values ($1, $2, $3)",
            [(topic, partition, offset) for partition, offset in place.offsets.items()],
        )
        await connection.execute(_FOLLOW, topic, place.topic_id, place.epoch)


async def seen_versions(connection: Connection, streams: list[str]) -> dict[str, int]:
    """The last version of each that was applied or answered."""
    rows = await connection.fetch(
        "select stream_id, version from projection_stream where stream_id = any($1)", streams
    )
    return {row["stream_id"]: row["version"] for row in rows}


_READ = """
    select f.topic_id, f.epoch, o.partition, o.next_offset
      from (select $1::text as topic) asked
      left join followed f using (topic) left join projection_offset o using (topic)
"""
_FOLLOW = """
    insert into followed (topic, topic_id, epoch) values ($1, $2, $3)
    on conflict (topic) do update set topic_id = excluded.topic_id, epoch = excluded.epoch
"""
_REMEMBER = """
    insert into projection_stream as p (stream_id, version, epoch)
    select * from unnest($1::text[], $2::bigint[], $3::int[])
    on conflict (stream_id) do update set version = excluded.version, epoch = excluded.epoch
     where p.version < excluded.version
"""


async def remember(connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
    """These are applied or answered, in order within a stream."""
    last = {fact.stream: fact for fact in facts}
    versions, epochs = [fact.version for fact in last.values()], [fact.epoch for fact in last.values()]
    await connection.execute(_REMEMBER, list(last), versions, epochs)


async def move_epoch(
    connection: Connection, topic: str, place: Position, epoch: int, letters: Sequence[int]
) -> bool:
    """All that is here agrees with this epoch of the log, without these letters.

    False, and nothing is changed, where somebody has applied anything since `place` was read.
    """
    async with connection.transaction():
        await connection.execute("lock table projection_offset in exclusive mode")
        rows = await connection.fetch("select * from projection_offset where topic = $1", topic)
        if {row["partition"]: row["next_offset"] for row in rows} != dict(place.offsets):
            return False
        await throw_away(connection, letters)
        await connection.execute("update followed set epoch = $2 where topic = $1", topic, epoch)
    return True
