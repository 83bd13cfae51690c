"""Given these facts, a read model shows these rows, however they are delivered. For tests of projections.

Facts are applied by the same `ProjectionRunner` as in a service: repeats are not applied again, and
a fact that cannot be applied becomes a dead letter, which fails the test.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4, uuid5

from qingyuan_events import Actor, Fact, Meta, Recorded, encode, to_headers

from qingyuan_runtime.bus.memory import MemoryPublisher, MemoryReader, MemoryTopic
from qingyuan_runtime.bus.port import Message
from qingyuan_runtime.database.connections import Pool, connect, open_pool
from qingyuan_runtime.following.dead_letters import list_parked
from qingyuan_runtime.following.projecting import Projection, ProjectionRunner
from qingyuan_runtime.following.rebuilding import create_schema, session_of
from qingyuan_runtime.process.closing import opened

History = Sequence[Recorded[Fact]]
Rows = list[tuple[object, ...]]

BEGINNING: Final = datetime(2026, 1, 1, 8, tzinfo=UTC)
ADMINISTRATOR: Final = Actor(account=UUID(int=9), kind="administrator")


def history(stream: str, *facts: Fact, since: datetime = BEGINNING) -> list[Recorded[Fact]]:
    """These facts as one recorded stream: versions from 1, one minute apart, with a made-up cause."""
    return [
        Recorded(stream, version, since + timedelta(minutes=version - 1), _meta(stream, version), fact)
        for version, fact in enumerate(facts, start=1)
    ]


async def rows_after(dsn: str, projection: Projection, own_script: str, facts: History, sql: str) -> Rows:
    """Apply the facts in new schemas of the database at `dsn`, and return the rows of the query `sql`.

    Raises AssertionError if the rows depend on the delivery: in one batch, one by one, more than once, or the
    streams in another order.
    """
    results = {
        delivery: await _rows(dsn, projection, own_script, batches, sql)
        for delivery, batches in _deliveries(facts)
    }
    expected = results["in one batch"]
    for delivery, rows in results.items():
        assert rows == expected, f"{delivery}: {rows}\nin one batch: {expected}"
    return expected


def _deliveries(facts: History) -> Sequence[tuple[str, Sequence[History]]]:
    by_stream: dict[str, list[Recorded[Fact]]] = {}
    for fact in facts:
        by_stream.setdefault(fact.stream, []).append(fact)
    return (
        ("in one batch", [facts]),
        ("one by one", [[fact] for fact in facts]),
        ("more than once", [facts, facts, [*facts[:1], *facts]]),
        ("the last stream first", list(reversed(by_stream.values()))),
    )


async def _rows(
    dsn: str, projection: Projection, own_script: str, batches: Sequence[History], sql: str
) -> Rows:
    schema = f"test_{uuid4().hex[:12]}"
    async with opened(connect(dsn)) as connection:
        await create_schema(connection, schema, own_script)
    async with opened(open_pool(dsn, size=2, session=session_of(schema))) as pool:
        await _apply(projection, pool, batches)
        return [tuple(row) for row in await pool.fetch(sql)]


async def _apply(projection: Projection, pool: Pool, batches: Sequence[History]) -> None:
    topic = MemoryTopic(partitions=1)

    async def reader() -> MemoryReader:
        return MemoryReader(topic)

    runner = ProjectionRunner(projection, pool, reader)
    for batch in batches:
        await MemoryPublisher(topic).publish([message_of(fact) for fact in batch])
        await runner.catch_up(await MemoryReader(topic).ends())
    async with pool.acquire() as connection:
        parked: Mapping[str, str] = {stream.stream: stream.error for stream in await list_parked(connection)}
    assert not parked, f"dead letters: {parked}"


def message_of(recorded: Recorded[Fact]) -> Message:
    """The message that the relay would publish for this fact, unsigned."""
    headers = to_headers(
        source=recorded.fact.topic.removeprefix("qingyuan."),
        stream=recorded.stream,
        version=recorded.version,
        type_=recorded.fact.type,
        recorded_at=recorded.recorded_at,
        meta=recorded.meta,
        epoch=recorded.epoch,
    )
    return Message(recorded.stream.encode(), encode(recorded.fact), headers)


def _meta(stream: str, version: int) -> Meta:
    command_id = uuid5(UUID(int=0), f"{stream}/{version}")
    return Meta(actor=ADMINISTRATOR, command_id=command_id, correlation=command_id)
