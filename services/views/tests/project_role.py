"""A projector as a process of its own: `project_role.py MODEL DSN BOOTSTRAP TOPIC STATEMENT`.

It kills itself in the middle of a transaction, before its STATEMENT-th statement (0: never), and takes few facts at once.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

from qingyuan_events import Fact, Recorded
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.following import follower as following
from qingyuan_runtime.following import projecting
from qingyuan_runtime.following.rebuilding import session_of
from views.models import MODELS


class Mortal:
    """A connection that lives for so many statements."""

    def __init__(self, connection: Any, statements: int) -> None:
        self._connection = connection
        self.left = statements

    def __getattr__(self, name: str) -> Any:
        if name in ("execute", "fetch", "fetchval", "fetchrow"):
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return getattr(self._connection, name)


class Dying:
    """A projection over mortal connections."""

    def __init__(self, projection: Any, statements: int) -> None:
        self.model, self.topic = projection.model, projection.topic
        self._projection = projection
        self._left = statements

    async def apply(self, connection: Any, facts: Sequence[Recorded[Fact]]) -> None:
        mortal = Mortal(connection, self._left)
        await self._projection.apply(mortal, facts)
        self._left = mortal.left


async def main(model: str, dsn: str, bootstrap: str, topic: str, statement: int) -> None:
    following.MAX_RECORDS = 5
    projection = Dying(MODELS[model].projection(), statement or -1)
    pool = await open_pool(dsn, size=3, session=session_of(model))
    await projecting.ProjectionRunner(projection, pool, lambda: KafkaReader.open(bootstrap, topic)).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5], int(sys.argv[5])))
