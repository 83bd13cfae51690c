"""Step 6 of a command's way: from the log to Kafka. Never skips an event and never reorders a stream; may repeat events.

One relay works on each shard: a session lock keeps others out, and `owner_epoch` stops a relay that has lost its lock
without noticing. Only events older than the oldest open transaction are read, by one statement together with that
horizon, so an event that is committed late is not skipped.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import asyncpg
import structlog
from qingyuan_events import Meta, to_headers

from qingyuan_runtime.bus.port import Message, OffsetGone, Publisher, PublishFailed, Reader, Unreachable
from qingyuan_runtime.bus.signing import Keyring
from qingyuan_runtime.database.connections import Connection, connect
from qingyuan_runtime.following.lost_facts import FactKey
from qingyuan_runtime.log.announcing import CHANNEL
from qingyuan_runtime.process import metrics
from qingyuan_runtime.process.closing import close
from qingyuan_runtime.process.role_health import current_role
from qingyuan_runtime.process.supervising import run_supervised
from qingyuan_runtime.process.telemetry import is_sampled, span
from qingyuan_runtime.process.unavailable import UNAVAILABLE, Backoff, RetryLater
from qingyuan_runtime.publishing.epochs import last_published
from qingyuan_runtime.publishing.horizon import HORIZON_ALARM_SECONDS, HorizonWatch
from qingyuan_runtime.publishing.restoring import require_held, require_restore_confirmed

BATCH = 2_000
RECENT_PAUSE = 0.005
IDLE_PAUSE_MAX = 1.0
"""How often the relay queries while nothing is announced: announcements may be lost."""
SMALL_BATCH = 8
GATHERING_PAUSE = 0.02
STATEMENT_SECONDS = 20.0
SHARDS_MAX = 1_000
LOCK_SPACE = 0x51594C  # "QYL": separates the relay's advisory locks from others in the same database

log = structlog.get_logger()

OpenPublisher = Callable[[], Awaitable[Publisher]]
OpenReader = Callable[[], Awaitable[Reader]]

NEXT = """
    select e.stream_id, e.version, e.type, e.data, e.meta::text as meta, e.recorded_at,
           e.epoch, e.xid::text as xid_text, e.pos
      from events e
     where (e.epoch < (select epoch from store_epoch) or e.xid < pg_snapshot_xmin(pg_current_snapshot()))
       and (e.epoch, e.xid, e.pos) > ($1, $2::text::xid8, $3)
       and ($4 = 1 or mod(abs(hashtextextended(e.stream_id, 1) % 1000003), $4) = $5)
     order by e.epoch, e.xid, e.pos
     limit $6
"""
# The number of shards may have changed. What all shards of any one layout have published is published, so a shard
# starts there, or from its own cursor if that is later.
_TAKE = """
    with published as (
        select distinct on (shards) shards, epoch, xid, pos
          from relay_cursor c
         where (select count(*) from relay_cursor d where d.shards = c.shards) = c.shards
         order by shards, epoch, xid, pos
    ), start as (
        select epoch, xid, pos from published
         union all select epoch, xid, pos from relay_cursor where shards = $1 and shard = $2
         union all select 0, '0'::xid8, 0
         order by epoch desc, xid desc, pos desc limit 1
    )
    insert into relay_cursor as c (shards, shard, epoch, xid, pos, owner_epoch)
    select $1, $2, epoch, xid, pos, 1 from start
    on conflict (shards, shard) do update
       set epoch = excluded.epoch, xid = excluded.xid, pos = excluded.pos, owner_epoch = c.owner_epoch + 1
    returning epoch, xid::text as xid_text, pos, owner_epoch
"""
_MOVE = """
    update relay_cursor set epoch = $4, xid = $5::text::xid8, pos = $6
     where shards = $1 and shard = $2 and owner_epoch = $3
"""


class LockLost(RetryLater):
    """This relay has lost its lock without noticing, and another one has taken the shard over."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last published event of a shard, in the order of publishing."""

    epoch: int
    xid: str
    pos: int


@dataclass(frozen=True, slots=True)
class Source:
    """What a relay publishes: the log of one service, or one shard of it."""

    dsn: str
    service: str
    shard: int = 0
    shards: int = 1
    keys: Keyring | None = None
    horizon_alarm: float = HORIZON_ALARM_SECONDS


