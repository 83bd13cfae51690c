"""After a dump is restored a new epoch must begin: in another cluster transaction ids start again, and in the same one
the topics still tell what was appended after the dump.

Until it has, what is appended would lie below what was published and never be seen, or be taken for what was lost. So
nobody works on a store away from home: connections are refused, and a person says `restored` once the dump is in
place. Home is this cluster and this very table: one that was restored is another table, also in the same cluster.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

import asyncpg

from qingyuan_runtime.database.connections import Connection, Pool, open_pool
from qingyuan_runtime.following.lost_facts import Published
from qingyuan_runtime.process.closing import close
from qingyuan_runtime.process.unavailable import RetryLater


class AwayFromHome(RetryLater):
    """The store was restored and nobody has said so yet."""

    def __init__(self) -> None:
        super().__init__("事件库是由备份恢复的：请先运行 qingyuan restored，再启动服务。")


class PutBack(RetryLater):
    """The topic has heard in this very epoch what is not in the log."""

    def __init__(self) -> None:
        super().__init__(
            "Kafka 主题里有事件库没有的记录：数据文件夹可能是用快照或复制件放回的。请运行 qingyuan restored。"
        )


async def require_told(connection: Connection, told: Iterable[Published]) -> None:
    """Raise `PutBack` where the log does not hold what was told of it in its present epoch.

    A snapshot of the machine or a copy of the data folder that is put back is at home: the same cluster, the same
    table. What it lacks the topic has, and what is appended now would be told under the same numbers.
    """
    columns = [list(column) for column in zip(*told, strict=True)] or [[], [], []]
    if await connection.fetchval(_LACKS, *columns):
        raise PutBack


async def require_home(connection: Connection) -> None:
    """Raise `AwayFromHome` where the store's epoch began in another cluster or in a table that a dump was made of.

    A dump restored anew is a new connection's matter: asked once for each of them, before its first use.
    """
    if not await connection.fetchval(_AT_HOME):
        raise AwayFromHome


async def open_log_pool(dsn: str, *, size: int = 10) -> Pool:
    """Connections of the application's role to a service's log, refused where the store is away from home."""
    return await open_pool(dsn, size=size, first=require_home)


async def raise_epoch(dsn: str, at: datetime, *, above: int = 0) -> int:
    """Begin a new epoch here, as the store's owner. Returns it.

    Events of elder epochs are below every horizon; those appended from now on order behind them. So it waits for
    appends under way, which are of the elder epoch, and they for it. Of two restores of one dump the second must not
    begin the same epoch again, and the dump knows nothing of the first: the number is taken from the clock, and lies
    `above` all that others know of (`epochs`), since a clock may have been set back.
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


async def settle(dsn: str) -> None:
    """For a migration: a store that was made here, or before tables were told apart, is at home in its table."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(_SETTLE)
    finally:
        await close(connection)


_EPOCHS_BEGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
_CLUSTER = "(pg_control_system()).system_identifier"
_HOME = f"{_CLUSTER} # 'public.events'::regclass::oid::bigint"
_AT_HOME = f"select cluster in ({_HOME}, {_CLUSTER}) from store_epoch"
_LACKS = """
    select exists (
        select from unnest($1::text[], $2::bigint[], $3::int[]) as told (stream_id, version, epoch)
         where told.epoch >= (select epoch from store_epoch)
           and not exists (select from events e where e.stream_id = told.stream_id
                              and e.version = told.version and e.epoch = told.epoch))
"""
_SETTLE = f"update store_epoch set cluster = {_HOME} where cluster = {_CLUSTER}"
_RAISE = f"""
    update store_epoch
       set epoch = greatest(epoch + 1, $1), cluster = {_HOME}
    returning epoch
"""
