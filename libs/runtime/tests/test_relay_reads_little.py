"""The relay's regular queries cost the same for a log of any length, since they read from its cursor."""

import json

import asyncpg
import pytest
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.publishing.horizon import MEASURE
from qingyuan_runtime.publishing.relay import NEXT

pytestmark = pytest.mark.servers
FACTS, FEW_BLOCKS = 20_000, 60
FILL = f"""
    insert into streams select 'filled-' || n, 10, 1, pg_current_xact_id(), null, false from generate_series(1, {FACTS // 10}) n;
    insert into events (stream_id, version, type, data, meta, epoch)
    select 'filled-' || n, v, 'x', '{{}}', '{{}}', 1 from generate_series(1, {FACTS // 10}) n, generate_series(1, 10) v;
    insert into relay_cursor (shards, shard, epoch, xid, pos)
    select 1, 0, epoch, xid, pos from events order by epoch desc, xid desc, pos desc limit 1;
    analyze
"""
CASES = [("watched", MEASURE, "1, 0"), ("next", NEXT, f"1, '{{last}}', {FACTS}, 1, 0, 500")]


@pytest.mark.parametrize(("name", "sql", "arguments"), CASES, ids=[name for name, *_ in CASES])
async def test_the_query_reads_few_blocks_at_the_end_of_a_long_log(
    postgres_server: DatabaseServer, name: str, sql: str, arguments: str
) -> None:
    connection = await asyncpg.connect(await postgres_server.fresh("long"))
    await connection.execute(create_script())
    await connection.execute(FILL)
    await connection.execute("set plan_cache_mode = force_generic_plan")
    await connection.execute(f"prepare measured as {sql}")
    last = await connection.fetchval("select max(xid)::text from events")
    query = f"execute measured({arguments.format(last=last)})"
    (found,) = json.loads(await connection.fetchval(f"explain (analyze, buffers, format json) {query}"))
    assert found["Plan"]["Shared Hit Blocks"] + found["Plan"]["Shared Read Blocks"] < FEW_BLOCKS, name
    await connection.close()
