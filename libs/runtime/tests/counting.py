"""Shared by tests of relay and projections: functions to fill a log, and the simplest read model."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from uuid import UUID, uuid4

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from qingyuan_events import Actor, Fact, Meta, Recorded
from qingyuan_events.registry import OutletAdded, OutletParticulars
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.following.projection_schema import create_script as projection_script
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.log.store_postgres import PostgresStore


class Counting:
    """Counts the facts of each stream, so that a fact applied twice or left out shows in the count."""

    model = "counting"
    table = "create table counted (stream_id text primary key, facts bigint, last bigint, in_order boolean)"

    def __init__(self, topic: str, poison: str | None = None) -> None:
        self.topic = topic
        self.poison = poison

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        if any(fact.stream == self.poison for fact in facts):
            raise ValueError("cannot digest this")
        await connection.executemany(
            """
            insert into counted values ($1, 1, $2::bigint, $2::bigint = 1)
            on conflict (stream_id) do update set facts = counted.facts + 1, last = excluded.last,
                in_order = counted.in_order and excluded.last = counted.last + 1
            """,
            [(fact.stream, fact.version) for fact in facts],
        )


def outlet(name: str = "总排口") -> OutletAdded:
    particulars = OutletParticulars(code="DW001", name=name, medium="wastewater")
    return OutletAdded(
        outlet_id=UUID(int=2), enterprise_id=UUID(int=1), particulars=particulars, valid_from=date(2026, 1, 1)
    )


def meta(traceparent: str | None = None) -> Meta:
    command_id = uuid4()
    actor = Actor(account=UUID(int=9), kind="enterprise", organisation=UUID(int=1))
    return Meta(actor=actor, command_id=command_id, correlation=command_id, traceparent=traceparent)


async def fill(pool: Pool, *, streams: int, facts: int, prefix: str = "outlet") -> None:
    """`facts` facts in each of `streams` streams, interleaved."""
    store = PostgresStore(pool)
    for version in range(facts):
        for number in range(streams):
            await store.append([Write(f"{prefix}-{number}", version, (outlet(),))], meta(), "f")


async def make_topic(bootstrap: str, partitions: int = 3, **settings: str) -> str:
    """`settings` are the topic's own, with underscores for dots."""
    name = f"test.{uuid4().hex[:12]}"
    configs = {key.replace("_", "."): value for key, value in settings.items()}
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, partitions, 1, topic_configs=configs)])
    finally:
        await admin.close()
    return name


async def prepare_view(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(projection_script())
        await connection.execute(Counting.table)
    finally:
        await connection.close()


@asynccontextmanager
async def running(*works: Awaitable[None]) -> AsyncIterator[None]:
    """They run inside the block and are cancelled at its end."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(condition: "object", *, patience: float = 30) -> None:
    """Wait until a coroutine function returns true; fail after `patience` seconds."""
    async with asyncio.timeout(patience):
        while not await condition():  # type: ignore[operator]
            await asyncio.sleep(0.02)
