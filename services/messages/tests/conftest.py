"""The tables of messages in a fresh database, and people who ask over HTTP."""

import asyncio
import time
from collections.abc import AsyncIterator

import httpx
import pytest
from conforming import Conforming
from message_facts import As, Clock
from messages.http import build_app
from messages.main import SERVICE
from messages.settings import MessagesSettings
from messages.streaming import Hub
from qingyuan_events import Actor
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.edge.http import always_ready
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer
from sending_office import Office

KEY = EveryIssuer()


@pytest.fixture
async def dsn(postgres_server: DatabaseServer) -> str:
    url = await postgres_server.fresh("messages")
    settings = MessagesSettings(database_url=url, migration_database_url=url)
    await asyncio.to_thread(SERVICE.migrate, settings)
    return url


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator[Pool]:
    pool = await open_pool(dsn, size=4)
    yield pool
    await pool.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(pool: Pool, clock: Clock) -> Office:
    return Office(pool, clock)


@pytest.fixture
def as_(pool: Pool, clock: Clock) -> As:
    """A client for each person."""
    app = build_app(pool, Hub(5), trusted=KEY, ready=always_ready, clock=clock)
    transport = Conforming(app)

    def client(actor: Actor) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {issue(actor, KEY, now=time.time())}"}
        return httpx.AsyncClient(transport=transport, base_url="http://messages", headers=headers)

    return client
