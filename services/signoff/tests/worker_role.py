"""The signoff worker as a process that kills itself: `worker_role.py DSN BOOTSTRAP TASKS SIGNOFF NOW WHERE COUNT`.

Its clock stands at NOW. It kills itself at the COUNTth time that it comes to WHERE: `reacted` lies between a command
of the reaction and its offset, `sent` between the command of a timer and the deletion of the timer.
"""

import asyncio
import os
import signal
import sys
from datetime import datetime

from qingyuan_events import Fact, Recorded
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.following.follower import OpenReader
from qingyuan_runtime.following.projecting import ProjectionRunner
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.process.supervising import run_together
from qingyuan_runtime.reacting.reactions import ReactionRunner
from qingyuan_runtime.reacting.timers import Timer, TimerProjection, TimerRunner
from signoff import deadlines, reactions


class Death:
    """Kills the process when it comes to the place `where` for the `count`th time."""

    def __init__(self, where: str, count: int) -> None:
        self._where = where
        self._left = count

    def passes(self, here: str) -> None:
        self._left -= here == self._where
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


async def work(
    dsn: str, bootstrap: str, tasks: str, signoff: str, now: datetime, death: Death | None = None
) -> None:
    """The same three parts as in the service's own `worker`, on a test's topics and with a fixed clock."""
    store = PostgresStore(await open_pool(dsn, size=4))
    visits = await open_pool(dsn, size=3, session={"search_path": reactions.SCHEMA})
    timers = await open_pool(dsn, size=3, session={"search_path": deadlines.NAME})
    react, send = reactions.reaction(store, lambda: now), deadlines.when_due(store)

    async def reacting(fact: Recorded[Fact]) -> None:
        await react(fact)
        if death:
            death.passes("reacted")

    async def sending(timer: Timer, at: datetime) -> bool:
        done = await send(timer, at)
        if death:
            death.passes("sent")
        return done

    def reader(topic: str) -> OpenReader:
        return lambda: KafkaReader.open(bootstrap, topic)

    rows = TimerProjection(deadlines.NAME, signoff, deadlines.rule)
    await run_together(
        {
            "reaction": ReactionRunner(tasks, reactions.NAME, visits, reader(tasks), reacting).run,
            "deadlines": ProjectionRunner(rows, timers, reader(signoff)).run,
            "timers": TimerRunner(deadlines.NAME, timers, sending, clock=lambda: now, pause=0.05).run,
        }
    )


if __name__ == "__main__":
    *place, moment, where, count = sys.argv[1:]
    asyncio.run(work(*place, datetime.fromisoformat(moment), Death(where, int(count))))  # type: ignore[call-arg, arg-type]
