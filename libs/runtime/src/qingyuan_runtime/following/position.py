"""A follower's position: the topic's id, the next offset of each partition, and the epoch of the owner's log.

Stored in the tables of `projection.sql`, in the schema of the read model's build or of the reaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from qingyuan_events import Fact, Recorded

from qingyuan_runtime.bus.port import OffsetGone, Reader
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.following import dead_letters

FIRST_EPOCH = 1


class NoPosition(OffsetGone):
    """No position is stored yet, and the topic may no longer hold all facts."""


class OtherTopic(OffsetGone):
    """The topic was created anew under the same name, so stored offsets mean nothing in it."""


@dataclass(frozen=True, slots=True)
class TopicState:
    """A topic at one moment: its id, and the first and the next offset of each partition."""

    topic_id: UUID
    beginnings: Mapping[int, int]
    ends: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Position:
    """`topic_id` is None in positions stored by versions that did not know topic ids."""

    offsets: Mapping[int, int] = field(default_factory=dict)
    topic_id: UUID | None = None
    epoch: int = FIRST_EPOCH

    @property
    def is_new(self) -> bool:
        return self.topic_id is None and not self.offsets

    def is_as_far_as(self, other: "Position") -> bool:
        """Whether at least as much of the same topic has been read."""
        return self.topic_id == other.topic_id and all(
            self.offsets.get(n, 0) >= offset for n, offset in other.offsets.items()
        )

    def offsets_in(self, topic: TopicState) -> dict[int, int]:
        """Offsets to read on from. Raises `OffsetGone` where the topic does not have them (any more)."""
        require_same_topic(self.topic_id, topic.topic_id)
        offsets = {n: self.offsets.get(n, 0) for n in topic.ends}
        for n, offset in offsets.items():
            if not topic.beginnings[n] <= offset <= topic.ends[n]:
                raise OffsetGone(f"{n}: {offset} is not in {topic.beginnings[n]}…{topic.ends[n]}")
        return offsets


def require_same_topic(known: UUID | None, present: UUID) -> None:
    """Raises `OtherTopic` where the ids differ."""
    if present != known:
        raise OtherTopic("the topic was made anew")


async def read_topic(reader: Reader) -> TopicState:
    """The id is read first: offsets read after it belong to this topic or to a newer one, never to an older one."""
    topic_id = await reader.topic_id()
    beginnings = await reader.beginnings()
    return TopicState(topic_id, beginnings, await reader.ends())


async def read_position(pool: Pool, topic: str) -> Position:
    """Topic and offsets come from one statement: a swap of builds between two statements would mix their positions."""
    rows = await pool.fetch(_READ, topic)
    offsets = {row["partition"]: row["next_offset"] for row in rows if row["partition"] is not None}
    known = rows[0] if rows and rows[0]["topic_id"] else None
    return Position(offsets, known["topic_id"], known["epoch"]) if known else Position(offsets)


async def write_position(connection: Connection, topic: str, position: Position) -> None:
    """Replace the stored position."""
    async with connection.transaction():
        await connection.execute("lock table projection_offset in exclusive mode")
        await connection.execute("delete from projection_offset where topic = $1", topic)
        await connection.executemany(
            "insert into projection_offset values ($1, $2, $3)",
            [(topic, partition, offset) for partition, offset in position.offsets.items()],
        )
        await connection.execute(_FOLLOW, topic, position.topic_id, position.epoch)


async def seen_versions(connection: Connection, streams: list[str]) -> dict[str, int]:
    """The last version of each stream that was applied, or reacted to."""
    rows = await connection.fetch(
        "select stream_id, version from projection_stream where stream_id = any($1)", streams
    )
    return {row["stream_id"]: row["version"] for row in rows}


_READ = """
    select f.topic_id, f.epoch, o.partition, o.next_offset
      from (select $1::text as topic) wanted
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
    """Store that these facts were applied or reacted to; they come in order within a stream."""
    last = {fact.stream: fact for fact in facts}
    versions, epochs = [fact.version for fact in last.values()], [fact.epoch for fact in last.values()]
    await connection.execute(_REMEMBER, list(last), versions, epochs)


async def move_epoch(
    connection: Connection, topic: str, position: Position, epoch: int, lost: Sequence[int]
) -> bool:
    """Store that everything here agrees with this epoch of the log, and delete the dead letters `lost`.

    Returns False and changes nothing where a process has applied facts since `position` was read.
    """
    async with connection.transaction():
        await connection.execute("lock table projection_offset in exclusive mode")
        rows = await connection.fetch("select * from projection_offset where topic = $1", topic)
        if {row["partition"]: row["next_offset"] for row in rows} != dict(position.offsets):
            return False
        await dead_letters.delete(connection, lost)
        await connection.execute("update followed set epoch = $2 where topic = $1", topic, epoch)
    return True
