"""A well-formed next version that the owner never published is neither shown nor reacted to, and blocks nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from counting import Counting, fill
from echoing import Echoing
from qingyuan_events import event_id
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.bus.memory import MemoryPublisher, MemoryReader, MemoryTopic
from qingyuan_runtime.bus.port import Message, Reader
from qingyuan_runtime.bus.signing import Keyring
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.following import dead_letters
from qingyuan_runtime.following.projecting import ProjectionRunner
from qingyuan_runtime.following.rebuilding import ensure_live, session_of
from qingyuan_runtime.following.verifying import VerifiedByLog
from qingyuan_runtime.log.rows import PostgresRows
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.publishing.relay import NEXT, Relay, Source
from qingyuan_runtime.reacting.reactions import ReactionRunner
from sample_messages import message, put_key

pytestmark = pytest.mark.servers


@dataclass
class Owner:
    """A service with a log and signed messages, and two followers of its topic."""

    log: Pool
    dsn: str
    keys: Keyring
    view: Pool
    echoing: Echoing
    topic: MemoryTopic

    async def reader(self) -> Reader:
        return MemoryReader(self.topic)

    @property
    def trust(self) -> VerifiedByLog:
        return VerifiedByLog(self.keys, PostgresRows(self.dsn))

    async def published(self, keys: Keyring | None = None) -> list[Message]:
        """Everything in the log, as the relay makes messages of it."""
        relay = Relay(Source(self.dsn, "registry", keys=keys), _unused)
        rows = await self.log.fetch(NEXT, 0, "0", 0, 1, 0, 1_000)
        return [relay._message(row) for row in rows]

    async def send(self, *messages: Message) -> None:
        await MemoryPublisher(self.topic).publish(messages)

    def projection(self) -> ProjectionRunner:
        return ProjectionRunner(Counting("t"), self.view, self.reader, trust=self.trust)

    def reaction(self) -> ReactionRunner:
        return self.echoing.runner("t", self.reader, trust=self.trust)  # type: ignore[arg-type]

    async def catch_up(self) -> None:
        for runner in (self.projection(), self.reaction()):
            await runner.catch_up({0: len(self.topic.logs[0])})

    async def counted(self) -> dict[str, tuple[int, bool]]:
        rows = await self.view.fetch("select * from counted")
        return {row["stream_id"]: (row["facts"], row["in_order"]) for row in rows}

    async def set_aside(self) -> list[tuple[str, int, str]]:
        rows = await self.view.fetch("select * from dead_letter order by message_offset")
        return [(row["stream_id"], row["version"], row["error"]) for row in rows]


async def _unused() -> MemoryPublisher:
    raise AssertionError


@pytest.fixture
async def owner(postgres_server: DatabaseServer, tmp_path: Path) -> AsyncIterator[Owner]:
    dsn, view_dsn = await postgres_server.fresh("log"), await postgres_server.fresh("view")
    put_key(tmp_path, "20260101")
    await ensure_live(view_dsn, "counting", Counting.table)
    log, view = await open_pool(dsn, size=3), await open_pool(view_dsn, session=session_of("counting"))
    await log.execute(create_script())
    echoing = await Echoing.make(await postgres_server.fresh("echo"))
    yield Owner(log, dsn, Keyring(tmp_path), view, echoing, MemoryTopic(1))
    for pool in (log, view):
        await pool.close()
    await echoing.close()


async def test_a_forged_next_version_is_refused_and_the_genuine_one_is_believed(owner: Owner) -> None:
    await fill(owner.log, streams=1, facts=2)
    first, second = await owner.published(owner.keys)
    other_key = owner.keys.folder / "elsewhere"
    put_key(other_key, "20260101")
    await owner.send(
        first, message("outlet-0", 2), message("outlet-0", 2, keys=Keyring(other_key)), message("outlet-1", 1)
    )
    await owner.catch_up()
    assert await owner.counted() == {"outlet-0": (1, True)}
    await owner.send(second)
    await owner.catch_up()
    assert await owner.counted() == {"outlet-0": (2, True)}
    causes = [str(event_id("outlet-0", version)) for version in (1, 2)]
    assert await owner.echoing.reacted() == {"echo-0": [causes[0]] * 2 + [causes[1]] * 2}
    forged = await owner.set_aside()
    assert [(stream, version) for stream, version, _ in forged] == [("outlet-0", 2)] * 2 + [("outlet-1", 1)]
    assert all(error.startswith("forged: ") for *_, error in forged)
    assert await owner.echoing.dead_letters() == forged


async def test_what_was_published_before_there_were_signatures_is_what_the_log_holds(owner: Owner) -> None:
    await fill(owner.log, streams=2, facts=2)
    await owner.send(*await owner.published(), message("outlet-0", 3))
    await owner.catch_up()
    assert await owner.counted() == {"outlet-0": (2, True), "outlet-1": (2, True)}
    assert [(stream, version) for stream, version, _ in await owner.set_aside()] == [("outlet-0", 3)]


async def test_a_forged_dead_letter_is_listed_parks_nothing_and_is_never_applied(owner: Owner) -> None:
    await owner.send(message("outlet-0", 1))
    await owner.catch_up()
    runner = owner.projection()
    async with owner.view.acquire() as connection:
        (listed,) = await dead_letters.list_parked(connection)
        assert (listed.stream, listed.letters) == ("outlet-0", 1)
        assert await dead_letters.retry(connection, "outlet-0", runner.apply_recorded, runner.trust) == 0
        assert await owner.counted() == {}
        assert await dead_letters.release(connection, "outlet-0", runner.apply_recorded) == 1
    assert (await owner.counted(), await owner.set_aside()) == ({}, [])
    await fill(owner.log, streams=1, facts=1)
    await owner.send(*await owner.published(owner.keys))
    await owner.catch_up()
    assert await owner.counted() == {"outlet-0": (1, True)}, (
        "releasing a forged letter stepped over a version"
    )


async def test_a_dead_letter_that_only_wanted_a_key_is_applied_when_it_is_tried_again(owner: Owner) -> None:
    """It could not be verified without key and log, so it became a dead letter and was not lost."""
    await fill(owner.log, streams=1, facts=1)
    await owner.send(*await owner.published(owner.keys))
    (owner.keys.folder / "none").mkdir()
    blind = VerifiedByLog(Keyring(owner.keys.folder / "none"), None)
    await ProjectionRunner(Counting("t"), owner.view, owner.reader, trust=blind).catch_up({0: 1})
    assert await owner.counted() == {}
    runner = owner.projection()
    async with owner.view.acquire() as connection:
        assert await dead_letters.retry(connection, "outlet-0", runner.apply_recorded, runner.trust) == 1
    assert (await owner.counted(), await owner.set_aside()) == ({"outlet-0": (1, True)}, [])
