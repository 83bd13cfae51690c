"""When a timer is due: facts set and clear it, and its command is carried out once whatever the clock shows. With real PostgreSQL."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

import pytest
from counting import meta, outlet
from qingyuan_events import Recorded, event_id
from qingyuan_runtime.reacting.timers import PAGE, Timer, TimerProjection, TimerRunner
from timers_on_log import DAY, FIRST, MORNING, SECOND, TRACE, TimersOnLog, rule

pytestmark = pytest.mark.servers


async def test_each_timers_command_is_carried_out_when_it_is_due_and_not_before(
    timers_on_log: TimersOnLog,
) -> None:
    await timers_on_log.apply("a", "set")
    runner = timers_on_log.runner()
    for minutes, so_far in [(0, 0), (59, 0), (60, 1), (61, 1), (119, 1), (120, 2), (500, 2)]:
        timers_on_log.now = MORNING + timedelta(minutes=minutes)
        await runner.run_due()
        assert len(await timers_on_log.carried_out()) == so_far
    assert await timers_on_log.carried_out() == [("first", FIRST), ("second", SECOND)]
    assert await timers_on_log.left() == 0


async def test_after_a_day_of_downtime_each_due_timer_is_carried_out_once(timers_on_log: TimersOnLog) -> None:
    await timers_on_log.apply("a", "set")
    timers_on_log.now = MORNING + DAY
    assert await timers_on_log.runner().run_due() == 2
    assert await timers_on_log.runner().run_due() == 0
    assert await timers_on_log.carried_out() == [
        ("first", timers_on_log.now),
        ("second", timers_on_log.now),
    ], "the time is the real one"


async def test_a_clock_that_jumps_causes_no_second_command(timers_on_log: TimersOnLog) -> None:
    await timers_on_log.apply("a", "set")
    for hours in (1, -48, 1, 72, -1, 0, 1, 2, 24):
        timers_on_log.now = MORNING + timedelta(hours=hours)
        await timers_on_log.runner().run_due()
    assert await timers_on_log.carried_out() == [("first", FIRST), ("second", MORNING + timedelta(hours=72))]


async def test_a_timer_that_is_not_due_after_the_clock_jumped_back_waits_until_it_is(
    timers_on_log: TimersOnLog,
) -> None:
    await timers_on_log.apply("a", "set")
    timers_on_log.now = SECOND

    async def jump(timer: Timer) -> None:
        timers_on_log.now = MORNING if timer.what == "first" else timers_on_log.now

    await timers_on_log.runner(jump).run_due()
    assert [what for what, _ in await timers_on_log.carried_out()] == ["first"]
    timers_on_log.now = SECOND
    await timers_on_log.runner().run_due()
    assert await timers_on_log.carried_out() == [("first", SECOND), ("second", SECOND)]


async def test_a_fact_sets_clears_or_leaves_the_timers_of_its_own_stream_only(
    timers_on_log: TimersOnLog,
) -> None:
    for stream, *facts in [
        ("a", "set"),
        ("b", "set", "other"),
        ("c", "set", "clear"),
        ("d", "set", "set again"),
    ]:
        for fact in facts:
            await timers_on_log.apply(stream, fact)
    timers_on_log.now = SECOND
    await timers_on_log.runner().run_due()
    assert {s: [what for what, _ in await timers_on_log.carried_out(s)] for s in "abcd"} == {
        "a": ["first", "second"],
        "b": ["first", "second"],
        "c": [],
        "d": [],
    }
    timers_on_log.now = SECOND + DAY
    await timers_on_log.runner().run_due()
    assert await timers_on_log.carried_out("d") == [("second", timers_on_log.now)]


async def test_facts_of_one_batch_are_applied_in_order(timers_on_log: TimersOnLog) -> None:
    facts = [
        Recorded("a", version, timers_on_log.now, meta(), outlet(name))
        for version, name in enumerate(["set", "clear", "set again"], start=1)
    ]
    async with timers_on_log.rows.acquire() as connection, connection.transaction():
        await TimerProjection("timers_test", "t", rule).apply(connection, facts)  # type: ignore[arg-type]
    rows = await timers_on_log.rows.fetch("select what, at, cause from timer")
    assert [tuple(row) for row in rows] == [("second", SECOND + DAY, event_id("a", 3))]


@pytest.mark.parametrize("batched", [True, False])
async def test_a_fact_may_change_some_timers_and_leave_the_others(
    timers_on_log: TimersOnLog, batched: bool
) -> None:
    names = ["set", "adjust"]
    projection = TimerProjection("timers_test", "t", rule)
    facts = [
        Recorded("a", version, timers_on_log.now, meta(), outlet(name))
        for version, name in enumerate(names, 1)
    ]
    for batch in [facts] if batched else [[fact] for fact in facts]:
        async with timers_on_log.rows.acquire() as connection, connection.transaction():
            await projection.apply(connection, batch)  # type: ignore[arg-type]
    rows = await timers_on_log.rows.fetch("select what, at, cause from timer order by what")
    assert [tuple(row) for row in rows] == [
        ("second", SECOND, event_id("a", 1)),
        ("third", SECOND, event_id("a", 2)),
    ]


async def test_the_command_names_the_fact_that_set_the_timer_as_its_cause(timers_on_log: TimersOnLog) -> None:
    setter = await timers_on_log.apply("a", "set")
    timers_on_log.now = FIRST
    await timers_on_log.runner().run_due()
    (found,) = await timers_on_log.commands()
    assert (found.actor.kind, found.causation) == ("system", setter.id)
    assert found.command_id == uuid5(setter.id, "timers_test first")
    assert found.correlation == setter.meta.correlation
    assert found.traceparent is not None
    assert found.traceparent.split("-")[1] == TRACE.split("-")[1]


async def test_a_timer_that_is_set_again_while_it_is_carried_out_is_not_deleted(
    timers_on_log: TimersOnLog,
) -> None:
    async def renew(timer: Timer) -> None:
        if timer.what == "second":
            await timers_on_log.apply("a", "set again")

    await timers_on_log.apply("a", "set")
    timers_on_log.now = SECOND
    await timers_on_log.runner(renew).run_due()
    assert await timers_on_log.left() == 1
    timers_on_log.now = SECOND + DAY
    await timers_on_log.runner().run_due()
    assert await timers_on_log.carried_out() == [
        ("first", SECOND),
        ("second", SECOND),
        ("second", timers_on_log.now),
    ]


async def test_more_timers_than_a_page_are_carried_out_in_one_round(timers_on_log: TimersOnLog) -> None:
    row = ("at", FIRST, UUID(int=1), UUID(int=2), None)
    rows = [(f"s{n}", *row) for n in range(PAGE * 2 + 1)]
    await timers_on_log.rows.executemany("insert into timer values ($1, $2, $3, $4, $5, $6)", rows)
    timers_on_log.now = FIRST
    carried_out = list[str]()

    async def when_due(timer: Timer, _now: datetime) -> bool:
        carried_out.append(timer.stream)
        return True

    await TimerRunner("timers_test", timers_on_log.rows, when_due, clock=lambda: timers_on_log.now).run_due()
    assert sorted(carried_out) == sorted(stream for stream, *_ in rows)
