"""A fact to which a service cannot react parks its stream as dead letters, and no other."""

import asyncio

import pytest
from counting import until
from echoing import Between
from qingyuan_events import Fact, Recorded
from qingyuan_runtime.bus.memory import MemoryPublisher
from qingyuan_runtime.bus.port import Message
from qingyuan_runtime.following import dead_letters
from reacting_in_memory import Reacting, echo_of

pytestmark = pytest.mark.servers


def poison(stream: str, version: int) -> Between:
    async def fail(here: str, fact: Recorded[Fact]) -> None:
        if (here, fact.stream, fact.version) == ("between", stream, version):
            raise ValueError("poison")

    return fail


async def test_a_fact_that_always_fails_parks_its_stream_and_no_other(reacting: Reacting) -> None:
    await reacting.publish(
        ("outlet-0", 1), ("outlet-0", 2), ("outlet-1", 1), ("outlet-0", 3), ("outlet-1", 2)
    )
    await reacting.catch_up(poison("outlet-0", 2))
    await reacting.publish(("outlet-0", 4))
    await reacting.catch_up()
    assert await reacting.echoing.dead_letters() == [
        ("outlet-0", 2, "ValueError('poison')"),
        ("outlet-0", 3, "its stream is parked"),
        ("outlet-0", 4, "its stream is parked"),
    ]
    reacted = await reacting.echoing.reacted()
    assert reacted["echo-1"] == echo_of("outlet-1", 2)
    assert reacted["echo-0"] == echo_of("outlet-0", 2)[:3], "the first command of the bad fact was answered"

    async with reacting.echoing.state.acquire() as connection:
        assert await dead_letters.retry(connection, "outlet-0", reacting.runner().apply_recorded) == 3
    assert (await reacting.echoing.reacted())["echo-0"] == echo_of("outlet-0", 4)


async def test_a_failure_that_ends_within_the_retries_parks_nothing(reacting: Reacting) -> None:
    failures = [ValueError("once"), ValueError("twice")]

    async def fail(here: str, _fact: Recorded[Fact]) -> None:
        if here == "after" and failures:
            raise failures.pop()

    await reacting.publish(("outlet-0", 1))
    await reacting.catch_up(fail)
    assert await reacting.echoing.dead_letters() == []
    assert await reacting.echoing.reacted() == {"echo-0": echo_of("outlet-0", 1)}


async def test_an_unreadable_message_becomes_a_dead_letter_and_stops_no_other_stream(
    reacting: Reacting,
) -> None:
    await MemoryPublisher(reacting.topic).publish([Message(b"outlet-9\0", b"not json", [])])
    await reacting.publish(("outlet-0", 1))
    await reacting.catch_up()
    assert [version for _, version, _ in await reacting.echoing.dead_letters()] == [0]
    assert await reacting.echoing.reacted() == {"echo-0": echo_of("outlet-0", 1)}


async def test_a_fact_that_arrives_while_dead_letters_are_retried_is_not_left_parked(
    reacting: Reacting,
) -> None:
    """The runner has found the stream parked; before it stores that, an operator retries the dead letters."""
    await reacting.publish(("outlet-0", 1))
    await reacting.catch_up(poison("outlet-0", 1))
    await reacting.publish(("outlet-1", 1), ("outlet-0", 2))

    async def release(here: str, fact: Recorded[Fact]) -> None:
        if (here, fact.stream) == ("after", "outlet-1") and await reacting.echoing.dead_letters():
            async with reacting.echoing.state.acquire() as connection:
                await dead_letters.retry(connection, "outlet-0", reacting.runner().apply_recorded)

    running = asyncio.ensure_future(reacting.runner(release).run())

    async def all_reacted() -> bool:
        return (await reacting.echoing.reacted()).get("echo-0") == echo_of("outlet-0", 2)

    await until(all_reacted)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await reacting.echoing.dead_letters() == []
