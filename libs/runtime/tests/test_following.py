"""Followers read the owner's log by themselves where the topic does not hold all facts."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
import pytest
from counting import Counting, fill, meta, outlet, until
from echoing import Between, Echoing, nothing
from qingyuan_events import Fact, Recorded, encode, event_id, to_headers
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.bus.memory import MemoryPublisher, MemoryReader, MemoryTopic
from qingyuan_runtime.bus.port import Message, Reader
from qingyuan_runtime.database.connections import Connection, Pool, open_pool
from qingyuan_runtime.following.follower import Follower, Restarts
from qingyuan_runtime.following.owners_log import OwnersLog
from qingyuan_runtime.following.projecting import ProjectionRunner
from qingyuan_runtime.following.rebuilding import Differs, Rebuild, ensure_current, ensure_live, session_of
from qingyuan_runtime.log.causes import Withdrawn
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.process import metrics
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.process.role_health import ROLE_HEALTH
from qingyuan_runtime.publishing.restoring import raise_epoch
from qingyuan_runtime.reacting.reactions import ReactionRunner

pytestmark = pytest.mark.servers


class Comparing(Counting):
    """The counting model with hashes of its rows, as a rebuild needs them."""

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        rows = await connection.fetch("select * from counted where stream_id = any($1)", list(streams))
        return {row["stream_id"]: f"{row['facts']} {row['last']}" for row in rows}


@dataclass
class Following:
    """A log, a topic in memory with the messages that a test publishes, and two followers."""

    dsn: str
    log: Pool
    view_dsn: str
    view: Pool
    echoing: Echoing
    owner: OwnersLog
    topic: MemoryTopic
    withdrawn: list[Withdrawn]

    async def reader(self) -> Reader:
        return MemoryReader(self.topic)

    async def publish(self, *keys: tuple[str, int], epoch: int = 1) -> None:
        await MemoryPublisher(self.topic).publish([message(*key, epoch=epoch) for key in keys])

    def rebuild(self, poison: str | None = None) -> Rebuild:
        return Rebuild(Comparing("t", poison), Counting.table, self.view_dsn, self.dsn, self.reader)

    def projector(self) -> ProjectionRunner:
        rebuild = self.rebuild().start_over
        return ProjectionRunner(Comparing("t"), self.view, self.reader, owner=self.owner, rebuild=rebuild)

    def reaction(self, between: Between = nothing) -> ReactionRunner:
        async def withdrawn(lost: Withdrawn) -> None:
            self.withdrawn.append(lost)

        return self.echoing.runner("t", self.reader, between, owner=self.owner, withdrawn=withdrawn)

    async def counted(self) -> dict[str, int]:
        rows = await self.view.fetch("select * from counted where in_order")
        return {row["stream_id"]: row["facts"] for row in rows}

    async def reacted(self) -> dict[str, int]:
        """How many facts of each stream the reaction has reacted to, with two commands for each."""
        return {
            stream.replace("echo", "outlet"): len(causes) // 2
            for stream, causes in (await self.echoing.reacted()).items()
        }

    async def shows(self, runner: Follower, **streams: int) -> None:
        """Run until the read model's rows, or the reaction's facts, are these."""
        wanted = {name.replace("_", "-"): facts for name, facts in streams.items()}
        look = self.reacted if isinstance(runner, ReactionRunner) else self.counted
        running = asyncio.ensure_future(runner.run())

        async def there() -> bool:
            assert not running.done(), running.result()
            return await look() == wanted and await self.has_read_all(runner)

        try:
            await until(there, patience=15)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def has_read_all(self, runner: Follower) -> bool:
        place = self.echoing.state if isinstance(runner, ReactionRunner) else self.view
        read = await place.fetchval("select max(next_offset) from projection_offset")
        agreed = await place.fetchval("select epoch from followed")
        return bool(read == len(self.topic.logs[0]) and agreed == await self.owner.epoch())

    async def dead_letters(self) -> list[tuple[str, int]]:
        rows = await self.view.fetch("select * from dead_letter order by letter")
        return [(row["stream_id"], row["version"]) for row in rows]

    async def lose(self, stream: str, held: int) -> None:
        """Change the log as a restore does: later facts of the stream are gone."""
        async with self.log.acquire() as connection:
            await connection.execute("set session_replication_role = replica")
            await connection.execute("delete from events where stream_id = $1 and version > $2", stream, held)
            await connection.execute("update streams set version = $2 where stream_id = $1", stream, held)


def message(stream: str, version: int, *, epoch: int = 1) -> Message:
    headers = to_headers(
        source="registry",
        stream=stream,
        version=version,
        type_="outlet.added.v1",
        recorded_at=datetime.now(UTC),
        meta=meta(),
        epoch=epoch,
    )
    return Message(stream.encode(), encode(outlet()), headers)


@pytest.fixture
async def following(postgres_server: DatabaseServer) -> AsyncIterator[Following]:
    dsn, view_dsn = await postgres_server.fresh("log"), await postgres_server.fresh("view")
    await ensure_live(view_dsn, "counting", Counting.table)
    echoing = await Echoing.make(await postgres_server.fresh("echo"))
    view = await open_pool(view_dsn, session=session_of("counting"))
    owner = OwnersLog(dsn)
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as log:
        await log.execute(create_script())
        yield Following(dsn, log, view_dsn, view, echoing, owner, MemoryTopic(1), [])
        await owner.close()
    await view.close()
    await echoing.close()


EachFollower = pytest.mark.parametrize("which", ["projector", "reaction"])


def runner(following: Following, which: str) -> Follower:
    return following.projector() if which == "projector" else following.reaction()


@EachFollower
async def test_what_the_topic_did_not_bring_is_read_from_the_log(following: Following, which: str) -> None:
    await begun(following, which)
    await fill(following.log, streams=2, facts=3)
    await following.publish(("outlet-0", 1), ("outlet-1", 2), ("outlet-0", 3), ("outlet-1", 3))
    await following.shows(runner(following, which), outlet_0=3, outlet_1=3)


async def begun(following: Following, which: str) -> None:
    """Store a first position while the log is still empty."""
    await runner(following, which).catch_up({})


async def test_a_gap_that_the_log_has_too_sets_aside_its_stream_and_no_other(following: Following) -> None:
    await begun(following, "projector")
    await fill(following.log, streams=1, facts=2)
    await following.publish(("outlet-0", 1), ("forged-9", 2), ("outlet-0", 2))
    await following.shows(following.projector(), outlet_0=2)
    assert await following.dead_letters() == [("forged-9", 2)]
    error = await following.view.fetchval("select error from dead_letter")
    assert "forged-9: 1 to 1 did not come and are not in the log" in error


async def test_a_gap_that_the_log_has_too_parks_one_stream_of_a_reaction(following: Following) -> None:
    await begun(following, "reaction")
    await fill(following.log, streams=1, facts=2)
    await following.publish(("outlet-0", 1), ("forged-9", 2), ("outlet-0", 2))
    await following.reaction().catch_up({0: 3})
    assert [dead_letter[:2] for dead_letter in await following.echoing.dead_letters()] == [("forged-9", 2)]
    assert await following.reacted() == {"outlet-0": 2}


@EachFollower
@pytest.mark.parametrize("repeats", [0, 1, 5])
async def test_a_topic_made_anew_is_noticed_also_when_it_has_grown_past_the_old_offsets(
    following: Following, which: str, repeats: int
) -> None:
    """Only the topic's id shows it: the old offsets exist in the new topic, too."""
    await begun(following, which)
    await fill(following.log, streams=1, facts=1)
    await following.publish(("outlet-0", 1))
    await following.shows(runner(following, which), outlet_0=1)
    await fill(following.log, streams=1, facts=2, prefix="unseen")
    following.topic.make_anew()
    await following.publish(*[("outlet-0", 1)] * repeats)
    await following.shows(runner(following, which), outlet_0=1, unseen_0=2)
    await fill(following.log, streams=1, facts=1, prefix="later")
    await following.publish(("later-0", 1))
    await following.shows(runner(following, which), outlet_0=1, unseen_0=2, later_0=1)


