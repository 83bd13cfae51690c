"""A reaction in a process that kills itself: `react_role.py DSN BOOTSTRAP TOPIC WHERE COUNT`.

It kills itself when it comes to the point WHERE (before, between or after the commands of a fact) for the COUNTth time.
"""

import asyncio
import os
import signal
import sys

from echoing import Echoing
from qingyuan_events import Fact, Recorded
from qingyuan_runtime.bus.kafka_reader import KafkaReader


async def react(dsn: str, bootstrap: str, topic: str, where: str, count: str) -> None:
    count_here = 0

    async def die(here: str, _fact: Recorded[Fact]) -> None:
        nonlocal count_here
        count_here += here == where
        if count_here == int(count):
            os.kill(os.getpid(), signal.SIGKILL)

    echoing = await Echoing.open(dsn)
    await echoing.runner(topic, lambda: KafkaReader.open(bootstrap, topic), die).run()


if __name__ == "__main__":
    asyncio.run(react(*sys.argv[1:]))
