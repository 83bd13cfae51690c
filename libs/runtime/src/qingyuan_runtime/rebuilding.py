"""A read model made anew from the event store, beside the live one, and swapped in by one transaction.

A build is a schema: `register` is live, `register_build` is being made, `register_old_…` is what was live
before. Offsets and stream versions live inside the schema, so the swap moves them together with the rows:
a projector that worked on the old build finds its offset gone and goes on from the new one's.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import asyncpg
from qingyuan_events import Fact, Recorded

from qingyuan_runtime import projection_schema
from qingyuan_runtime.clock import now
from qingyuan_runtime.closing import opened
from qingyuan_runtime.database import Connection, Pool, open_pool
from qingyuan_runtime.projecting import OpenReader, Projection, ProjectionRunner
from qingyuan_runtime.store_postgres import recorded
from qingyuan_runtime.trust import EVERYTHING, Trust

BATCH = 5_000
SAMPLE = 200
KEEP_OLD = timedelta(days=1)

_ALL = """
    select stream_id, version, type, data, meta::text as meta, recorded_at, epoch from events order by epoch, xid, pos
"""


# A projector's transaction begins with this table and must end in the build it began in: names are looked
# up statement by statement, so half of it would land in the new one.
_NO_PROJECTOR = 'lock table "{model}".projection_offset in access exclusive mode'


class Comparable(Projection, Protocol):
    """A projection that can say, stream by stream, what its rows amount to."""

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]: ...


class Differs(Exception):
    """The new build shows something else than the live one; swap only if that is what was wanted."""

    def __init__(self, streams: Sequence[str]) -> None:
        super().__init__(", ".join(streams[:5]))
        self.streams = list(streams)


class AlreadyRunning(Exception):
    """Another rebuild of this model is under way."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    facts: int
    compared: int
    old_schema: str


@dataclass(frozen=True)
class Rebuild:
    """Everything a rebuild needs. `own_script` makes the model's tables in the current schema."""

    projection: Comparable
    own_script: str
    view_dsn: str
    source_dsn: str
    open_reader: OpenReader
    progress: Callable[[int, int], None] = lambda _done, _all: None
    trust: Trust = EVERYTHING

    @property
    def model(self) -> str:
        return self.projection.model

    @property
    def build(self) -> str:
        return f"{self.model}_build"

    async def run(self, *, accept_differences: bool = False, compare: bool = True) -> Rebuilt:
        """Make, catch up, compare, swap. Raises `Differs` or `AlreadyRunning`; the live build is untouched until the swap.

        There is nothing to compare with where the live build's tables are of another version of the model.
        """
        async with self._alone():
            return await self._run(accept_differences, compare)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """One rebuild of a model at a time; the lock goes with the session."""
        connection = await asyncpg.connect(self.view_dsn)
        try:
            if not await connection.fetchval("select pg_try_advisory_lock(hashtext($1))", self.build):
                raise AlreadyRunning(self.model)
            yield
        finally:
            await connection.close()

    async def _run(self, accept_differences: bool, compare: bool) -> Rebuilt:
        await self._make_schema()
        pool = await self._pool(self.build)
        try:
            runner = ProjectionRunner(self.projection, pool, self.open_reader, trust=self.trust)
            facts = await self._replay(pool, runner)
            await runner.catch_up(await self._ends())
            compared, different = await self._compare(pool) if compare else (0, [])
        finally:
            await pool.close()
        if different and not accept_differences:
            raise Differs(different)
        return Rebuilt(facts, compared, await self._swap())

    async def _make_schema(self) -> None:
        connection = await asyncpg.connect(self.view_dsn)
        try:
            await connection.execute(f'drop schema if exists "{self.build}" cascade')
            await create_schema(connection, self.build, self.own_script)
        finally:
            await connection.close()

    async def _pool(self, schema: str) -> Pool:
        return await open_pool(self.view_dsn, size=3, session=session_of(schema))

    async def _replay(self, pool: Pool, runner: ProjectionRunner) -> int:
        """The ends are noted before the store is read: what Kafka holds below them, the store holds too."""
        ends, done = await self._ends(), 0
        source = await asyncpg.connect(self.source_dsn)
        try:
            total = await source.fetchval("select count(*) from events")
            async for batch in _ahead(_batches(source)):
                async with pool.acquire() as connection, connection.transaction():
                    await runner.apply_recorded(connection, batch)
                done += len(batch)
                self.progress(done, total)
        finally:
            await source.close()
        rows = [(self.projection.topic, partition, end) for partition, end in ends.items()]
        await pool.executemany("insert into projection_offset values ($1, $2, $3)", rows)
        return done

    async def _ends(self) -> dict[int, int]:
        async with opened(self.open_reader()) as reader:
            return dict(await reader.ends())

    async def _compare(self, built: Pool) -> tuple[int, list[str]]:
        """Streams at the same version in both builds must look the same."""
        live = await self._pool(self.model)
        try:
            streams = await live.fetch(
                f"""
                select l.stream_id from projection_stream l
                  join "{self.build}".projection_stream b using (stream_id, version) order by random() limit {SAMPLE}
                """
            )
            names = [row["stream_id"] for row in streams]
            async with live.acquire() as mine, built.acquire() as other:
                before = await self.projection.digests(mine, names)
                after = await self.projection.digests(other, names)
        finally:
            await live.close()
        return len(names), [name for name in names if before.get(name) != after.get(name)]

    async def _swap(self) -> str:
        swapped = now()
        old = f"{self.model}_old_{swapped:%Y%m%d%H%M%S%f}"
        connection = await asyncpg.connect(self.view_dsn)
        try:
            async with connection.transaction():
                await connection.execute(_NO_PROJECTOR.format(model=self.model))
                await connection.execute(f'alter schema "{self.model}" rename to "{old}"')
                await connection.execute(f'alter schema "{self.build}" rename to "{self.model}"')
            await _drop_elder(connection, f"{self.model}_old_", f"{swapped - KEEP_OLD:%Y%m%d%H%M%S%f}")
        finally:
            await connection.close()
        return old


