"""A log made before a stream could be voided learns it, while processes of the older release still append to it."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.domain.decider import Claim
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script, voiding_script
from store_writes import ends, put, write

pytestmark = pytest.mark.servers
CODE = Claim("outlet-code", "e1/DW001")

OLDER = """
    alter table streams drop column voided;
    drop index claims_of_stream;
    drop function append_command, append_commands, add_write, append_write, move_stream;
    create function append_command(uuid, text, text, bigint, text[], text[], text, text, boolean, text[], text[])
        returns integer language sql as 'select 1 / 0';
    create function append_commands(
        uuid[], text[], text[], bigint[], text[], text[], boolean[], integer[], text[], text[], integer[], text[], text[]
    ) returns integer language sql as 'select 1 / 0';
    create function add_write(text, bigint, text[], text[], text, text, boolean, text[], text[])
        returns void language sql as '';
    create function append_write(text, bigint, text[], text[], text, text, boolean, text[], text[])
        returns void language sql as '';
    create function move_stream(text, bigint, integer, text, boolean) returns integer language sql as 'select 0';
"""
"""What an older store lacks, and functions with the parameters of its own."""
_OLD_APPEND = "select * from append_command($1, 'f', $2, 0, '{x}', '{\"{}\"}', '{}', null, false, '{}', '{}')"


@pytest.fixture
async def pool(postgres_server: DatabaseServer) -> AsyncIterator[asyncpg.Pool]:
    async with asyncpg.create_pool(await postgres_server.fresh("older"), min_size=2, max_size=4) as pool:
        await pool.execute(create_script())
        await pool.execute(OLDER)
        role = await pool.fetchval("select current_user")
        for _ in range(2):
            await pool.execute(voiding_script(role))
        yield pool


async def test_an_older_store_learns_to_void(pool: asyncpg.Pool) -> None:
    store = PostgresStore(pool)
    await put(store, write("a", claims=(CODE,)))
    await put(store, ends("a", voids=True), write("b", claims=(CODE,)))
    assert await store.holder(CODE) == "b"


async def test_a_process_of_the_older_release_goes_on(pool: asyncpg.Pool) -> None:
    row = await pool.fetchrow(_OLD_APPEND, uuid4(), "a")
    assert tuple(row) == ("a", 1)
    assert await pool.fetchval("select voided from streams") is False


async def test_nobody_else_may_call_the_functions(pool: asyncpg.Pool) -> None:
    await pool.execute("do $$ begin create role qy_nobody; exception when duplicate_object then null; end $$")
    for name in (
        "append_command",
        "append_commands",
        "add_write",
        "append_write",
        "move_stream",
        "check_parent",
    ):
        allowed = (
            "select has_function_privilege('qy_nobody', p.oid, 'execute') from pg_proc p where proname = $1"
        )
        assert [row[0] for row in await pool.fetch(allowed, name)] == [False], name
