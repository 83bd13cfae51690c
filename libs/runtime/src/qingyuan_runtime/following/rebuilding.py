"""Rebuilds a read model from its owner's log beside the live one, and swaps it in by one transaction.

A build is a schema: `register` is live, `register_build` is being filled, `register_old_…` was live before. Offsets and
stream versions are stored inside the schema, so the swap exchanges them together with the rows: a follower that worked
on the old build no longer finds its offset, and goes on from the position of the new build.
"""

import hashlib
import re
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
from qingyuan_runtime.following.dead_letters import all_parked, parked_among, set_aside_parked
from qingyuan_runtime.following.filtering import Trust
from qingyuan_runtime.following.follower import OpenReader
from qingyuan_runtime.following.log_batches import Batch, batches, read_ahead
from qingyuan_runtime.following.owners_log import OwnersLog, delivered
from qingyuan_runtime.following.position import (
    Position,
    TopicState,
    read_position,
    read_topic,
    write_position,
)
from qingyuan_runtime.following.projecting import Projection, ProjectionRunner
from qingyuan_runtime.following.verifying import EVERYTHING
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.process.closing import close, opened
from qingyuan_runtime.process.unavailable import RetryLater, is_unavailable

log = structlog.get_logger()

KEEP_OLD = timedelta(days=1)


# Waits for a follower's transaction, which writes to this table first. PostgreSQL looks table names up for each statement,
# so a swap in the middle of such a transaction would send its later rows into the new build.
_LOCK_FOLLOWER = 'lock table "{model}".projection_offset in access exclusive mode'


class Comparable(Projection, Protocol):
    """A projection that can compute a hash over the rows of each stream."""

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]: ...


class Differs(Exception):
    """The new build differs from the live one. A person must decide whether the new one is right."""

    def __init__(self, compared: Comparison) -> None:
        super().__init__(", ".join(difference.stream for difference in compared.differences[:5]))
        self.compared = compared


class AlreadyRunning(RetryLater):
    """Another rebuild of this model is under way."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The outcome. `set_aside` counts the streams that could not be applied and are parked in the new build."""

    facts: int
    compared: Comparison
    set_aside: int
    old_schema: str


@dataclass(frozen=True)
class Rebuild:
    """Everything a rebuild needs. `own_script` creates the model's tables in the current schema."""

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
        """Build, catch up, compare, swap. Raises `Differs` or `AlreadyRunning`; the live build is untouched until the swap.

        `compare=False` where the live build has the tables of another version of the model, or is known to be wrong.
        """
        async with self._exclusively():
            return await self._run(accept_differences, compare)

    async def start_over(self) -> None:
        """For a follower that cannot go on. Its live build is known to be wrong or incomplete, so nothing is compared."""
        await self.run(compare=False)

    @asynccontextmanager
    async def _exclusively(self) -> AsyncIterator[None]:
        """Allow one rebuild of a model at a time. The lock is released when its session ends."""
        connection = await asyncpg.connect(self.view_dsn)
        try:
            if not await connection.fetchval("select pg_try_advisory_lock(hashtext($1))", self.build):
                raise AlreadyRunning(self.model)
            yield
        finally:
            await close(connection)

    async def _run(self, accept_differences: bool, compare: bool) -> Rebuilt:
        await self._create_build_schema()
        pool, owner = await self._pool(self.build), OwnersLog(self.source_dsn)
        try:
            runner = ProjectionRunner(self.projection, pool, self.open_reader, owner=owner, trust=self.trust)
            facts = await self._replay(pool, runner)
            await runner.catch_up((await self._read_topic()).ends)
            compared = await self._compare(pool, owner) if compare else Comparison()
            async with pool.acquire() as connection:
                parked = len(await all_parked(connection))
        finally:
            await close(owner)
            await close(pool)
        if compared.differs and not accept_differences:
            raise Differs(compared)
        return Rebuilt(facts, compared, parked, await self._swap())

    async def _create_build_schema(self) -> None:
        connection = await asyncpg.connect(self.view_dsn)
        try:
            await connection.execute(f'drop schema if exists "{self.build}" cascade')
            await create_schema(connection, self.build, self.own_script)
        finally:
            await close(connection)

    async def _pool(self, schema: str) -> Pool:
        return await open_pool(self.view_dsn, size=3, session=session_of(schema))

    async def _replay(self, pool: Pool, runner: ProjectionRunner) -> int:
        """Apply the whole log. The topic's ends are read before it, so the log holds every fact below them (or lost it)."""
        topic, done = await self._read_topic(), 0
        source = await asyncpg.connect(self.source_dsn)
        try:
            async with source.transaction(isolation="repeatable_read", readonly=True):
                epoch = await source.fetchval("select epoch from store_epoch")
                total = await source.fetchval("select count(*) from events")
                async for batch in read_ahead(batches(source)):
                    await _apply(pool, runner, batch)
                    done += len(batch.rows)
                    self.progress(done, total)
        finally:
            await close(source)
        async with pool.acquire() as connection:
            await write_position(
                connection, self.projection.topic, Position(topic.ends, topic.topic_id, epoch)
            )
        return done

    async def _read_topic(self) -> TopicState:
        async with opened(self.open_reader()) as reader:
            return await read_topic(reader)

    async def _compare(self, built: Pool, owner: OwnersLog) -> Comparison:
        live = await self._pool(self.model)
        try:
            live_position, built_position = [
                await read_position(pool, self.projection.topic) for pool in (live, built)
            ]
            caught_up = live_position.is_as_far_as(built_position)
            return await compare(self.projection, live, built, owner, caught_up=caught_up)
        finally:
            await close(live)

    async def _swap(self) -> str:
        swapped = now()
        old = f"{self.model}_old_{swapped:%Y%m%d%H%M%S%f}"
        connection = await asyncpg.connect(self.view_dsn)
        try:
            async with connection.transaction():
                await connection.execute(_LOCK_FOLLOWER.format(model=self.model))
                await connection.execute(f'alter schema "{self.model}" rename to "{old}"')
                await connection.execute(f'alter schema "{self.build}" rename to "{self.model}"')
            await _drop_older(connection, f"{self.model}_old_", f"{swapped - KEEP_OLD:%Y%m%d%H%M%S%f}")
        finally:
            await close(connection)
        return old


