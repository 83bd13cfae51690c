"""What a service keeps up to date by following a topic, as one object: it is run, repaired, and looked into.

A composition root names each once, and its roles, its migration and its commands by hand use the same.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from qingyuan_runtime.broker_kafka import KafkaReader
from qingyuan_runtime.closing import close
from qingyuan_runtime.database import Pool, open_pool
from qingyuan_runtime.owners_log import OwnersLog
from qingyuan_runtime.projecting import ProjectionRunner
from qingyuan_runtime.reacting import OnWithdrawn, React, ReactionRunner
from qingyuan_runtime.rebuilding import Comparable, Rebuild, Rebuilt, session_of
from qingyuan_runtime.settings import Settings
from qingyuan_runtime.trust import trust_in

Progress = Callable[[int, int], None]
Reacting = Callable[[], Awaitable[tuple[React, OnWithdrawn]]]


@dataclass(frozen=True, slots=True)
class Place:
    """Opened: where it keeps what it knows, and what brings it on."""

    pool: Pool
    runner: ProjectionRunner


@dataclass(frozen=True)
class ReadModel:
    """`own_script` makes its tables; `source_url` is the log it follows, read only. Timers' rows are one too."""

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
class Reaction:
    """`schema` is where it keeps its place; `reacting` opens what its commands go to."""

    name: str
    schema: str
    topic: str
    settings: Settings
    source_url: str
    reacting: Reacting

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Place]:
        pool = await open_pool(self.settings.database_url, size=4, session={"search_path": self.schema})
        owner = OwnersLog(self.source_url)
        react, withdrawn = await self.reacting()
        trust = trust_in(self.topic, self.settings, self.source_url)
        try:
            runner = ReactionRunner(
                self.topic,
                self.name,
                pool,
                self.open_reader,
                react,
                owner=owner,
                withdrawn=withdrawn,
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

    async def repair(self, progress: Progress, *, accept_differences: bool) -> int:  # noqa: ARG002
        """There is no other one to differ from."""
        async with self.opened() as place:
            assert isinstance(place.runner, ReactionRunner)
            return await place.runner.replay(lambda done: progress(done, done))


Kept = ReadModel | Reaction
AllKept = Mapping[str, Kept]
"""Everything that a service keeps, by the names that people use."""
