"""Timers whose commands fail, stop or are not answered are carried out later, and each once. With real PostgreSQL."""

import asyncio
from datetime import datetime, timedelta

import pytest
from qingyuan_runtime.following.follower import Stuck
from qingyuan_runtime.process import metrics
from qingyuan_runtime.reacting.timers import Timer, TimerRunner
from timers_on_log import DAY, FIRST, MORNING, SECOND, TimersOnLog

pytestmark = pytest.mark.servers


async def test_a_runner_stopped_after_the_command_repeats_it_without_a_second_effect(
    timers_on_log: TimersOnLog,
) -> None:
    async def die(_timer: Timer) -> None:
        raise asyncio.CancelledError

    await timers_on_log.apply("a", "set")
    timers_on_log.now = SECOND
    for minutes in range(3):
        timers_on_log.now = SECOND + timedelta(minutes=minutes)
        with pytest.raises(asyncio.CancelledError):
            await timers_on_log.runner(die).run_due()
    assert await timers_on_log.left() == 2
    timers_on_log.now = SECOND + timedelta(minutes=9)
    await timers_on_log.runner().run_due()
    assert await timers_on_log.carried_out() == [("first", SECOND), ("second", timers_on_log.now)]
    assert await timers_on_log.left() == 0


async def test_several_runners_carry_out_each_timer_once(timers_on_log: TimersOnLog) -> None:
    streams = [f"s{n}" for n in range(20)]
    for stream in streams:
        await timers_on_log.apply(stream, "set")
    timers_on_log.now = SECOND
    await asyncio.gather(*(timers_on_log.runner().run_due() for _ in range(3)))
    for stream in streams:
        assert await timers_on_log.carried_out(stream) == [("first", SECOND), ("second", SECOND)]


async def test_a_timer_that_fails_stays_and_delays_no_other(timers_on_log: TimersOnLog) -> None:
    async def fail(timer: Timer) -> None:
        if timer.stream == "a":
            raise ValueError("no")

    for stream in ("a", "b"):
        await timers_on_log.apply(stream, "set")
    timers_on_log.now = SECOND
    runner = timers_on_log.runner(fail)
    assert await runner.run_due() == 2
    assert await timers_on_log.left() == 2
    timers_on_log.now = SECOND + timedelta(minutes=1)
    await runner.run_due()
    assert metrics.timers_overdue_seconds.labels("timers_test")._value.get() == 61 * 60
    assert await timers_on_log.runner().run_due() == 2
    assert await timers_on_log.left() == 0
    assert metrics.timers_overdue_seconds.labels("timers_test")._value.get() == 0


async def test_a_timer_whose_command_left_no_fact_stays_and_is_tried_again_when_the_clock_is_right(
    timers_on_log: TimersOnLog,
) -> None:
    """A clock that was wrong for one round must not delete timers that follow from the log."""
    times = list[datetime]()

    async def when_due(_timer: Timer, now: datetime) -> bool:
        times.append(now)
        return now <= SECOND

    await timers_on_log.apply("a", "set")
    runner = TimerRunner("timers_test", timers_on_log.rows, when_due, clock=lambda: timers_on_log.now)
    wrong = MORNING + 500 * DAY
    for moment, answered in ((wrong, 2), (wrong, 0), (MORNING, 0), (FIRST, 1), (SECOND, 1)):
        timers_on_log.now = moment
        assert await runner.run_due() == answered
        if moment == wrong:
            assert await timers_on_log.left() == 2
            assert metrics.timers_overdue_seconds.labels("timers_test")._value.get() == 0, "it was answered"
    assert (times, await timers_on_log.left()) == ([wrong, wrong, FIRST, SECOND], 0)


async def test_timers_are_tried_again_after_a_temporary_error(timers_on_log: TimersOnLog) -> None:
    troubles: list[Exception] = [OSError("gone"), TimeoutError()]

    async def trouble(_timer: Timer) -> None:
        if troubles:
            raise troubles.pop()

    await timers_on_log.apply("a", "set")
    timers_on_log.now = SECOND
    running = asyncio.ensure_future(timers_on_log.runner(trouble, pause=0.01).run())
    async with asyncio.timeout(20):
        while await timers_on_log.left():
            await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await timers_on_log.carried_out() == [("first", SECOND), ("second", SECOND)]


async def test_a_command_that_is_never_answered_ends_the_process(timers_on_log: TimersOnLog) -> None:
    async def hang(_timer: Timer) -> None:
        await asyncio.Event().wait()

    await timers_on_log.apply("a", "set")
    timers_on_log.now = SECOND
    async with asyncio.timeout(20):
        with pytest.raises(Stuck):
            await timers_on_log.runner(hang, stuck_after=0.2).run()
