"""The followers of a service (read models, timers, reactions), each described by one object.

A composition root creates each object once. The service's roles, its migration and the operator's commands use it.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.following.owners_log import OwnersLog
from qingyuan_runtime.following.projecting import ProjectionRunner
from qingyuan_runtime.following.rebuilding import Comparable, Rebuild, Rebuilt, session_of
from qingyuan_runtime.following.verifying import trust_in
from qingyuan_runtime.log.store import EventStore
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.process.closing import close
from qingyuan_runtime.process.settings import Settings
from qingyuan_runtime.process.supervising import Work
from qingyuan_runtime.publishing.restoring import open_log_pool
from qingyuan_runtime.reacting.reactions import OnWithdrawn, React, ReactionRunner
from qingyuan_runtime.reacting.timers import Clock, TimerRunner, WhenDue, create_script

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class OpenedFollower:
    """A follower with open connections: `pool` to the schema of its state, and the runner that updates it."""

    pool: Pool
    runner: ProjectionRunner


@dataclass(frozen=True)
class ReadModel:
    """A projection that can be rebuilt. `own_script` creates its tables; `source_url` is the owner's log, read only."""

    projection: Comparable
    own_script: str
    settings: Settings
    source_url: str

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[OpenedFollower]:
        pool = await open_pool(self.settings.database_url, size=4, session=session_of(self.projection.model))
        owner = OwnersLog(self.source_url)
        rebuild = self.rebuild()
        runner = ProjectionRunner(
            self.projection,
            pool,
            self.open_reader,
            owner=owner,
            rebuild=rebuild.start_over,
            trust=rebuild.trust,
        )
        try:
            yield OpenedFollower(pool, runner)
        finally:
            await close(owner)
            await close(pool)

    async def open_reader(self) -> KafkaReader:
        return await KafkaReader.open(self.settings.bus, self.projection.topic)

    def rebuild(self) -> Rebuild:
        return Rebuild(
            projection=self.projection,
            own_script=self.own_script,
            view_dsn=self.settings.database_url,
            source_dsn=self.source_url,
            open_reader=self.open_reader,
            trust=trust_in(self.projection.topic, self.settings, self.source_url),
        )

    async def follow(self) -> None:
        async with self.opened() as opened:
            await opened.runner.run()

    async def repair(self, progress: Progress, *, accept_differences: bool) -> Rebuilt:
        return await replace(self.rebuild(), progress=progress).run(accept_differences=accept_differences)


@dataclass(frozen=True)
class Timers(ReadModel):
    """Timers set by facts of the service's own log. Their rows are a read model; `when_due` sends the command of a due timer."""

    own_script: str = field(default_factory=create_script, kw_only=True)
    when_due: Callable[[EventStore], WhenDue] = field(kw_only=True)

    async def run_due(self) -> None:
        """Send the commands of due timers until cancelled."""
        model, url = self.projection.model, self.settings.database_url
        store = PostgresStore(await open_log_pool(url, size=2))
        pool = await open_pool(url, size=2, session={"search_path": model})
        await TimerRunner(model, pool, self.when_due(store), clock=now).run()

    def works(self, name: str) -> Mapping[str, Work]:
        """Its two parts by the names under which they are supervised: updating the rows, and sending commands."""
        return {name: self.follow, f"{name} ringing": self.run_due}


@dataclass(frozen=True)
class Reaction:
    """Sends commands because of another service's facts. `schema` holds its position.

    `react` is called with the service's own store and clock, and returns what is done for each fact of the topic;
    `withdrawn` likewise returns what is done where the topic's owner has lost facts in a restore.
    """

    name: str
    schema: str
    topic: str
    settings: Settings
    source_url: str
    react: Callable[[EventStore, Clock], React]
    withdrawn: Callable[[EventStore, Clock], OnWithdrawn]

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[OpenedFollower]:
        pool = await open_pool(self.settings.database_url, size=4, session={"search_path": self.schema})
        owner = OwnersLog(self.source_url)
        store = PostgresStore(await open_log_pool(self.settings.database_url, size=2))
        trust = trust_in(self.topic, self.settings, self.source_url)
        try:
            runner = ReactionRunner(
                self.topic,
                self.name,
                pool,
                self.open_reader,
                self.react(store, now),
                owner=owner,
                withdrawn=self.withdrawn(store, now),
                trust=trust,
            )
            yield OpenedFollower(pool, runner)
        finally:
            await close(owner)
            await close(pool)

    async def open_reader(self) -> KafkaReader:
        return await KafkaReader.open(self.settings.bus, self.topic)

    async def follow(self) -> None:
        async with self.opened() as opened:
            await opened.runner.run()

    def works(self, name: str) -> Mapping[str, Work]:
        """Its only part by the name under which it is supervised."""
        return {name: self.follow}

    async def repair(self, progress: Progress, *, accept_differences: bool) -> int:  # noqa: ARG002
        """Replay the owner's log. There is no second build, so there are no differences to accept."""
        async with self.opened() as opened:
            assert isinstance(opened.runner, ReactionRunner)
            return await opened.runner.replay(lambda done: progress(done, done))


FollowerSpec = ReadModel | Reaction
Followers = Mapping[str, FollowerSpec]
"""All followers of a service by the names that `qingyuan rebuild` takes."""
