"""Followers read the owner's log by themselves where the topic does not hold all facts."""

import asyncio

import pytest
from counting import fill, until
from followers_of_a_log import EachFollower, Following, begun, runner
from qingyuan_events import Fact, Recorded
from qingyuan_runtime.following.follower import Restarts
from qingyuan_runtime.following.rebuilding import ensure_current
from qingyuan_runtime.process import metrics
from qingyuan_runtime.process.role_health import ROLE_HEALTH

pytestmark = pytest.mark.servers


@EachFollower
async def test_what_the_topic_did_not_bring_is_read_from_the_log(following: Following, which: str) -> None:
    await begun(following, which)
    await fill(following.log, streams=2, facts=3)
    await following.publish(("outlet-0", 1), ("outlet-1", 2), ("outlet-0", 3), ("outlet-1", 3))
    await following.shows(runner(following, which), outlet_0=3, outlet_1=3)


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
