"""Facts of another service lead to commands, each carried out once whatever fails in between."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import uuid5

import asyncpg
import pytest
from counting import meta, outlet, until
from echoing import NAME
from qingyuan_events import Fact, Recorded, event_id
from qingyuan_runtime.bus.memory import MemoryReader
from qingyuan_runtime.bus.port import Delivered, Reader
from qingyuan_runtime.following.follower import Stuck
from qingyuan_runtime.log.causes import caused_by
from qingyuan_runtime.log.handling import Busy
from qingyuan_runtime.reacting.reactions import STEP
from reacting_in_memory import TRACE, Reacting, echo_of

pytestmark = pytest.mark.servers


async def test_each_fact_leads_to_its_commands_once_and_in_order_even_if_it_is_delivered_again(
    reacting: Reacting,
) -> None:
    await reacting.publish(("outlet-0", 1), ("outlet-1", 1), ("outlet-0", 2))
    await reacting.publish(("outlet-0", 1), ("outlet-0", 2))
    await reacting.catch_up()
    await reacting.catch_up()
    assert await reacting.echoing.reacted() == {
        "echo-0": echo_of("outlet-0", 2),
        "echo-1": echo_of("outlet-1", 1),
    }


async def test_a_command_has_the_fact_as_its_cause_and_continues_its_trace(reacting: Reacting) -> None:
    await reacting.publish(("outlet-0", 1))
    await reacting.catch_up()
    row = await reacting.echoing.log.fetchrow("select meta::text from events order by version limit 1")
    recorded = type(meta()).model_validate_json(row["meta"])
    cause = event_id("outlet-0", 1)
    assert (recorded.actor.kind, recorded.causation) == ("system", cause)
    assert recorded.command_id == uuid5(cause, f"{NAME} first")
    assert recorded.traceparent.split("-")[1] == TRACE.split("-")[1]


def test_the_id_of_the_only_command_of_a_fact_follows_from_fact_and_reaction() -> None:
    fact = Recorded("outlet-0", 1, datetime.now(UTC), meta(TRACE), outlet())
    context = caused_by(fact, NAME)
    assert context.meta.command_id == uuid5(fact.id, NAME)
    assert context.meta.correlation == fact.meta.correlation
    assert context == caused_by(fact, NAME)


@pytest.mark.parametrize("where", ["before", "between", "after"])
async def test_a_runner_stopped_at_any_point_repeats_its_commands_without_a_second_effect(
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


async def test_two_runners_on_the_same_partition_carry_out_each_command_once(reacting: Reacting) -> None:
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


async def test_a_fact_is_tried_again_after_a_temporary_error_and_none_is_skipped(reacting: Reacting) -> None:
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