def session_of(schema: str) -> dict[str, str]:
    """Session settings of a connection that writes one build: its schema, and access to every row."""
    return {"search_path": schema, "qingyuan.sees": "all"}


async def create_schema(connection: Connection, schema: str, own_script: str) -> None:
    """Create one build's schema with its tables, in one transaction."""
    async with connection.transaction():
        await connection.execute(f'create schema "{schema}"')
        await connection.execute(f'set local search_path = "{schema}"')
        await connection.execute(projection_schema.create_script())
        await connection.execute(own_script)
        await connection.execute(f"comment on schema \"{schema}\" is '{_script_hash(own_script)}'")


def _script_hash(own_script: str) -> str:
    """A hash of the SQL that a build's tables were created with, stored as the schema's comment.

    SQL comments and line breaks do not count, so that a better sentence does not rebuild a read model.
    """
    script = re.sub("--[^\n]*", "", f"{projection_schema.create_script()}\n{own_script}")
    return hashlib.sha256(" ".join(script.split()).encode()).hexdigest()


async def ensure_live(dsn: str, model: str, own_script: str) -> bool:
    """Create the live build of a read model where there is none. Returns whether its tables are of this version."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("select pg_advisory_lock(hashtext($1))", f"build {model}")
        if not await connection.fetchval("select to_regnamespace($1) is not null", model):
            await create_schema(connection, model, own_script)
        mark = await connection.fetchval("select obj_description(to_regnamespace($1), 'pg_namespace')", model)
        return bool(mark == _script_hash(own_script))
    finally:
        await close(connection)


async def ensure_current(rebuild: Rebuild) -> None:
    """For a migration: make sure that the live build exists, has this version's tables, and has begun to be filled.

    Otherwise it is rebuilt from the log. If Kafka cannot be reached, filling an empty build is left to its follower.
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
    """Whether the live build has a position, or the log is still empty."""
    connection, owner = await asyncpg.connect(rebuild.view_dsn), OwnersLog(rebuild.source_dsn)
    try:
        if await connection.fetchval(f'select exists (select from "{rebuild.model}".followed)'):
            return True
        return await owner.is_empty()
    finally:
        await close(owner)
        await close(connection)


async def _apply(pool: Pool, runner: ProjectionRunner, batch: Batch) -> None:
    """Apply a batch as a whole. If that fails, stream by stream, and those that fail are parked."""
    async with pool.acquire() as connection:
        if await _applied_together(connection, runner, batch):
            return
        async with connection.transaction():
            fresh = await set_aside_parked(connection, [delivered(row) for row in batch.rows])
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


async def _drop_older(connection: asyncpg.Connection, prefix: str, before: str) -> None:
    rows = await connection.fetch("select nspname from pg_namespace where nspname like $1 || '%'", prefix)
    for row in rows:
        if row["nspname"] < prefix + before:
            await connection.execute(f'drop schema "{row["nspname"]}" cascade')
