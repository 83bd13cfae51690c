"""What a service keeps up to date by following a topic, as one object: it is run, repaired, and looked into.

A composition root names each once, and its roles, its migration and its commands by hand use the same.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from qingyuan_runtime.bus.kafka import KafkaReader
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
class Place:
    """Opened: where it keeps what it knows, and what brings it on."""

    pool: Pool
    runner: ProjectionRunner


@dataclass(frozen=True)
class ReadModel:
    """`own_script` makes its tables; `source_url` is the log it follows, read only."""

    projection: Comparable
    own_script: str
    settings: Settings
    source_url: str

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Place]:
        pool = await open_pool(self.settings.database_url, size=4, session=session_of(self.projection.model))
        owner = OwnersLog(self.source_url)
        rebuild = self.rebuild()
        runner = ProjectionRunner(
            self.projection,
            pool,
            self.open_reader,
            owner=owner,
            remake=rebuild.start_over,
            trust=rebuild.trust,
        )
        try:
            yield Place(pool, runner)
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
        async with self.opened() as place:
            await place.runner.run()

    async def repair(self, progress: Progress, *, accept_differences: bool) -> Rebuilt:
        return await replace(self.rebuild(), progress=progress).run(accept_differences=accept_differences)


@dataclass(frozen=True)
class Timers(ReadModel):
    """Timers by the facts of the service's own log: their rows are a read model, and `ringing` makes what is asked when one is due."""

    own_script: str = field(default_factory=create_script, kw_only=True)
    ringing: Callable[[EventStore], WhenDue] = field(kw_only=True)

    async def ring(self) -> None:
        """Go round and ask for what is due, until cancelled."""
        model, url = self.projection.model, self.settings.database_url
        store = PostgresStore(await open_log_pool(url, size=2))
        rows = await open_pool(url, size=2, session={"search_path": model})
        await TimerRunner(model, rows, self.ringing(store), clock=now).run()

    def works(self, name: str) -> Mapping[str, Work]:
        """What keeps it up to date and asks, by the names that the supervision shows."""
        return {name: self.follow, f"{name} ringing": self.ring}


@dataclass(frozen=True)
class Reaction:
    """`schema` is where it keeps its place. `react` and `withdrawn` are made of the service's own store and its clock:
    what follows from a fact of the topic, and what follows when the topic's owner has lost it in a restore.
    """

    name: str
    schema: str
    topic: str
    settings: Settings
    source_url: str
    react: Callable[[EventStore, Clock], React]
    withdrawn: Callable[[EventStore, Clock], OnWithdrawn]

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Place]:
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
            yield Place(pool, runner)
        finally:
            await close(owner)
            await close(pool)

    async def open_reader(self) -> KafkaReader:
        return await KafkaReader.open(self.settings.bus, self.topic)

    async def follow(self) -> None:
        async with self.opened() as place:
            await place.runner.run()

    def works(self, name: str) -> Mapping[str, Work]:
        """What keeps it up to date, by the names that the supervision shows."""
        return {name: self.follow}

    async def repair(self, progress: Progress, *, accept_differences: bool) -> int:  # noqa: ARG002
        """There is no other one to differ from."""
        async with self.opened() as place:
            assert isinstance(place.runner, ReactionRunner)
            return await place.runner.replay(lambda done: progress(done, done))


Kept = ReadModel | Reaction
AllKept = Mapping[str, Kept]
"""Everything that a service keeps, by the names that people use."""
