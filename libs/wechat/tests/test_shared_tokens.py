"""Tokens on PostgreSQL: many processes ask at once, and one fetches; who dies while fetching leaves no lock."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_wechat.tokens import Fresh
from qingyuan_wechat.tokens_postgres import TokensInPostgres, tables
from wechat_serving import Fake, clock

pytestmark = pytest.mark.servers


@pytest.fixture
async def pools(postgres_server: DatabaseServer) -> AsyncIterator[list[Pool]]:
    """As many as there would be processes."""
    url = await postgres_server.fresh("wechat")
    pools = [await open_pool(url, size=2) for _ in range(4)]
    await pools[0].execute(tables())
    yield pools
    for pool in pools:
        await pool.close()


async def test_many_in_several_processes_at_once_fetch_one_token(fake: Fake, pools: list[Pool]) -> None:
    clients = [fake.client(TokensInPostgres(pool, clock)) for pool in pools]
    tokens = await asyncio.gather(*(client.token() for client in clients for _ in range(10)))
    assert (len(set(tokens)), len(fake.world.tokens)) == (1, 1)


async def test_many_whose_token_was_refused_fetch_one_new_token(fake: Fake, pools: list[Pool]) -> None:
    clients = [fake.client(TokensInPostgres(pool, clock)) for pool in pools]
    old = await clients[0].token()
    asked = (client.token(instead_of=old) for client in clients for _ in range(10))
    tokens = await asyncio.gather(*asked)
    assert (len(set(tokens)), len(fake.world.tokens)) == (1, 2)
    assert tokens[0] != old


async def test_a_token_is_replaced_before_it_expires(fake: Fake, pools: list[Pool]) -> None:
    old = await fake.client(TokensInPostgres(pools[0], clock)).token()
    later = TokensInPostgres(pools[1], lambda: clock() + timedelta(seconds=7200 - 299))
    fake.world.skew = 7200
    assert await fake.client(later).token() != old


async def test_who_fails_while_fetching_leaves_the_turn_to_the_next(pools: list[Pool]) -> None:
    began = asyncio.Event()

    async def never() -> Fresh:
        began.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def fetched() -> Fresh:
        return Fresh("t", timedelta(hours=2))

    dying = asyncio.create_task(TokensInPostgres(pools[0], clock).valid("k", never))
    await began.wait()
    waiting = asyncio.create_task(TokensInPostgres(pools[1], clock).valid("k", fetched))
    await pools[2].execute(
        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and database is not null"
    )
    assert await waiting == "t"
    dying.cancel()
    with pytest.raises((asyncio.CancelledError, asyncpg.PostgresError, asyncpg.InterfaceError)):
        await dying
