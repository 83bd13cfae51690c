"""A wrong dump is restored and then the right one: a visit is complete, signed, lost, and exists again."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

import asyncpg
import pytest
from confirmation_samples import DAY, ENTERPRISE, NOON, OPERATOR, OUTLET, POINT, SHOWN, VISIT
from counting import running, until
from qingyuan_events import Actor, Meta
from qingyuan_events.tasks import VisitAmended, VisitCompleted
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.bus.memory import MemoryReader, MemoryTopic
from qingyuan_runtime.bus.port import Reader
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.following.owners_log import OwnersLog
from qingyuan_runtime.following.projection_schema import position_script
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.publishing.restoring import raise_epoch
from qingyuan_runtime.reacting.reactions import ReactionRunner
from signoff.domain.decider import CONFIRMATION
from signoff.reactions import NAME, SCHEMA, confirmation_of, reaction, withdrawal

pytestmark = pytest.mark.servers

OF = {
    "visit_id": VISIT,
    "operator_id": OPERATOR,
    "enterprise_id": ENTERPRISE,
    "outlet_id": OUTLET,
    "point_id": POINT,
    "district": "310118",
}
STREAM = f"visit-{VISIT}"


def completed(content: str = SHOWN, day: date = DAY) -> VisitCompleted:
    return VisitCompleted(**OF, day=day, contents=("patrol",), content_sha256=content)


def amended(content: str) -> VisitAmended:
    return VisitAmended(**OF, contents=("patrol",), content_sha256=content, cause="added_later")


@dataclass
class Story:
    """The log of tasks, a topic with all of it published, and the reaction of signoff."""

    dsn: str
    log: Pool
    place: Pool
    owner: OwnersLog
    store: MemoryStore
    topic: MemoryTopic

    async def records(self, version: int, fact: VisitCompleted | VisitAmended) -> None:
        meta = Meta(actor=Actor(account=OPERATOR, kind="operator"), command_id=uuid4(), correlation=uuid4())
        await PostgresStore(self.log).append([Write(STREAM, version, (fact,))], meta, "f")

    async def loses(self, kept: int) -> None:
        async with self.log.acquire() as connection:
            await connection.execute("set session_replication_role = replica")
            await connection.execute("delete from events where version > $1", kept)
            await connection.execute("update streams set version = $1", kept)
            await connection.execute("set session_replication_role = origin")

    async def follows(self) -> list[str]:
        """Runs the reaction until it agrees with the log; returns the types of the confirmation's facts."""

        async def reader() -> Reader:
            return MemoryReader(self.topic)

        react, withdrawn = reaction(self.store, lambda: NOON), withdrawal(self.store, lambda: NOON)
        runner = ReactionRunner("t", NAME, self.place, reader, react, owner=self.owner, withdrawn=withdrawn)

        async def agrees() -> bool:
            return bool(await self.place.fetchval("select epoch from followed") == await self.owner.epoch())

        async with running(runner.run()):
            await until(agrees)
        stream = CONFIRMATION.stream(confirmation_of(VISIT))
        return [recorded.fact.type.split(".")[1] for recorded in await self.store.read(stream)]

    async def asked_for(self) -> str:
        facts = await self.store.read(CONFIRMATION.stream(confirmation_of(VISIT)))
        return str(facts[-1].fact.model_dump()["content_sha256"])


@pytest.fixture
async def story(postgres_server: DatabaseServer) -> AsyncIterator[Story]:
    dsn, own = await postgres_server.fresh("tasks"), await postgres_server.fresh("signoff")
    connection = await asyncpg.connect(own)
    await connection.execute(position_script(SCHEMA, await connection.fetchval("select current_user")))
    await connection.close()
    place = await open_pool(own, size=3, session={"search_path": SCHEMA})
    owner = OwnersLog(dsn)
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as log:
        await log.execute(create_script())
        yield Story(dsn, log, place, owner, MemoryStore(), MemoryTopic())
        await owner.close()
    await place.close()


async def dumped(story: Story) -> None:
    for table in ("events", "streams"):
        await story.log.execute(f"create table dump_{table} as select * from {table}")


async def put_back(story: Story) -> None:
    async with story.log.acquire() as connection:
        await connection.execute("set session_replication_role = replica")
        for table in ("events", "streams"):
            await connection.execute(f"delete from {table}")
            await connection.execute(
                f"insert into {table} overriding system value select * from dump_{table}"
            )
        await connection.execute("update store_epoch set epoch = 1")
        await connection.execute("set session_replication_role = origin")


@pytest.mark.parametrize(
    ("kept", "meanwhile", "said"),
    [
        (0, (), ["requested", "renewed", "voided", "requested", "renewed"]),
        (1, (), ["requested", "renewed", "voided", "requested", "renewed"]),
        (0, (completed("e" * 64),), ["requested", "renewed", "voided", "requested", "voided", "requested", "renewed"]),
    ],
)  # fmt: skip
async def test_a_visit_that_the_right_dump_holds_can_be_signed_again(
    story: Story, kept: int, meanwhile: tuple[VisitCompleted, ...], said: list[str]
) -> None:
    """Also when the visit had other content under the wrong dump."""
    await story.records(0, completed())
    await story.records(1, amended("b" * 64))
    assert await story.follows() == ["requested", "renewed"]
    await dumped(story)
    await story.loses(kept)
    if kept == 0:
        await story.log.execute("delete from streams")
    wrong = await raise_epoch(story.dsn, now())
    await story.follows()
    for fact in meanwhile:
        await story.records(0, fact)
        await story.place.execute(
            "truncate projection_offset, followed"
        )  # it is told, by the way that is at hand
        await story.follows()
    await put_back(story)
    await raise_epoch(story.dsn, now(), above=wrong)
    assert await story.follows() == said
    assert await story.asked_for() == "b" * 64
    assert await story.follows() == said