class Relay:
    """Run one per shard. A second one waits until the first has ended."""

    def __init__(
        self, source: Source, open_publisher: OpenPublisher, open_reader: OpenReader | None = None
    ) -> None:
        """Given a reader of its topic and keys, it refuses to publish if the topic holds facts that the log lacks."""
        self._source = source
        self._open_publisher = open_publisher
        self._open_reader = open_reader
        self._publisher: Publisher | None = None
        self._backoff = Backoff()
        self._bus_backoff = Backoff()

    async def run(self) -> None:
        """Publish until cancelled. Waits while the database or Kafka is unavailable."""
        source = self._source
        watch = HorizonWatch(source.dsn, source.shard, source.shards, source.horizon_alarm)
        watching = asyncio.create_task(run_supervised(f"{current_role('relay')} watch", watch.run))
        try:
            await self._publish_for_ever()
        finally:
            watching.cancel()

    async def _publish_for_ever(self) -> None:
        while True:
            try:
                await self._hold()
            except UNAVAILABLE as error:
                log.warning("relay.interrupted", reason=error, kind=type(error).__name__)
                await self._backoff.after(error)
            finally:
                await self._drop_publisher()

    async def _hold(self) -> None:
        """Lock the shard and publish. The connection is not pooled, since the lock belongs to its session."""
        connection = await connect(self._source.dsn, patience=STATEMENT_SECONDS, application_name="relay")
        try:
            await require_restore_confirmed(connection)
            await self._lock(connection)
            if self._open_reader and self._source.keys:
                published = await _last_published(self._open_reader, self._source.keys)
                await require_held(connection, published)
            row = await connection.fetchrow(_TAKE, self._source.shards, self._source.shard)
            assert row is not None
            # A crash of the server may lose the last cursor: events are then published again, none is skipped.
            await connection.execute("set synchronous_commit = off")
            cursor = Cursor(row["epoch"], row["xid_text"], row["pos"])
            await self._publish_from(connection, cursor, row["owner_epoch"])
        finally:
            connection.terminate()

    async def _lock(self, connection: Connection) -> None:
        """Wait for the lock of this shard. It ends with the session."""
        number = self._source.shards * SHARDS_MAX + self._source.shard
        while not await connection.fetchval("select pg_try_advisory_lock($1, $2)", LOCK_SPACE, number):
            await asyncio.sleep(0.25)

    async def _publish_from(self, connection: Connection, cursor: Cursor, owner_epoch: int) -> None:
        pause, appended = RECENT_PAUSE, asyncio.Event()
        await connection.add_listener(CHANNEL, lambda *_: appended.set())
        while True:
            appended.clear()
            rows = await self._next(connection, cursor)
            self._backoff.reset()
            if not rows:
                pause = RECENT_PAUSE if await _happens(appended, pause) else min(pause * 1.3, IDLE_PAUSE_MAX)
                continue
            pause = RECENT_PAUSE
            if await self._publish(rows):
                cursor = _cursor(rows[-1])
                await self._move(connection, cursor, owner_epoch)
            if (
                len(rows) < SMALL_BATCH
            ):  # a few large batches cost brokers and readers less than many small ones
                await asyncio.sleep(GATHERING_PAUSE)

    async def _next(self, connection: Connection, cursor: Cursor) -> Sequence[asyncpg.Record]:
        source = self._source
        return await connection.fetch(
            NEXT, cursor.epoch, cursor.xid, cursor.pos, source.shards, source.shard, BATCH
        )

    async def _publish(self, rows: Sequence[asyncpg.Record]) -> bool:
        """Publish a batch. False: it must be published again as a whole, with a new producer."""
        try:
            if self._publisher is None:
                self._publisher = await self._open_publisher()
            await self._publisher.publish([self._message(row) for row in rows])
        except PublishFailed as error:
            metrics.relay_failures_total.inc()
            log.warning("relay.publish_failed", reason=error)
            await self._drop_publisher()
            await self._bus_backoff.after(error)
            return False
        self._bus_backoff.reset()
        metrics.relay_published_total.inc(len(rows))
        return True

    def _message(self, row: asyncpg.Record) -> Message:
        meta = Meta.model_validate_json(row["meta"])
        headers = to_headers(
            source=self._source.service,
            stream=row["stream_id"],
            version=row["version"],
            type_=row["type"],
            recorded_at=row["recorded_at"],
            meta=meta,
            epoch=row["epoch"],
        )
        if is_sampled(meta.traceparent):
            with span("relay.publish", meta.traceparent) as current:
                current.set_attribute("qingyuan.stream", row["stream_id"])
        key, value = row["stream_id"].encode(), row["data"].encode()
        keys = self._source.keys
        return Message(key, value, keys.sign(key, headers, value) if keys else headers)

    async def _move(self, connection: Connection, cursor: Cursor, owner_epoch: int) -> None:
        source = self._source
        moved = await connection.execute(
            _MOVE, source.shards, source.shard, owner_epoch, cursor.epoch, cursor.xid, cursor.pos
        )
        if moved != "UPDATE 1":
            raise LockLost(f"shard {source.shard} of {source.shards} has a new holder")

    async def _drop_publisher(self) -> None:
        publisher, self._publisher = self._publisher, None
        if publisher:
            await close(publisher)


async def _happens(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event for at most this long. Returns whether it came."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


def _cursor(row: asyncpg.Record) -> Cursor:
    return Cursor(row["epoch"], row["xid_text"], row["pos"])


async def _last_published(open_reader: OpenReader, keys: Keyring) -> set[FactKey]:
    """With a time limit. Raises `Unreachable` where the topic is being cut at this moment, so that it is read again."""
    try:
        async with asyncio.timeout(STATEMENT_SECONDS):
            return await last_published(open_reader, keys)
    except OffsetGone as gone:
        raise Unreachable(str(gone)) from gone