def session_of(schema: str) -> dict[str, str]:
    """Settings of a connection that writes one build: its schema, and sight of every row."""
    return {"search_path": schema, "qingyuan.sees": "all"}


async def create_schema(connection: Connection, schema: str, own_script: str) -> None:
    """Make one build's schema with its tables, in one transaction."""
    async with connection.transaction():
        await connection.execute(f'create schema "{schema}"')
        await connection.execute(f'set local search_path = "{schema}"')
        await connection.execute(projection_schema.create_script())
        await connection.execute(own_script)
        await connection.execute(f"comment on schema \"{schema}\" is '{_mark(own_script)}'")


def _mark(own_script: str) -> str:
    """What a build says of the tables it was made with."""
    return hashlib.sha256(own_script.encode()).hexdigest()


async def ensure_live(dsn: str, model: str, own_script: str) -> bool:
    """Make the live build of a read model where there is none yet; whether it is of this version of the model."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("select pg_advisory_lock(hashtext($1))", f"build {model}")
        if not await connection.fetchval("select to_regnamespace($1) is not null", model):
            await create_schema(connection, model, own_script)
        mark = await connection.fetchval("select obj_description(to_regnamespace($1), 'pg_namespace')", model)
        return bool(mark == _mark(own_script))
    finally:
        await connection.close()


async def ensure_current(rebuild: Rebuild) -> None:
    """For a migration: the live build is there and of this version of its model, made anew from the log if it was not."""
    if not await ensure_live(rebuild.view_dsn, rebuild.model, rebuild.own_script):
        await rebuild.run(compare=False)


async def _batches(source: asyncpg.Connection) -> AsyncIterator[list[Recorded[Fact]]]:
    async with source.transaction(isolation="repeatable_read", readonly=True):
        cursor = await source.cursor(_ALL)
        while rows := await cursor.fetch(BATCH):
            yield [recorded(row) for row in rows]


async def _ahead(batches: AsyncIterator[list[Recorded[Fact]]]) -> AsyncIterator[list[Recorded[Fact]]]:
    """The same batches, each read and decoded while the one before it is being written."""

    async def following() -> list[Recorded[Fact]]:
        return await anext(batches, [])

    waiting = asyncio.ensure_future(following())
    try:
        while batch := await waiting:
            waiting = asyncio.ensure_future(following())
            yield batch
    finally:
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def _drop_elder(connection: asyncpg.Connection, prefix: str, before: str) -> None:
    rows = await connection.fetch("select nspname from pg_namespace where nspname like $1 || '%'", prefix)
    for row in rows:
        if row["nspname"] < prefix + before:
            await connection.execute(f'drop schema "{row["nspname"]}" cascade')
