"""After a restore from a dump a new epoch must begin, and until then no process may work on the log.

Transaction ids start again in another PostgreSQL cluster, so new events could sort before published ones and never be
published themselves. In the same cluster the topic still holds events appended after the dump was made, and new events
would get the same versions. So a restored log is recognised, connections to it are refused, and an operator runs
`qingyuan restored` once the dump is in place, which begins the epoch. A log is recognised as restored if the epoch
began in another cluster or in another table: `pg_restore` creates the table `events` anew, also in the same cluster.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

import asyncpg

from qingyuan_runtime.database.connections import Connection, Pool, open_pool
from qingyuan_runtime.following.lost_facts import FactKey
from qingyuan_runtime.process.closing import close
from qingyuan_runtime.process.unavailable import RetryLater


class RestoreNotConfirmed(RetryLater):
    """The log was restored from a dump, and `qingyuan restored` has not been run yet."""

    def __init__(self) -> None:
        super().__init__("事件库是由备份恢复的：请先运行 qingyuan restored，再启动服务。")


class TopicAheadOfLog(RetryLater):
    """The topic holds facts of the present epoch that the log lacks."""

    def __init__(self) -> None:
        super().__init__(
            "Kafka 主题里有事件库没有的记录：数据文件夹可能是用快照或复制件放回的。请运行 qingyuan restored。"
        )


async def require_held(connection: Connection, published: Iterable[FactKey]) -> None:
    """Raise `TopicAheadOfLog` where the log does not hold these facts, as far as they are of its present epoch.

    This finds a snapshot of the machine or a copy of the data folder that was put back. It is the same cluster and the
    same table, so `require_restore_confirmed` accepts it; but new events would get the versions of published ones.
    """
    columns = [list(column) for column in zip(*published, strict=True)] or [[], [], []]
    if await connection.fetchval(_LACKS, *columns):
        raise TopicAheadOfLog


async def require_restore_confirmed(connection: Connection) -> None:
    """Raise `RestoreNotConfirmed` where the log's epoch began in another cluster, or in another table than this one.

    Checked for each new connection before its first use, and not again while it is open.
    """
    if not await connection.fetchval(_IS_ORIGINAL):
        raise RestoreNotConfirmed


async def open_log_pool(dsn: str, *, size: int = 10) -> Pool:
    """Connections of the application's role to a service's log. Refused while a restore is not confirmed."""
    return await open_pool(dsn, size=size, first=require_restore_confirmed)


async def raise_epoch(dsn: str, at: datetime, *, above: int = 0) -> int:
    """Begin a new epoch, as the owner of the tables. Returns its number.

    Events appended from now on sort after those of older epochs, which may all be published. The lock waits for appends
    under way, which are of the older epoch, and new appends wait for the lock. If the same dump is restored twice, the
    second restore must not begin the same epoch as the first, and the dump holds neither. So the number is taken from
    the clock, and is greater than `above`, the greatest known to others (`epochs`), since the clock may have been set back.
    """
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute("lock table store_epoch in access exclusive mode")
            epoch: int = await connection.fetchval(
                _RAISE, max(above + 1, int((at - _EPOCHS_BEGIN).total_seconds()))
            )
    finally:
        await close(connection)
    return epoch


async def record_table(dsn: str) -> None:
    """For a migration: store in which table the epoch began, where so far only the cluster is stored."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(_RECORD_TABLE)
    finally:
        await close(connection)


_EPOCHS_BEGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
_CLUSTER = "(pg_control_system()).system_identifier"
_CLUSTER_AND_TABLE = f"{_CLUSTER} # 'public.events'::regclass::oid::bigint"
_IS_ORIGINAL = f"select cluster in ({_CLUSTER_AND_TABLE}, {_CLUSTER}) from store_epoch"
_LACKS = """
    select exists (
        select from unnest($1::text[], $2::bigint[], $3::int[]) as published (stream_id, version, epoch)
         where published.epoch >= (select epoch from store_epoch)
           and not exists (select from events e where e.stream_id = published.stream_id
                              and e.version = published.version and e.epoch = published.epoch))
"""
_RECORD_TABLE = f"update store_epoch set cluster = {_CLUSTER_AND_TABLE} where cluster = {_CLUSTER}"
_RAISE = f"""
    update store_epoch
       set epoch = greatest(epoch + 1, $1), cluster = {_CLUSTER_AND_TABLE}
    returning epoch
"""
