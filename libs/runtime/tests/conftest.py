"""Fixtures of several test files."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from counting import Counting
from echoing import Echoing
from followers_of_a_log import Following
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.bus.memory import MemoryTopic
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.following.owners_log import OwnersLog
from qingyuan_runtime.following.rebuilding import ensure_live, session_of
from qingyuan_runtime.log.store import EventStore
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script
from reacting_in_memory import Reacting
from timers_on_log import TimersOnLog


@pytest.fixture
async def following(postgres_server: DatabaseServer) -> AsyncIterator[Following]:
    dsn, view_dsn = await postgres_server.fresh("log"), await postgres_server.fresh("view")
    await ensure_live(view_dsn, "counting", Counting.table)
    echoing = await Echoing.make(await postgres_server.fresh("echo"))
    view = await open_pool(view_dsn, session=session_of("counting"))
    owner = OwnersLog(dsn)
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as log:
        await log.execute(create_script())
        yield Following(dsn, log, view_dsn, view, echoing, owner, MemoryTopic(1), [])
        await owner.close()
    await view.close()
    await echoing.close()


@pytest.fixture
async def reacting(postgres_server: DatabaseServer) -> AsyncIterator[Reacting]:
    echoing = await Echoing.make(await postgres_server.fresh("echo"))
    yield Reacting(echoing)
    await echoing.close()


@pytest.fixture
async def timers_on_log(postgres_server: DatabaseServer) -> AsyncIterator[TimersOnLog]:
    made = await TimersOnLog.make(await postgres_server.fresh("timers"))
    yield made
    await made.close()


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.servers)])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[EventStore]:
    if request.param == "memory":
        yield MemoryStore()
        return
    server: DatabaseServer = request.getfixturevalue("postgres_server")
    async with asyncpg.create_pool(await server.fresh("store"), min_size=2, max_size=4) as pool:
        await pool.execute(create_script())
        yield PostgresStore(pool)
