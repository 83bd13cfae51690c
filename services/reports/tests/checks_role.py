"""The reaction as a process that kills itself: `checks_role.py DSN BOOTSTRAP TOPIC WHERE COUNT`.

It kills itself at the COUNTth time that it comes to WHERE: `judged` lies between the judgement and its append, `checked`
between the append and the offset.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence

from qingyuan_events import Fact, Meta, Recorded
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.log.store import EventStore, Receipt, Write
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.reacting.reactions import ReactionRunner
from report_samples import NOON
from reports import checks
from reports.main import opening_once
from reports.shared.repository import Knowledge


class Death:
    """Kills the process when it comes to the place `where` for the `count`th time."""

    def __init__(self, where: str, count: int) -> None:
        self._where = where
        self._left = count

    def passes(self, here: str) -> None:
        self._left -= here == self._where
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


NEVER = Death("nowhere", 1)


class DyingStore(PostgresStore):
    """Appends for the check, unless it dies before."""

    death = NEVER

    async def append(self, writes: Sequence[Write], meta: Meta, fingerprint: str) -> Receipt:
        self.death.passes("judged")
        return await super().append(writes, meta, fingerprint)


async def work(dsn: str, bootstrap: str, topic: str, death: Death = NEVER) -> None:
    await (await checking(dsn, bootstrap, topic, death)).run()


async def checking(dsn: str, bootstrap: str, topic: str, death: Death = NEVER) -> ReactionRunner:
    """The reaction as in the service's own `worker`, on a test's topic and with a fixed clock."""
    store = DyingStore(await open_pool(dsn, size=4))
    store.death = death
    position = await open_pool(dsn, size=3, session={"search_path": checks.SCHEMA})
    look_up = opening_once(dsn)

    async def knowledge_of(_: EventStore) -> Knowledge:
        return await look_up(store)

    react = checks.reaction(knowledge_of)(store, lambda: NOON)

    async def reacting(fact: Recorded[Fact]) -> None:
        await react(fact)
        death.passes("checked")

    return ReactionRunner(topic, checks.NAME, position, lambda: KafkaReader.open(bootstrap, topic), reacting)


if __name__ == "__main__":
    *place, where, count = sys.argv[1:]
    asyncio.run(work(*place, Death(where, int(count))))
