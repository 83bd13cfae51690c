"""Measures how far behind the relay is, and names the transaction that holds it back.

The relay publishes nothing beyond `pg_snapshot_xmin`, which is that of the whole PostgreSQL cluster: a writing
transaction that stays open in any database holds back every event after it. An operator who knows it can end it.
"""

import asyncio
from typing import Final

import asyncpg

from qingyuan_runtime.database.connections import connect
from qingyuan_runtime.process import metrics
from qingyuan_runtime.process.role_health import ROLE_HEALTH, current_role

WATCH_EVERY: Final = 1.0
STATEMENT_SECONDS: Final = 10.0
HORIZON_ALARM_SECONDS: Final = 30.0

# The cursor is read by scalar subqueries. With a join PostgreSQL would not use it as a bound of the index, and each
# measurement would read the whole log.
MEASURE = """
    with cursor as (select * from relay_cursor where shards = $1 and shard = $2),
    waiting as (
        select recorded_at from events e
         where (e.epoch, e.xid, e.pos)
                 > ((select epoch from cursor), (select xid from cursor), (select pos from cursor))
           and ($1 = 1 or mod(abs(hashtextextended(e.stream_id, 1) % 1000003), $1) = $2)
         order by e.epoch, e.xid, e.pos limit 1
    )
    select coalesce(extract(epoch from clock_timestamp() - (select recorded_at from waiting)), 0)::float as lag,
           coalesce(max(extract(epoch from clock_timestamp() - xact_start)) filter (where backend_xid is not null), 0)::float
               as horizon,
           coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::float as oldest
      from (
        select backend_xid, xact_start from pg_stat_activity where pid <> pg_backend_pid()
         union all select transaction, prepared from pg_prepared_xacts
      ) as open
"""
OLDEST_WRITER = """
    select 'pid ' || pid || ', ' || coalesce(nullif(application_name, ''), '?') || ', user ' || coalesce(usename, '?')
           || ', database ' || coalesce(datname, '?') || ', ' || coalesce(state, '?')
           || ', for ' || round(extract(epoch from clock_timestamp() - xact_start)) || ' s' as name, xact_start as since
      from pg_stat_activity where backend_xid is not null and pid <> pg_backend_pid()
     union all
    select 'prepared ' || gid || ', user ' || owner || ', database ' || database
           || ', for ' || round(extract(epoch from clock_timestamp() - prepared)) || ' s', prepared
      from pg_prepared_xacts
     order by since limit 1
"""


class HorizonWatch:
    """Watches one shard's relay over a connection of its own. Run it under its own supervision."""

    def __init__(self, dsn: str, shard: int, shards: int, alarm: float) -> None:
        self._dsn = dsn
        self._shard = shards, shard
        self._alarm = alarm

    async def run(self) -> None:
        connection = await connect(self._dsn, patience=STATEMENT_SECONDS, application_name="relay watch")
        try:
            while True:
                await self._measure(connection)
                await asyncio.sleep(WATCH_EVERY)
        finally:
            connection.terminate()

    async def _measure(self, connection: asyncpg.Connection) -> None:
        seconds = await connection.fetchrow(MEASURE, *self._shard)
        assert seconds is not None
        metrics.relay_lag_seconds.set(seconds["lag"])
        metrics.relay_horizon_age_seconds.set(seconds["horizon"])
        metrics.relay_oldest_transaction_seconds.set(seconds["oldest"])
        if seconds["horizon"] > self._alarm:
            transaction = await connection.fetchval(OLDEST_WRITER)
            reason = f"an open transaction holds back what is published: {transaction}"
            ROLE_HEALTH.degraded(current_role(), reason, of="horizon")
        else:
            ROLE_HEALTH.recovered(current_role(), of="horizon")
