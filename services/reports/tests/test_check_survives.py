"""From a submission through Kafka to its verdict, on real servers: not lost and not doubled, wherever the process dies."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from checks_role import checking, work
from counting import make_topic, until
from qingyuan_events import Actor, Fact, Meta
from qingyuan_local.testing import DatabaseServer, KafkaServer
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.following.rebuilding import ensure_live, session_of
from qingyuan_runtime.following.testing import history
from qingyuan_runtime.log.handling import CommandContext, handle
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.publishing.relay import Relay, Source
from report_samples import OPERATOR, READY, TOWN, document, submit
from reports.domain.reports.decider import REPORT
from reports.domain.reports.state import ReportState
from reports.installed import projection as installed

pytestmark = [pytest.mark.servers, pytest.mark.long]

HERE = Path(__file__).parent
REPORTS = [UUID(int=500 + n) for n in range(6)]
BROKEN_OFF = ("judged", 1), ("judged", 2), ("checked", 1), ("checked", 2)


@dataclass
class Place:
    dsn: str
    bootstrap: str
    topic: str
    log: Pool

    @property
    def store(self) -> PostgresStore:
        return PostgresStore(self.log)

    @property
    def source(self) -> Source:
        return Source(self.dsn, "reports")

    async def hand_in(self, report_id: UUID, value: int, number: str | None = None) -> None:
        """As the edge does, with `value` in one of its pairs."""
        pairs = (("123", "104.6"), ("120", "118"), (str(121 + value), "118"))
        whole = document(pairs, number=number or f"LC-{value}")
        changed: dict[str, Any] = {"report_id": report_id}
        facts: list[Fact] = [fact.model_copy(update=changed) for fact in READY]
        facts[0] = facts[0].model_copy(update={"document": whole})
        stream = REPORT.stream(report_id)
        await self.store.append([Write(stream, 0, tuple(facts))], _meta(), "f")
        await handle(self.store, REPORT, stream, submit, CommandContext(_meta(), "f"))

    async def dies(self, where: str, count: int) -> None:
        arguments = [self.dsn, self.bootstrap, self.topic, where, str(count)]
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(HERE / "checks_role.py"), *arguments
        )
        async with asyncio.timeout(120):
            assert await process.wait() == -signal.SIGKILL

    async def types(self, report_id: UUID) -> list[str]:
        facts = await self.store.read(REPORT.stream(report_id))
        return [recorded.fact.type.partition(".")[2].removesuffix(".v1") for recorded in facts]

    async def state(self, report_id: UUID) -> ReportState:
        facts: Any = [one.fact for one in await self.store.read(REPORT.stream(report_id))]
        return REPORT.fold(facts)

    async def comes_twice(self) -> None:
        """Everything is published again, and the reaction has lost its position: it is told of every submission anew."""
        await self.log.execute("delete from relay_cursor")
        await self.log.execute(
            "truncate reaction_checks.projection_stream, reaction_checks.projection_offset"
        )
        relay = Relay(self.source, lambda: KafkaPublisher.open(self.bootstrap, self.topic))
        reader = await KafkaReader.open(self.bootstrap, self.topic)
        before = sum((await reader.ends()).values())

        async def published_again() -> bool:
            return sum((await reader.ends()).values()) == 2 * before

        async with running(relay.run()):
            await until(published_again)
        ends = await reader.ends()
        await reader.close()
        runner = await checking(self.dsn, self.bootstrap, self.topic)
        await runner.catch_up(ends)

    async def dead_letters(self) -> int:
        return int(await self.log.fetchval("select count(*) from reaction_checks.dead_letter"))


def _meta() -> Meta:
    actor = Actor(account=OPERATOR, kind="operator")
    return Meta(actor=actor, command_id=uuid4(), correlation=uuid4())


@pytest.fixture
async def place(postgres_server: DatabaseServer, kafka_server: KafkaServer) -> AsyncIterator[Place]:
    dsn = await postgres_server.fresh("reports")
    await asyncio.to_thread(migrating.upgrade, "reports", owner_url=dsn, app_url=dsn)
    await ensure_live(dsn, installed.MODEL, installed.create_script())
    register = await open_pool(dsn, size=1, session=session_of(installed.MODEL))
    async with register.acquire() as connection:
        await installed.InstalledProjection().apply(connection, history("any", *TOWN))
    await register.close()
    log = await open_pool(dsn, size=4)
    yield Place(dsn, kafka_server.bootstrap, await make_topic(kafka_server.bootstrap), log)
    await log.close()


@asynccontextmanager
async def running(work: Any) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_every_submission_has_one_verdict_whoever_dies(place: Place) -> None:
    """Killed between judgement and append, and between append and offset, more than once; then it works to the end."""
    for number, report_id in enumerate(REPORTS):
        await place.hand_in(report_id, number)
    async with running(Relay(place.source, lambda: KafkaPublisher.open(place.bootstrap, place.topic)).run()):
        for where, count in BROKEN_OFF:
            await place.dies(where, count)
        async with running(work(place.dsn, place.bootstrap, place.topic)):
            await until(lambda: _all_have(place, REPORTS))
            await place.hand_in(UUID(int=900), 9)
            await until(lambda: _all_have(place, [UUID(int=900)]))
    expected = ["drafted", "file_attached", "original_attached", "submitted", "checked"]
    assert {one: await place.types(one) for one in REPORTS} == dict.fromkeys(REPORTS, expected)
    assert await place.dead_letters() == 0
    await place.comes_twice()
    assert {one: await place.types(one) for one in REPORTS} == dict.fromkeys(REPORTS, expected)


async def _all_have(place: Place, reports: Iterable[UUID]) -> bool:
    return all(["checked" in await place.types(one) for one in reports])


async def test_of_two_with_the_same_pairs_one_is_told_however_close_they_were(place: Place) -> None:
    """Handed in at once: the later one in the log has the finding, whichever is judged first."""
    twins = [UUID(int=700 + n) for n in range(8)]
    await asyncio.gather(*(place.hand_in(one, 1, number=f"LC-{n}") for n, one in enumerate(twins)))
    relay = Relay(place.source, lambda: KafkaPublisher.open(place.bootstrap, place.topic))
    async with running(relay.run()), running(work(place.dsn, place.bootstrap, place.topic)):
        await until(lambda: _all_have(place, twins))
    found = {one: (await place.state(one)).verdicts[0].findings for one in twins}
    earlier = sorted(len(each[0].earlier) if each else 0 for each in found.values())
    assert earlier == list(range(len(twins)))
