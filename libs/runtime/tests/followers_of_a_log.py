"""What the tests of followers share: a log, a topic that a test fills, a read model and a reaction that follow it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from counting import Counting, meta, outlet, until
from echoing import Between, Echoing, nothing
from qingyuan_runtime.bus.memory import MemoryPublisher, MemoryReader, MemoryTopic
from qingyuan_runtime.bus.port import Reader
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.following.follower import Follower
from qingyuan_runtime.following.owners_log import OwnersLog
from qingyuan_runtime.following.projecting import ProjectionRunner
from qingyuan_runtime.following.rebuilding import Rebuild
from qingyuan_runtime.log.causes import Withdrawn
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.reacting.reactions import ReactionRunner
from sample_messages import message


class Comparing(Counting):
    """The counting model with hashes of its rows, as a rebuild needs them."""

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        rows = await connection.fetch("select * from counted where stream_id = any($1)", list(streams))
        return {row["stream_id"]: f"{row['facts']} {row['last']}" for row in rows}


@dataclass
class Following:
    """A log, a topic in memory with the messages that a test publishes, and two followers."""

    dsn: str
    log: Pool
    view_dsn: str
    view: Pool
    echoing: Echoing
    owner: OwnersLog
    topic: MemoryTopic
    withdrawn: list[Withdrawn]

    async def reader(self) -> Reader:
        return MemoryReader(self.topic)

    async def publish(self, *keys: tuple[str, int], epoch: int = 1) -> None:
        await MemoryPublisher(self.topic).publish([message(*key, epoch=epoch) for key in keys])

    def rebuild(self, poison: str | None = None) -> Rebuild:
        return Rebuild(Comparing("t", poison), Counting.table, self.view_dsn, self.dsn, self.reader)

    def projector(self) -> ProjectionRunner:
        rebuild = self.rebuild().start_over
        return ProjectionRunner(Comparing("t"), self.view, self.reader, owner=self.owner, rebuild=rebuild)

    def reaction(self, between: Between = nothing) -> ReactionRunner:
        async def withdrawn(lost: Withdrawn) -> None:
            self.withdrawn.append(lost)

        return self.echoing.runner("t", self.reader, between, owner=self.owner, withdrawn=withdrawn)

    async def counted(self) -> dict[str, int]:
        rows = await self.view.fetch("select * from counted where in_order")
        return {row["stream_id"]: row["facts"] for row in rows}

    async def reacted(self) -> dict[str, int]:
        """How many facts of each stream the reaction has reacted to, with two commands for each."""
        return {
            stream.replace("echo", "outlet"): len(causes) // 2
            for stream, causes in (await self.echoing.reacted()).items()
        }

    async def shows(self, runner: Follower, **streams: int) -> None:
        """Run until the read model's rows, or the reaction's facts, are these."""
        wanted = {name.replace("_", "-"): facts for name, facts in streams.items()}
        look = self.reacted if isinstance(runner, ReactionRunner) else self.counted
        running = asyncio.ensure_future(runner.run())

        async def there() -> bool:
            assert not running.done(), running.result()
            return await look() == wanted and await self.has_read_all(runner)

        try:
            await until(there, patience=15)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def has_read_all(self, runner: Follower) -> bool:
        place = self.echoing.state if isinstance(runner, ReactionRunner) else self.view
        read = await place.fetchval("select max(next_offset) from projection_offset")
        agreed = await place.fetchval("select epoch from followed")
        return bool(read == len(self.topic.logs[0]) and agreed == await self.owner.epoch())

    async def dead_letters(self) -> list[tuple[str, int]]:
        rows = await self.view.fetch("select * from dead_letter order by letter")
        return [(row["stream_id"], row["version"]) for row in rows]

    async def lose(self, stream: str, held: int) -> None:
        """Change the log as a restore does: later facts of the stream are gone."""
        async with self.log.acquire() as connection:
            await connection.execute("set session_replication_role = replica")
            await connection.execute("delete from events where stream_id = $1 and version > $2", stream, held)
            await connection.execute("update streams set version = $2 where stream_id = $1", stream, held)


EachFollower = pytest.mark.parametrize("which", ["projector", "reaction"])


def runner(following: Following, which: str) -> Follower:
    return following.projector() if which == "projector" else following.reaction()


async def begun(following: Following, which: str) -> None:
    """Store a first position while the log is still empty."""
    await runner(following, which).catch_up({})


async def append(following: Following, stream: str, version: int) -> None:
    await PostgresStore(following.log).append([Write(stream, version, (outlet(),))], meta(), "f")