@EachFollower
async def test_a_topic_made_anew_is_noticed_while_it_is_followed(following: Following, which: str) -> None:
    await begun(following, which)
    first = runner(following, which)
    running = asyncio.ensure_future(first.run())
    await fill(following.log, streams=1, facts=1)
    await following.publish(("outlet-0", 1))
    await asyncio.sleep(0)
    following.topic.make_anew()
    await following.shows(runner(following, which), outlet_0=1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@EachFollower
async def test_a_topic_that_was_cut_past_the_offset_is_made_up_for(following: Following, which: str) -> None:
    await begun(following, which)
    await fill(following.log, streams=2, facts=2)
    await following.publish(("outlet-0", 1), ("outlet-0", 2), ("outlet-1", 1), ("outlet-1", 2))
    following.topic.cut()
    await following.shows(runner(following, which), outlet_0=2, outlet_1=2)


@EachFollower
async def test_one_that_is_younger_than_the_topics_beginning_starts_from_the_log(
    following: Following, which: str
) -> None:
    await fill(following.log, streams=2, facts=2)
    await following.publish(("outlet-0", 1), ("outlet-0", 2))
    following.topic.cut()
    await following.publish(("outlet-1", 2))
    await following.shows(runner(following, which), outlet_0=2, outlet_1=2)


async def test_a_migration_makes_a_new_model_from_the_log_and_calls_no_empty_one_current(
    following: Following,
) -> None:
    await fill(following.log, streams=2, facts=2)
    following.topic.cut()
    await ensure_current(following.rebuild())
    assert await following.counted() == {"outlet-0": 2, "outlet-1": 2}


async def test_a_reaction_that_starts_over_asks_nothing_twice(following: Following) -> None:
    await fill(following.log, streams=3, facts=2)
    await following.shows(following.reaction(), outlet_0=2, outlet_1=2, outlet_2=2)
    before = await following.echoing.reacted()
    await following.echoing.state.execute("truncate projection_stream")
    assert await following.reaction().replay() == 6
    assert await following.echoing.reacted() == before


async def test_a_reaction_starting_over_goes_on_where_it_was_stopped(following: Following) -> None:
    await fill(following.log, streams=2, facts=2)

    async def stop(here: str, fact: Recorded[Fact]) -> None:
        if (here, fact.stream, fact.version) == ("between", "outlet-1", 2):
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await following.reaction(stop).replay()
    await following.shows(following.reaction(), outlet_0=2, outlet_1=2)


async def test_what_cannot_start_over_is_parked_where_it_is_seen_and_goes_on_by_itself(
    following: Following,
) -> None:
    await fill(following.log, streams=1, facts=2)
    failing = following.projector()
    broken = [True]

    async def rebuild() -> None:
        if broken:
            broken.pop()
            raise ValueError("a mistake of ours")
        await following.rebuild().start_over()

    failing._rebuild = rebuild
    running = asyncio.ensure_future(failing.run())

    async def parked() -> bool:
        return metrics.follower_parked.labels("counting")._value.get() == 1

    await until(parked)
    assert "cannot start over" in str(ROLE_HEALTH)

    async def shown() -> bool:
        return await following.counted() == {"outlet-0": 2}

    await until(shown)

    async def well() -> bool:
        return metrics.follower_parked.labels("counting")._value.get() == 0 and "follow counting" not in str(
            ROLE_HEALTH
        )

    await until(well)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def test_starts_over_come_more_slowly_while_they_follow_each_other() -> None:
    restarts = Restarts()
    pauses = [restarts.pause(1_000.0 + n) for n in range(12)]
    assert pauses[:5] == [0, 1, 2, 4, 8]
    assert max(pauses) == 300
    assert restarts.pause(10_000.0) == 0


async def test_of_history_in_the_log_a_reaction_makes_nothing(following: Following) -> None:
    """History was imported and not published."""
    await fill(following.log, streams=2, facts=2)
    async with following.log.acquire() as connection:
        await connection.execute("set session_replication_role = replica")
        await connection.execute("update events set epoch = 0 where version = 1 or stream_id = 'outlet-1'")
    await following.shows(following.reaction(), outlet_0=1)


@EachFollower
async def test_after_a_restore_the_lost_is_forgotten_and_the_new_is_shown(
    following: Following, which: str
) -> None:
    await begun(following, which)
    await fill(following.log, streams=2, facts=2)
    await following.publish(("outlet-0", 1), ("outlet-0", 2), ("outlet-1", 1), ("outlet-1", 2))
    await following.shows(runner(following, which), outlet_0=2, outlet_1=2)
    await following.lose("outlet-1", held=1)
    await raise_epoch(following.dsn, now())
    await following.publish(("outlet-1", 3))  # published before, and lost
    await fill(following.log, streams=1, facts=1, prefix="newer")
    epoch = await following.owner.epoch()
    await following.publish(("newer-0", 1), epoch=epoch)
    if which == "projector":
        await following.shows(runner(following, which), outlet_0=2, outlet_1=1, newer_0=1)
        return
    await following.shows(runner(following, which), outlet_0=2, outlet_1=2, newer_0=1)
    assert [
        (lost.stream, lost.seen, lost.held, lost.epoch, len(lost.facts)) for lost in following.withdrawn
    ] == [("outlet-1", 2, 1, epoch, 1)]
    place = await following.echoing.state.fetchrow(
        "select * from projection_stream where stream_id = 'outlet-1'"
    )
    assert place["version"] == 1, "what is said anew at a lost version is told"


async def test_a_version_that_is_given_again_is_shown_as_it_is_now(following: Following) -> None:
    """The lost fact and the new one have the same stream and version; only the epoch differs."""
    await begun(following, "reaction")
    await fill(following.log, streams=1, facts=2)
    await following.publish(("outlet-0", 1), ("outlet-0", 2))
    await following.shows(following.reaction(), outlet_0=2)
    await following.lose("outlet-0", held=1)
    epoch = await raise_epoch(following.dsn, now())
    await append(following, "outlet-0", 1)
    await following.publish(
        ("outlet-0", 2)
    )  # the relay has stood before it, so it comes again; then the new one
    await following.publish(("outlet-0", 2), epoch=epoch)
    await following.shows(following.reaction(), outlet_0=3)
    causes = (await following.echoing.reacted())["echo-0"]
    assert causes[-1] == str(event_id("outlet-0", 2, epoch))


async def dump(following: Following) -> None:
    """Copy the present log, to restore it later."""
    for table in ("events", "streams"):
        await following.log.execute(f"create table dump_{table} as select * from {table}")


async def put_back(following: Following, *, above: int) -> int:
    """Restore the copy, which does not know later epochs, and begin a new epoch. Returns it."""
    async with following.log.acquire() as connection, connection.transaction():
        await connection.execute("set local session_replication_role = replica")
        for table in ("events", "streams"):
            await connection.execute(f"delete from {table}")
            await connection.execute(
                f"insert into {table} overriding system value select * from dump_{table}"
            )
        await connection.execute("update store_epoch set epoch = 1")
    return await raise_epoch(following.dsn, now(), above=above)


async def wrong_dump(following: Following, which: str, *also: str) -> int:
    """Follow three facts, restore a dump with one, and follow that. Streams of `also` are lost completely."""
    await begun(following, which)
    streams = ("outlet-0", *also)
    for stream in streams:
        for version in range(3):
            await append(following, stream, version)
    await following.publish(*[(stream, version) for stream in streams for version in (1, 2, 3)])
    await following.shows(runner(following, which), **dict.fromkeys(streams, 3))
    await dump(following)
    for stream in streams:
        await following.lose(stream, held=0 if stream in also else 1)
    wrong = await raise_epoch(following.dsn, now())
    expected = {"outlet-0": 1} if which == "projector" else dict.fromkeys(streams, 3)
    await following.shows(runner(following, which), **expected)
    return wrong


@EachFollower
async def test_the_right_dump_after_a_wrong_one_brings_back_what_that_had_lost(
    following: Following, which: str
) -> None:
    """The relay has published these facts before, so followers must read them from the log."""
    wrong = await wrong_dump(following, which, "gone-0")
    right = await put_back(following, above=wrong)
    await append(following, "newer-0", 0)
    await following.publish(("newer-0", 1), epoch=right)
    await following.shows(runner(following, which), outlet_0=3, gone_0=3, newer_0=1)
    assert await versions(following, which) == {"outlet-0": 3, "gone-0": 3, "newer-0": 1}


@EachFollower
async def test_what_was_said_under_the_wrong_dump_is_not_taken_for_what_the_right_one_holds(
    following: Following, which: str
) -> None:
    """Stream and version are the same; only the epoch of the facts that were seen differs."""
    wrong = await wrong_dump(following, which)
    await append(following, "outlet-0", 1)
    await append(following, "outlet-0", 2)
    await following.publish(("outlet-0", 2), ("outlet-0", 3), epoch=wrong)
    await following.shows(runner(following, which), outlet_0=3 if which == "projector" else 5)
    before = len(following.withdrawn)
    right = await put_back(following, above=wrong)
    await append(following, "newer-0", 0)
    await following.publish(("newer-0", 1), epoch=right)
    await following.shows(runner(following, which), outlet_0=3 if which == "projector" else 5, newer_0=1)
    assert await epochs(following, which) == {"outlet-0": 1, "newer-0": right}
    withdrawn = [
        (lost.stream, lost.seen, lost.held, len(lost.facts)) for lost in following.withdrawn[before:]
    ]
    assert withdrawn == ([] if which == "projector" else [("outlet-0", 3, 3, 3)])


async def versions(following: Following, which: str) -> dict[str, int]:
    return {row["stream_id"]: row["version"] for row in await seen(following, which)}


async def epochs(following: Following, which: str) -> dict[str, int]:
    return {row["stream_id"]: row["epoch"] for row in await seen(following, which)}


async def seen(following: Following, which: str) -> list[asyncpg.Record]:
    pool = following.view if which == "projector" else following.echoing.state
    return list(await pool.fetch("select * from projection_stream"))


async def append(following: Following, stream: str, version: int) -> None:
    await PostgresStore(following.log).append([Write(stream, version, (outlet(),))], meta(), "f")


@EachFollower
async def test_a_message_that_claims_an_epoch_of_the_future_is_not_believed(
    following: Following, which: str
) -> None:
    await begun(following, which)
    await fill(following.log, streams=1, facts=1)
    await following.publish(("outlet-0", 1), epoch=99)
    await following.publish(("outlet-0", 1))
    await following.shows(runner(following, which), outlet_0=1)
    assert following.withdrawn == []


async def test_a_rebuild_sets_a_stream_aside_that_it_cannot_apply_and_says_so(following: Following) -> None:
    await fill(following.log, streams=3, facts=2)
    made = await following.rebuild(poison="outlet-1").run(compare=False)
    assert (made.facts, made.set_aside) == (6, 1)
    assert await following.counted() == {"outlet-0": 2, "outlet-2": 2}
    assert await following.dead_letters() == [("outlet-1", 1), ("outlet-1", 2)]


async def test_a_fact_that_nobody_can_read_parks_its_stream_in_a_rebuild(following: Following) -> None:
    await fill(following.log, streams=2, facts=2)
    async with following.log.acquire() as connection:
        await connection.execute("set session_replication_role = replica")
        await connection.execute(
            "update events set type = 'unknown.v9' where (stream_id, version) = ('outlet-0', 2)"
        )
    made = await following.rebuild().run(compare=False)
    assert (await following.counted(), made.set_aside) == ({"outlet-0": 1, "outlet-1": 2}, 1)


async def test_a_rebuild_compares_every_stream_and_says_what_differs(following: Following) -> None:
    await fill(following.log, streams=250, facts=1)
    await following.rebuild().run()
    await following.view.execute("update counted set facts = 7 where stream_id = 'outlet-249'")
    await following.view.execute("delete from projection_stream where stream_id = 'outlet-1'")
    await following.view.execute("insert into projection_stream values ('ghost-1', 4)")
    with pytest.raises(Differs) as differs:
        await following.rebuild().run()
    compared = differs.value.compared
    assert (compared.live, compared.built, compared.compared) == (250, 250, 249)
    assert {(difference.stream, difference.kind) for difference in compared.differences} == {
        ("outlet-249", "content"),
        ("outlet-1", "missing"),
        ("ghost-1", "only live"),
    }
    made = await following.rebuild().run(accept_differences=True)
    assert made.compared.differs
    assert not (await following.rebuild().run()).compared.differs


async def test_what_a_new_build_could_not_apply_is_a_difference(following: Following) -> None:
    await fill(following.log, streams=2, facts=2)
    await following.rebuild().run()
    with pytest.raises(Differs) as differs:
        await following.rebuild(poison="outlet-1").run()
    assert [(difference.stream, difference.kind) for difference in differs.value.compared.differences] == [
        ("outlet-1", "set aside")
    ]
