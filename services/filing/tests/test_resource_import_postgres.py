"""A workbook of people on real PostgreSQL: a try that is broken off is finished by the next one, and nobody is there twice."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from conforming import Conforming
from fastapi import FastAPI
from filing.http import build_app
from filing.importing import decoding, taking_over
from filing.importing.layout import WORKBOOK
from filing.shared.contracts import MemoryContracts
from filing.shared.imports import PostgresImports
from filing.shared.repository import Repository
from filing_calls import KEY, NOW, Person, manager, refusal
from filing_samples import OPERATOR
from filing_workbooks import named, people
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.edge.http import always_ready
from qingyuan_runtime.importing import reading as engine
from qingyuan_runtime.importing.reading import Reading
from qingyuan_runtime.log import privacy
from qingyuan_runtime.log.handling import Busy
from qingyuan_runtime.log.privacy import PostgresKeys
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script
from test_resource_import import outcomes, sent, taken

pytestmark = pytest.mark.servers
PEOPLE = 3 * taking_over.AT_ONCE
BEFORE_IT_BREAKS = taking_over.AT_ONCE + 5


@pytest.fixture
async def dsn(postgres_server: DatabaseServer) -> str:
    return await postgres_server.fresh("filing")


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator[Pool]:
    async with await open_pool(dsn, size=4) as pool:
        await pool.execute(create_script())
        yield pool


@pytest.fixture
async def app(postgres_server: DatabaseServer, dsn: str, pool: Pool) -> AsyncIterator[FastAPI]:
    async with await open_pool(await postgres_server.fresh("keys"), size=3) as keys:
        await keys.execute(privacy.create_script())
        stored = Repository(
            PostgresStore(pool),
            PostgresKeys(keys, b"k" * 32),
            lambda: NOW,
            KEY,
            MemoryContracts(),
            PostgresImports(dsn),
        )
        yield build_app(stored, trusted=KEY, ready=always_ready)


@pytest.fixture
async def clerk(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Person]:
    async def reading(content: bytes) -> Reading:
        return engine.read(content, WORKBOOK)

    monkeypatch.setattr(decoding, "reading", reading)
    async with httpx.AsyncClient(transport=Conforming(app), base_url="http://filing") as http:
        clerk = manager(http)
        await clerk.does("/filing")
        yield clerk


def break_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store has too much to do after some of the rows."""
    add, left = taking_over.handlers.add, iter(range(BEFORE_IT_BREAKS))

    async def added(*given: Any, **named: Any) -> Any:
        if next(left, None) is None:
            raise Busy("resource")
        return await add(*given, **named)

    monkeypatch.setattr(taking_over.handlers, "add", added)


async def count(pool: Pool) -> int:
    found: int = await pool.fetchval("select count(*) from streams where stream_id like 'resource-%'")
    return found


async def test_a_try_that_is_broken_off_is_finished_by_the_next_one(
    pool: Pool, clerk: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = people(*(named(f"王{number}", f"A{number}") for number in range(PEOPLE)))
    with monkeypatch.context() as patched:
        break_off(patched)
        assert (await sent(clerk, "/imports", content, "one-import")).status_code == 503
    assert await count(pool) == BEFORE_IT_BREAKS
    assert outcomes(await taken(clerk, content, "one-import")) == ["added"] * PEOPLE
    assert outcomes(await taken(clerk, content)) == ["there"] * PEOPLE
    assert await count(pool) == PEOPLE
    names = (await clerk.get(f"/filings/{OPERATOR}/names")).json()["items"]
    assert {name["name"] for name in names} == {f"王{number}" for number in range(PEOPLE)}


async def test_the_same_workbook_twice_at_once_doubles_nobody(pool: Pool, clerk: Person) -> None:
    """Without a certificate nobody holds a number by which the store tells one person from another."""
    content = people(*(named(f"王{number}") for number in range(PEOPLE)))
    answers = await asyncio.gather(*(sent(clerk, "/imports", content) for _ in range(2)))
    (refused,) = (answer for answer in answers if answer.status_code != 200)
    assert refusal(refused) == (409, "import.running", [])
    assert await count(pool) == PEOPLE
    assert outcomes(await taken(clerk, content)) == ["there"] * PEOPLE
