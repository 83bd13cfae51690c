"""A read model made anew from its owner's log, beside the live one, and swapped in by one transaction.

A build is a schema: `register` is live, `register_build` is being made, `register_old_…` is what was live
before. Offsets and stream versions live inside the schema, so the swap moves them together with the rows:
a projector that worked on the old build finds its offset gone and goes on from the new one's.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import asyncpg
import structlog

from qingyuan_runtime.database.connections import Connection, Pool, open_pool
from qingyuan_runtime.following import projection_schema
from qingyuan_runtime.following.comparing import Comparison, compare
from qingyuan_runtime.following.dead_letters import all_parked, parked_among, put_behind
from qingyuan_runtime.following.filtering import Trust
from qingyuan_runtime.following.follower import OpenReader
from qingyuan_runtime.following.log_batches import Batch, ahead, batches
from qingyuan_runtime.following.owners_log import OwnersLog, delivered
from qingyuan_runtime.following.position import Noted, Position, note, read_position, write_position
from qingyuan_runtime.following.projecting import Projection, ProjectionRunner
from qingyuan_runtime.following.verifying import EVERYTHING
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.process.closing import close, opened
from qingyuan_runtime.process.unavailable import RetryLater, is_unavailable

log = structlog.get_logger()

KEEP_OLD = timedelta(days=1)


# A projector's transaction begins with this table and must end in the build it began in: names are looked
# up statement by statement, so half of it would land in the new one.
_NO_PROJECTOR = 'lock table "{model}".projection_offset in access exclusive mode'


class Comparable(Projection, Protocol):
    """A projection that can say, stream by stream, what its rows amount to."""

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]: ...


class Differs(Exception):
    """The new build shows something else than the live one; swap only if that is what was wanted."""

    def __init__(self, compared: Comparison) -> None:
        super().__init__(", ".join(one.stream for one in compared.differences[:5]))
        self.compared = compared


class AlreadyRunning(RetryLater):
    """Another rebuild of this model is under way."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """`set_aside` streams could not be applied: they are parked in the new build, with their reasons."""

    facts: int
    compared: Comparison
    set_aside: int
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

    async def start_over(self) -> None:
        """What a follower does that cannot go on: what the live build says is known to be wrong or too little."""
        await self.run(compare=False)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """One rebuild of a model at a time; the lock goes with the session."""
        connection = await asyncpg.connect(self.view_dsn)
        try:
            if not await connection.fetchval("select pg_try_advisory_lock(hashtext($1))", self.build):
                raise AlreadyRunning(self.model)
            yield
        finally:
            await close(connection)

    async def _run(self, accept_differences: bool, compare: bool) -> Rebuilt:
        await self._make_schema()
        pool, owner = await self._pool(self.build), OwnersLog(self.source_dsn)
        try:
            runner = ProjectionRunner(self.projection, pool, self.open_reader, owner=owner, trust=self.trust)
            facts = await self._replay(pool, runner)
            await runner.catch_up((await self._noted()).ends)
            compared = await self._compare(pool, owner) if compare else Comparison()
            async with pool.acquire() as connection:
                aside = len(await all_parked(connection))
        finally:
            await close(owner)
            await close(pool)
        if compared.differs and not accept_differences:
            raise Differs(compared)
        return Rebuilt(facts, compared, aside, await self._swap())

    async def _make_schema(self) -> None:
        connection = await asyncpg.connect(self.view_dsn)
        try:
            await connection.execute(f'drop schema if exists "{self.build}" cascade')
            await create_schema(connection, self.build, self.own_script)
        finally:
            await close(connection)

    async def _pool(self, schema: str) -> Pool:
        return await open_pool(self.view_dsn, size=3, session=session_of(schema))

    async def _replay(self, pool: Pool, runner: ProjectionRunner) -> int:
        """The ends are noted before the log is read: what Kafka holds below them, the log holds too, or has lost."""
        noted, done = await self._noted(), 0
        source = await asyncpg.connect(self.source_dsn)
        try:
            async with source.transaction(isolation="repeatable_read", readonly=True):
                epoch = await source.fetchval("select epoch from store_epoch")
                total = await source.fetchval("select count(*) from events")
                async for batch in ahead(batches(source)):
                    await _apply(pool, runner, batch)
                    done += len(batch.rows)
                    self.progress(done, total)
        finally:
            await close(source)
        async with pool.acquire() as connection:
            await write_position(
                connection, self.projection.topic, Position(noted.ends, noted.topic_id, epoch)
            )
        return done

    async def _noted(self) -> Noted:
        async with opened(self.open_reader()) as reader:
            return await note(reader)

    async def _compare(self, built: Pool, owner: OwnersLog) -> Comparison:
        live = await self._pool(self.model)
        try:
            there, here = [await read_position(pool, self.projection.topic) for pool in (live, built)]
            return await compare(self.projection, live, built, owner, caught_up=there.is_as_far_as(here))
        finally:
            await close(live)

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
            await close(connection)
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
    return hashlib.sha256(f"{projection_schema.create_script()}{own_script}".encode()).hexdigest()


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
        await close(connection)


async def ensure_current(rebuild: Rebuild) -> None:
    """For a migration: the live build is there, of this version of its model, and not empty while the log is not.

    Made anew from the log if it was not. With no broker to be reached, a new one is left to its follower.
    """
    if not await ensure_live(rebuild.view_dsn, rebuild.model, rebuild.own_script):
        await rebuild.run(compare=False)
    else:
        try:
            if not await _has_begun(rebuild):
                await rebuild.run(compare=False)
        except Exception as error:
            if not is_unavailable(error):
                raise
            log.warning("rebuild.later", model=rebuild.model, reason=error)


async def _has_begun(rebuild: Rebuild) -> bool:
    """Or has nothing to begin with: its follower sees to that in a moment."""
    connection, owner = await asyncpg.connect(rebuild.view_dsn), OwnersLog(rebuild.source_dsn)
    try:
        if await connection.fetchval(f'select exists (select from "{rebuild.model}".followed)'):
            return True
        return await owner.is_empty()
    finally:
        await close(owner)
        await close(connection)


async def _apply(pool: Pool, runner: ProjectionRunner, batch: Batch) -> None:
    """All at once where all is well; else each stream by itself, and what cannot be applied is set aside."""
    async with pool.acquire() as connection:
        if await _applied_together(connection, runner, batch):
            return
        async with connection.transaction():
            fresh = await put_behind(connection, [delivered(row) for row in batch.rows])
            await runner.apply_each_stream(connection, fresh)


async def _applied_together(connection: Connection, runner: ProjectionRunner, batch: Batch) -> bool:
    if batch.facts is None or await parked_among(connection, {row["stream_id"] for row in batch.rows}):
        return False
    try:
        async with connection.transaction():
            await runner.apply_recorded(connection, batch.facts)
    except Exception as error:
        if is_unavailable(error):
            raise
        log.warning("rebuild.failed", model=runner.name, error=error)
        return False
    return True


async def _drop_elder(connection: asyncpg.Connection, prefix: str, before: str) -> None:
    rows = await connection.fetch("select nspname from pg_namespace where nspname like $1 || '%'", prefix)
    for row in rows:
        if row["nspname"] < prefix + before:
            await connection.execute(f'drop schema "{row["nspname"]}" cascade')
