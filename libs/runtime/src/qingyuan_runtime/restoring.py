"""After a dump is restored into a new cluster: its transaction ids start again, so a new epoch begins."""

import asyncpg


async def raise_epoch(dsn: str) -> int:
    """Begin a new epoch, as the owner, before anything is appended. Returns it.

    Events of elder epochs are below every horizon; those appended from now on order behind them.
    """
    connection = await asyncpg.connect(dsn)
    try:
        epoch: int = await connection.fetchval("update store_epoch set epoch = epoch + 1 returning epoch")
    finally:
        await connection.close()
    return epoch
