"""Shared by tests of reactions: a service that reacts to every fact of `outlet-n` with facts of its own in `echo-n`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg
from qingyuan_events import Fact, Recorded
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.following.follower import OpenReader
from qingyuan_runtime.following.projection_schema import position_script
from qingyuan_runtime.log.causes import caused_by
from qingyuan_runtime.log.store import Conflict, Write
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script as store_script
from qingyuan_runtime.reacting.reactions import ReactionRunner

NAME = "echo"
Between = Callable[[str, Recorded[Fact]], Awaitable[None]]


async def nothing(_where: str, _fact: Recorded[Fact]) -> None:
    return None


@dataclass
class Echo:
    """Sends two commands for every fact. `between` is called before, between and after them, to fail or stop there."""

    store: PostgresStore
    between: Between = nothing

    async def react(self, fact: Recorded[Fact]) -> None:
        await self.between("before", fact)
        await self._send(fact, "first")
        await self.between("between", fact)
        await self._send(fact, "second")
        await self.between("after", fact)

    async def _send(self, fact: Recorded[Fact], part: str) -> None:
        context = caused_by(fact, NAME, part)
        stream = fact.stream.replace("outlet", "echo")
        while True:
            version = len(await self.store.read(stream))
            try:
                await self.store.append(
                    [Write(stream, version, (fact.fact,))], context.meta, context.fingerprint
                )
            except Conflict:
                continue
            return


@dataclass
class Echoing:
    """The service's database: its log, and the state of its reaction in a schema of its own."""

    dsn: str
    log: Pool
    state: Pool

    @classmethod
    async def open(cls, dsn: str) -> "Echoing":
        state = await open_pool(dsn, size=3, session={"search_path": NAME})
        return cls(dsn, await open_pool(dsn, size=3), state)

    @classmethod
    async def make(cls, dsn: str) -> "Echoing":
        connection = await asyncpg.connect(dsn)
        await connection.execute(store_script())
        await connection.execute(position_script(NAME, await connection.fetchval("select current_user")))
        await connection.close()
        return await cls.open(dsn)

    def runner(
        self, topic: str, open_reader: OpenReader, between: Between = nothing, **options: Any
    ) -> ReactionRunner:
        echo = Echo(PostgresStore(self.log), between)
        return ReactionRunner(topic, NAME, self.state, open_reader, echo.react, **options)

    async def reacted(self) -> dict[str, list[str]]:
        """Of each echo the causes of its facts, in order: two of each when all went well."""
        rows = await self.log.fetch(
            "select stream_id, meta->>'causation' as cause from events order by stream_id, version"
        )
        causes: dict[str, list[str]] = {}
        for row in rows:
            causes.setdefault(row["stream_id"], []).append(row["cause"])
        return causes

    async def dead_letters(self) -> list[tuple[str, int, str]]:
        rows = await self.state.fetch("select * from dead_letter order by partition, message_offset")
        return [(row["stream_id"], row["version"], row["error"]) for row in rows]

    async def close(self) -> None:
        await self.log.close()
        await self.state.close()
