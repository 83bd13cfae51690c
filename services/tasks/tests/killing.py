"""Kills the projector of a copy between its rows and its commit, for the tests of every copy."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from counting import until
from qingyuan_events import Fact, Recorded
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.following.projecting import Projection, ProjectionRunner
from qingyuan_runtime.publishing.relay import Relay, Source

Check = Callable[[], Awaitable[bool]]


class Dying:
    """A projection that writes its rows and fails before the commit, the first few times."""

    def __init__(self, projection: Projection, topic: str, deaths: int) -> None:
        self.model, self.topic = projection.model, topic
        self.deaths = deaths
        self._projection = projection

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        await self._projection.apply(connection, facts)
        if self.deaths:
            self.deaths -= 1
            raise asyncio.CancelledError


async def kill_then_finish(
    projection: Dying, pool: Pool, source: Source, bootstrap: str, *, is_empty: Check, is_whole: Check
) -> None:
    """Relay the log of `source`; after each death the copy must be empty, and in the end it must become whole."""
    relay = Relay(source, lambda: KafkaPublisher.open(bootstrap, projection.topic))
    relaying = asyncio.ensure_future(relay.run())

    def runner() -> ProjectionRunner:
        return ProjectionRunner(projection, pool, lambda: KafkaReader.open(bootstrap, projection.topic))

    while projection.deaths:
        with suppress(asyncio.CancelledError):
            await runner().run()
        assert await is_empty()
    projecting = asyncio.ensure_future(runner().run())
    await until(is_whole)
    for task in (projecting, relaying):
        task.cancel()
    await asyncio.gather(projecting, relaying, return_exceptions=True)
