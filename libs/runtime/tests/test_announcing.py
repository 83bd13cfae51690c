"""The announcements of appends, which the relay waits for: they never block and never fail."""

import asyncio
from collections.abc import Callable
from typing import cast

import asyncpg
import pytest
from counting import fill, running, until
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.bus.memory import MemoryPublisher, MemoryTopic
from qingyuan_runtime.bus.port import Publisher
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.log.announcing import SECONDS_BETWEEN, Announcer
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.publishing import relay
from qingyuan_runtime.publishing.relay import Relay, Source


class CountingPool:
    def __init__(self, error: Exception | None = None) -> None:
        self.announced = 0
        self._error = error

    async def execute(self, _sql: str, *_: object) -> None:
        self.announced += 1
        if self._error:
            raise self._error


async def until_true(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not reached():
            await asyncio.sleep(SECONDS_BETWEEN)


async def test_many_commands_in_a_row_are_announced_together_and_the_last_one_too() -> None:
    pool = CountingPool()
    announcer = Announcer(cast(Pool, pool))
    for _ in range(100):
        announcer.announce()
    await until_true(lambda: pool.announced == 1)
    announcer.announce()
    await until_true(lambda: pool.announced == 2)


async def test_a_failed_announcement_raises_no_error() -> None:
    pool = CountingPool(asyncpg.ConnectionDoesNotExistError())
    announcer = Announcer(cast(Pool, pool))
    announcer.announce()
    await until_true(lambda: pool.announced == 1)
    announcer.announce()
    await until_true(lambda: pool.announced == 2)


@pytest.mark.servers
async def test_a_waiting_relay_publishes_what_is_announced(
    postgres_server: DatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pauses are an hour long here, so only the announcement can end one."""
    dsn, topic = await postgres_server.fresh("log"), MemoryTopic(partitions=1)
    waiting = asyncio.Event()
    happens = relay._happens

    async def wait(event: asyncio.Event, _seconds: float) -> bool:
        waiting.set()
        return await happens(event, 3600)

    async def publisher() -> Publisher:
        return MemoryPublisher(topic)

    monkeypatch.setattr(relay, "_happens", wait)
    async with asyncpg.create_pool(dsn, min_size=1) as log:
        await log.execute(create_script())
        async with running(Relay(Source(dsn, "registry"), publisher).run()):
            await waiting.wait()
            await fill(log, streams=2, facts=3)

            async def published() -> bool:
                return sum(map(len, topic.logs)) == 6

            await until(published)
