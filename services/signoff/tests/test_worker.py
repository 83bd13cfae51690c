"""From visits through Kafka to confirmations and their deadlines, on real servers, with the worker killed in the middle."""

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from confirmation_samples import (
    DAY,
    DUE,
    ENTERPRISE,
    NOON,
    OPERATOR,
    OUTLET,
    POINT,
    SHOWN,
    SIGNATURE,
    STATEMENT,
    STORED,
    TICK,
    ZHOU,
)
from counting import make_topic, until
from qingyuan_events import Actor, Meta, Recorded
from qingyuan_events.signoff import SignoffFact
from qingyuan_events.tasks import VisitAborted, VisitAmended, VisitCompleted, VisitFact
from qingyuan_local.testing import DatabaseServer, KafkaServer
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.port import Message
from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.following.rebuilding import ensure_live
from qingyuan_runtime.following.testing import message_of
from qingyuan_runtime.log.handling import CommandContext, handle
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.publishing.relay import Relay, Source
from qingyuan_runtime.reacting import timers
from signoff import deadlines
from signoff.domain.commands import Sign
from signoff.domain.decider import CONFIRMATION
from signoff.reactions import confirmation_of
from worker_role import work

pytestmark = [pytest.mark.servers, pytest.mark.long]

HERE = Path(__file__).parent
NEXT_DAY = DUE + timedelta(hours=9)
VISITS = [UUID(int=100 + n) for n in range(6)]
REQUESTED, SIGNED, LAPSED = ("confirmation.requested.v1", "confirmation.signed.v2", "confirmation.lapsed.v1")
RENEWED, REMINDED = "confirmation.renewed.v1", "confirmation.reminded.v1"


def of(visit: UUID) -> dict[str, object]:
    return {
        "visit_id": visit,
        "operator_id": OPERATOR,
        "enterprise_id": ENTERPRISE,
        "outlet_id": OUTLET,
        "point_id": POINT,
        "district": "310118",
    }


def completed(visit: UUID) -> VisitCompleted:
    return VisitCompleted(**of(visit), day=DAY, contents=("patrol",), content_sha256=SHOWN)


def amended(visit: UUID, content: str) -> VisitAmended:
    return VisitAmended(**of(visit), contents=("patrol",), content_sha256=content, cause="sheet_corrected")


def aborted(visit: UUID) -> VisitAborted:
    return VisitAborted(**of(visit), reason="停电", by=OPERATOR, claimed_at=NOON, received_at=NOON)


@dataclass
class Place:
    dsn: str
    bootstrap: str
    tasks: str
    signoff: str
    log: Pool

    async def publish(self, *facts: VisitFact) -> None:
        """Visits as the relay of tasks would publish them; each call continues its streams."""
        publisher = await KafkaPublisher.open(self.bootstrap, self.tasks)
        await publisher.publish([self._message(fact) for fact in facts])
        await publisher.close()

    def _message(self, fact: VisitFact) -> Message:
        stream = f"visit-{fact.visit_id}"
        self._versions[stream] += 1
        meta = Meta(actor=Actor(account=OPERATOR, kind="operator"), command_id=uuid4(), correlation=uuid4())
        return message_of(Recorded(stream, self._versions[stream], NOON, meta, fact))

    def __post_init__(self) -> None:
        self._versions: Counter[str] = Counter()

    def where(self) -> tuple[str, str, str, str]:
        return self.dsn, self.bootstrap, self.tasks, self.signoff

    async def dies(self, now: datetime, where: str, count: int) -> None:
        """A worker with this clock runs until it kills itself."""
        arguments = [*self.where(), now.isoformat(), where, str(count)]
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(HERE / "worker_role.py"), *arguments
        )
        async with asyncio.timeout(120):
            assert await process.wait() == -signal.SIGKILL

    async def happened(self) -> dict[UUID, list[str]]:
        """For each visit, the facts of its confirmation in order."""
        return {visit: [fact.fact.type for fact in await self._facts(visit)] for visit in VISITS}

    async def _facts(self, visit: UUID) -> list[Recorded[SignoffFact]]:
        found = await PostgresStore(self.log).read(CONFIRMATION.stream(confirmation_of(visit)))
        return list(found)  # type: ignore[arg-type]

    async def sign(self, visit: UUID, now: datetime) -> None:
        meta = Meta(actor=Actor(account=ZHOU, kind="enterprise"), command_id=uuid4(), correlation=uuid4())
        command = Sign(
            content_sha256=SHOWN,
            statement_version=STATEMENT.version,
            statement=STATEMENT,
            signature=SIGNATURE,
            missing=0,
            since=None,
            stored=STORED,
            by=ZHOU,
            not_before=now,
            now=now,
        )
        stream = CONFIRMATION.stream(confirmation_of(visit))
        await handle(PostgresStore(self.log), CONFIRMATION, stream, command, CommandContext(meta, "f"))

    async def timers(self) -> int:
        return int(await self.log.fetchval("select count(*) from deadlines.timer"))

    async def dead_letters(self) -> int:
        places = ("reaction_confirmations", "deadlines")
        return sum(
            [await self.log.fetchval(f"select count(*) from {schema}.dead_letter") for schema in places]
        )

    async def knows_deadlines(self, facts: int) -> bool:
        """Whether the projection of deadlines has applied this many facts."""
        seen = "select coalesce(sum(version), 0) from deadlines.projection_stream"
        return bool(await self.log.fetchval(seen) >= facts)


