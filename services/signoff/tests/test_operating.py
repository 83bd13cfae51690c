"""A parked visit, and what a person does about it on the command line; on real PostgreSQL."""

import asyncio
import json
from uuid import uuid4

import pytest
from confirmation_samples import DAY, ENTERPRISE, NOON, OPERATOR, OUTLET, POINT, SHOWN, VISIT
from qingyuan_events import Actor, Fact, Meta, Recorded
from qingyuan_events.tasks import VisitCompleted
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.assembly.commands import operate
from qingyuan_runtime.bus.memory import MemoryPublisher, MemoryReader, MemoryTopic
from qingyuan_runtime.bus.port import Message, Reader
from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.following.testing import message_of
from qingyuan_runtime.publishing.restoring import open_log_pool
from qingyuan_runtime.reacting.reactions import ReactionRunner
from signoff import main, reactions
from signoff.settings import SignoffSettings

pytestmark = pytest.mark.servers

STREAM = f"visit-{VISIT}"


def message() -> Message:
    fact = VisitCompleted(
        visit_id=VISIT,
        operator_id=OPERATOR,
        enterprise_id=ENTERPRISE,
        outlet_id=OUTLET,
        point_id=POINT,
        district="310118",
        day=DAY,
        contents=("patrol",),
        content_sha256=SHOWN,
    )
    meta = Meta(actor=Actor(account=OPERATOR, kind="operator"), command_id=uuid4(), correlation=uuid4())
    return message_of(Recorded(STREAM, 1, NOON, meta, fact))


async def park(settings: SignoffSettings) -> None:
    """A visit arrives while the service has a defect."""
    topic = MemoryTopic(1)
    await MemoryPublisher(topic).publish([message()])

    async def reader() -> Reader:
        return MemoryReader(topic)

    async def fail(_fact: Recorded[Fact]) -> None:
        raise ValueError("a mistake of ours")

    place = await open_pool(settings.database_url, size=3, session={"search_path": reactions.SCHEMA})
    await ReactionRunner("t", reactions.NAME, place, reader, fail).catch_up({0: 1})
    await place.close()


async def test_a_parked_visit_is_listed_shown_and_let_go_on(
    postgres_server: DatabaseServer, capsys: pytest.CaptureFixture[str]
) -> None:
    dsn = await postgres_server.fresh("signoff")
    await asyncio.to_thread(migrating.upgrade, "signoff", owner_url=dsn, app_url=dsn)
    settings = SignoffSettings(database_url=dsn, tasks_database_url=dsn)
    await park(settings)
    capsys.readouterr()

    async def says(*command: str) -> dict[str, object]:
        assert await operate(main.followers(settings), "dead-letters", "reaction", *command) == 0
        found: dict[str, object] = json.loads(capsys.readouterr().out or "{}")
        return found

    assert (await says("list"))["stream"] == STREAM
    assert (await says("show", STREAM))["error"] == "ValueError('a mistake of ours')"
    assert await says("retry", STREAM) == {"applied": 1}
    assert await says("list") == {}
    pool = await open_log_pool(settings.database_url, size=1)
    assert await pool.fetchval("select count(*) from events") == 1
    await pool.close()


@pytest.mark.parametrize("wrong", [(), ("nowhere",), ("reaction", "retry"), ("reaction", "burn", STREAM)])
async def test_what_is_not_understood_is_answered_with_the_usage(wrong: tuple[str, ...]) -> None:
    assert await operate(main.followers(SignoffSettings()), "dead-letters", *wrong) == 2
