"""After a dump is restored into a new cluster its transaction ids start again, so a new epoch must begin.

Until it has, what is appended would lie below what was published and never be seen. So nobody works on a
store away from home: connections are refused, and a person says `restored` once the dump is in place.
"""

import asyncpg

from qingyuan_runtime.away import Waiting
from qingyuan_runtime.database import Connection


class AwayFromHome(Waiting):
    """The store was restored into this cluster and nobody has said so yet."""

    def __init__(self) -> None:
        super().__init__("事件库已被恢复到另一个数据库集群：请先运行 qingyuan restored，再启动服务。")


async def require_home(connection: Connection) -> None:
    """Raise `AwayFromHome` where the store's epoch counts by another cluster's transaction ids.

    A dump restored anew is a new connection's matter: asked once for each of them, before its first use.
    """
    if not await connection.fetchval(_AT_HOME):
        raise AwayFromHome


async def raise_epoch(dsn: str) -> int:
    """Begin a new epoch at this cluster, as the store's owner, before anything is appended. Returns it.

    Events of elder epochs are below every horizon; those appended from now on order behind them.
    """
    connection = await asyncpg.connect(dsn)
    try:
        epoch: int = await connection.fetchval(_RAISE)
    finally:
        await connection.close()
    return epoch


_AT_HOME = "select cluster = (pg_control_system()).system_identifier from store_epoch"
_RAISE = """
    update store_epoch set epoch = epoch + 1, cluster = (pg_control_system()).system_identifier returning epoch
"""
