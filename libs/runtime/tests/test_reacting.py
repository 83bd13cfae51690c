"""Facts of another service lead to commands, each carried out once whatever fails in between."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid5

import asyncpg
import pytest
from counting import fill, make_topic, meta, outlet, until
from echoing import NAME, Between, Echoing, nothing
from qingyuan_events import Fact, Recorded, event_id
from qingyuan_local.testing import DatabaseServer, KafkaServer
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.bus.memory import MemoryPublisher, MemoryReader, MemoryTopic
from qingyuan_runtime.bus.port import Delivered, Message, Reader
from qingyuan_runtime.following import dead_letters
from qingyuan_runtime.following.follower import Stuck
from qingyuan_runtime.log.causes import caused_by
from qingyuan_runtime.log.handling import Busy
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.publishing.relay import Relay, Source
from qingyuan_runtime.reacting.reactions import STEP, ReactionRunner
from sample_messages import message

pytestmark = pytest.mark.servers

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
HERE = Path(__file__).parent


@dataclass
class Reacting:
    """A topic in memory, and the service that reacts to it."""

    echoing: Echoing
    topic: MemoryTopic = field(default_factory=lambda: MemoryTopic(1))

    async def reader(self) -> Reader:
        return MemoryReader(self.topic)

    def runner(self, between: Between = nothing, **options: float) -> ReactionRunner:
        return self.echoing.runner("t", self.reader, between, **options)

    async def publish(self, *keys: tuple[str, int]) -> None:
        await MemoryPublisher(self.topic).publish(
            [message(stream, version, about=meta(TRACE)) for stream, version in keys]
        )

    async def catch_up(self, between: Between = nothing) -> None:
        await self.runner(between).catch_up({0: len(self.topic.logs[0])})


def echo_of(stream: str, facts: int) -> list[str]:
    """Two commands for every fact, in the order of the facts."""
    return [str(event_id(stream, version)) for version in range(1, facts + 1) for _ in range(2)]


@pytest.fixture
async def reacting(postgres_server: DatabaseServer) -> AsyncIterator[Reacting]:
    echoing = await Echoing.make(await postgres_server.fresh("echo"))
    yield Reacting(echoing)
    await echoing.close()


async def test_every_fact_is_answered_once_in_order_also_when_it_comes_again(reacting: Reacting) -> None:
    await reacting.publish(("outlet-0", 1), ("outlet-1", 1), ("outlet-0", 2))
    await reacting.publish(("outlet-0", 1), ("outlet-0", 2))
    await reacting.catch_up()
    await reacting.catch_up()
    assert await reacting.echoing.reacted() == {
        "echo-0": echo_of("outlet-0", 2),
        "echo-1": echo_of("outlet-1", 1),
    }


async def test_a_command_says_what_caused_it_and_goes_on_under_its_trace(reacting: Reacting) -> None:
    await reacting.publish(("outlet-0", 1))
    await reacting.catch_up()
    row = await reacting.echoing.log.fetchrow("select meta::text from events order by version limit 1")
    recorded = type(meta()).model_validate_json(row["meta"])
    cause = event_id("outlet-0", 1)
    assert (recorded.actor.kind, recorded.causation) == ("system", cause)
    assert recorded.command_id == uuid5(cause, f"{NAME} first")
    assert recorded.traceparent.split("-")[1] == TRACE.split("-")[1]


def test_one_command_of_a_fact_is_named_by_the_reaction_alone() -> None:
    fact = Recorded("outlet-0", 1, datetime.now(UTC), meta(TRACE), outlet())
    context = caused_by(fact, NAME)
    assert context.meta.command_id == uuid5(fact.id, NAME)
    assert context.meta.correlation == fact.meta.correlation
    assert context == caused_by(fact, NAME)


@pytest.mark.parametrize("where", ["before", "between", "after"])
async def test_who_is_stopped_anywhere_asks_again_and_nothing_is_done_twice(
    reacting: Reacting, where: str
) -> None:
    await reacting.publish(*[(f"outlet-{n}", v) for v in (1, 2) for n in range(3)])

    async def stop(here: str, fact: Recorded[Fact]) -> None:
        if (here, fact.stream, fact.version) == (where, "outlet-1", 2):
            raise asyncio.CancelledError

    for _ in range(2):
        with pytest.raises(asyncio.CancelledError):
            await reacting.catch_up(stop)
    await reacting.catch_up()
    assert await reacting.echoing.reacted() == {f"echo-{n}": echo_of(f"outlet-{n}", 2) for n in range(3)}


async def test_two_on_the_same_partition_change_nothing_twice(reacting: Reacting) -> None:
    keys = [(f"outlet-{n % 7}", n // 7 + 1) for n in range(STEP * 2)]
    await reacting.publish(*keys)
    await asyncio.gather(*(_follow_to_the_end(reacting) for _ in range(2)))
    reacted = await reacting.echoing.reacted()
    facts = {stream: max(v for s, v in keys if s == stream) for stream, _ in keys}
    assert reacted == {stream.replace("outlet", "echo"): echo_of(stream, n) for stream, n in facts.items()}


async def _follow_to_the_end(reacting: Reacting) -> None:
    running = asyncio.ensure_future(reacting.runner().run())
    end = len(reacting.topic.logs[0])

    async def there() -> bool:
        return bool(
            await reacting.echoing.state.fetchval("select max(next_offset) from projection_offset") == end
        )

    await until(there)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_passing_trouble_is_waited_for_and_nothing_is_stepped_over(reacting: Reacting) -> None:
    troubles = [OSError("no database"), Busy("echo-0"), asyncpg.InterfaceError("closed"), TimeoutError()]

    async def trouble(here: str, _fact: Recorded[Fact]) -> None:
        if here == "between" and troubles:
            raise troubles.pop()

    await reacting.publish(("outlet-0", 1), ("outlet-0", 2))
    running = asyncio.ensure_future(reacting.runner(trouble).run())

    async def all_reacted() -> bool:
        return await reacting.echoing.reacted() == {"echo-0": echo_of("outlet-0", 2)}

    await until(all_reacted)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert (troubles, await reacting.echoing.dead_letters()) == ([], [])


def poison(stream: str, version: int) -> Between:
    async def fail(here: str, fact: Recorded[Fact]) -> None:
        if (here, fact.stream, fact.version) == ("between", stream, version):
            raise ValueError("poison")

    return fail


async def test_what_can_never_be_done_parks_its_stream_and_others_flow(reacting: Reacting) -> None:
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


async def test_a_failure_that_does_not_come_again_parks_nothing(reacting: Reacting) -> None:
    failures = [ValueError("once"), ValueError("twice")]

    async def fail(here: str, _fact: Recorded[Fact]) -> None:
        if here == "after" and failures:
            raise failures.pop()

    await reacting.publish(("outlet-0", 1))
    await reacting.catch_up(fail)
    assert await reacting.echoing.dead_letters() == []
    assert await reacting.echoing.reacted() == {"echo-0": echo_of("outlet-0", 1)}


async def test_garbage_is_kept_and_stops_nobody(reacting: Reacting) -> None:
    await MemoryPublisher(reacting.topic).publish([Message(b"outlet-9\0", b"not json", [])])
    await reacting.publish(("outlet-0", 1))
    await reacting.catch_up()
    assert [version for _, version, _ in await reacting.echoing.dead_letters()] == [0]
    assert await reacting.echoing.reacted() == {"echo-0": echo_of("outlet-0", 1)}


async def test_what_arrives_while_a_stream_is_let_go_on_is_not_left_behind(reacting: Reacting) -> None:
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


async def test_a_command_that_is_never_answered_ends_the_process(reacting: Reacting) -> None:
    async def hang(_here: str, _fact: Recorded[Fact]) -> None:
        await asyncio.Event().wait()

    await reacting.publish(("outlet-0", 1))
    async with asyncio.timeout(20):
        with pytest.raises(Stuck):
            await reacting.runner(hang, stuck_after=0.2).run()


class Quiet(MemoryReader):
    async def poll(self, *, timeout_ms: int, max_records: int) -> Mapping[int, Sequence[Delivered]]:
        await asyncio.sleep(0.01)
        return {}


async def test_lag_without_progress_ends_the_process(reacting: Reacting) -> None:
    await reacting.publish(("outlet-0", 1))

    async def quiet() -> Reader:
        return Quiet(reacting.topic)

    async with asyncio.timeout(20):
        with pytest.raises(Stuck):
            await reacting.echoing.runner("t", quiet, stuck_after=0.2).run()


@pytest.mark.long
@pytest.mark.parametrize(("where", "count"), [("before", 3), ("between", 2), ("between", 9), ("after", 5)])
async def test_killed_in_the_middle_each_effect_comes_once(
    postgres_server: DatabaseServer, kafka_server: KafkaServer, where: str, count: int
) -> None:
    """A real process kills itself between two commands, or between a command and the offset, and is started again."""
    topic, source = await make_topic(kafka_server.bootstrap), await postgres_server.fresh("log")
    echoing = await Echoing.make(await postgres_server.fresh("echo"))
    await publish_all(source, kafka_server.bootstrap, topic, streams=4, facts=3)
    arguments = (echoing.dsn, kafka_server.bootstrap, topic)
    for _ in range(2):
        assert await die(*arguments, where, str(count)) == -signal.SIGKILL
    reader = await KafkaReader.open(kafka_server.bootstrap, topic)
    ends = await reader.ends()
    await reader.close()
    assert sum(ends.values()) == 12
    assert (await echoing.state.fetchval("select coalesce(sum(next_offset), 0) from projection_offset")) < 12

    await echoing.runner(topic, lambda: KafkaReader.open(kafka_server.bootstrap, topic)).catch_up(ends)
    assert await echoing.reacted() == {f"echo-{n}": echo_of(f"outlet-{n}", 3) for n in range(4)}
    await echoing.close()


async def die(*arguments: str) -> int:
    """Run the reaction until it kills itself; how it ended."""
    process = await asyncio.create_subprocess_exec(sys.executable, str(HERE / "react_role.py"), *arguments)
    async with asyncio.timeout(60):
        return await process.wait()


async def publish_all(dsn: str, bootstrap: str, topic: str, *, streams: int, facts: int) -> None:
    """Create a log with facts and publish all of them."""
    pool = await asyncpg.create_pool(dsn, min_size=1)
    await pool.execute(create_script())
    await fill(pool, streams=streams, facts=facts)
    relay = Relay(Source(dsn, "registry"), lambda: KafkaPublisher.open(bootstrap, topic))
    running = asyncio.ensure_future(relay.run())
    reader = await KafkaReader.open(bootstrap, topic)

    async def published() -> bool:
        return sum((await reader.ends()).values()) >= streams * facts

    await until(published)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await reader.close()
    await pool.close()