@pytest.fixture
async def place(postgres_server: DatabaseServer, kafka_server: KafkaServer) -> AsyncIterator[Place]:
    dsn = await postgres_server.fresh("signoff")
    await asyncio.to_thread(migrating.upgrade, "signoff", owner_url=dsn, app_url=dsn)
    await ensure_live(dsn, deadlines.NAME, timers.create_script())
    tasks, signoff = [await make_topic(kafka_server.bootstrap) for _ in range(2)]
    log = await open_pool(dsn, size=4)
    yield Place(dsn, kafka_server.bootstrap, tasks, signoff, log)
    await log.close()


@asynccontextmanager
async def relaying(place: Place) -> AsyncIterator[None]:
    relay = Relay(Source(place.dsn, "signoff"), lambda: KafkaPublisher.open(place.bootstrap, place.signoff))
    async with running(relay.run()):
        yield


@asynccontextmanager
async def running(work: object) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)  # type: ignore[call-overload]
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_visits_are_asked_about_and_the_day_ends_once_whoever_dies(place: Place) -> None:
    """Killed between a command and its offset, and between a command and its timer; at noon, in the evening, a day later."""
    await place.publish(*(completed(visit) for visit in VISITS), aborted(UUID(int=999)))
    async with relaying(place):
        for count in (1, 4):
            await place.dies(NOON, "reacted", count)
        async with running(work(*place.where(), NOON)):
            await until(lambda: place.knows_deadlines(len(VISITS)))
        assert await place.happened() == {visit: [REQUESTED] for visit in VISITS}
        await place.sign(VISITS[0], NOON)
        await place.publish(amended(VISITS[1], SHOWN), amended(VISITS[2], "b" * 64))
        await place.dies(NOON, "reacted", 2)
        for at, counts in ((DUE - TICK, (1, 4)), (NEXT_DAY, (1, 3))):
            for count in counts:
                await place.dies(at, "sent", count)
        async with running(work(*place.where(), NEXT_DAY)):
            await until(lambda: over(place))
    three = [REMINDED] * 3
    assert await place.happened() == {
        VISITS[0]: [REQUESTED, SIGNED],
        VISITS[2]: [REQUESTED, RENEWED, *three, LAPSED],
        **{visit: [REQUESTED, *three, LAPSED] for visit in (VISITS[1], *VISITS[3:])},
    }
    assert await place.dead_letters() == 0


async def over(place: Place) -> bool:
    """Everybody has signed or lapsed, and no timer is left."""
    ended = [facts[-1] in (SIGNED, LAPSED) for facts in (await place.happened()).values()]
    return all(ended) and await place.timers() == 0
