"""After a restore of the log, followers forget what was lost and show what has come anew."""

import asyncpg
import pytest
from counting import fill
from followers_of_a_log import EachFollower, Following, append, begun, runner
from qingyuan_events import event_id
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.publishing.restoring import raise_epoch

pytestmark = pytest.mark.servers


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


async def versions(following: Following, which: str) -> dict[str, int]:
    return {row["stream_id"]: row["version"] for row in await seen(following, which)}


async def epochs(following: Following, which: str) -> dict[str, int]:
    return {row["stream_id"]: row["epoch"] for row in await seen(following, which)}


async def seen(following: Following, which: str) -> list[asyncpg.Record]:
    pool = following.view if which == "projector" else following.echoing.state
    return list(await pool.fetch("select * from projection_stream"))
