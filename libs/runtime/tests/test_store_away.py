"""A database out of reach is not a mistake of ours: the answer says that the same command may come again."""

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from qingyuan_runtime import problems

LOST = [
    ConnectionRefusedError(111, "refused"),
    asyncpg.InterfaceError("connection is closed"),
    asyncpg.InternalClientError("another operation is in progress"),
    asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
    asyncpg.AdminShutdownError("terminating connection"),
    asyncpg.CannotConnectNowError("starting up"),
    asyncpg.TooManyConnectionsError("too many"),
]


async def answer(error: Exception) -> httpx.Response:
    app = FastAPI()
    problems.install(app)

    @app.get("/")
    async def failing() -> None:
        raise error

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
        return await http.get("/")


@pytest.mark.parametrize("error", LOST, ids=lambda error: type(error).__name__)
async def test_away_means_come_again(error: Exception) -> None:
    found = await answer(error)
    assert (found.status_code, found.json()["code"]) == (503, "store.away")
    assert found.headers["retry-after"] == "2"


async def test_a_mistake_stays_a_mistake() -> None:
    found = await answer(asyncpg.UndefinedTableError("no such table"))
    assert (found.status_code, found.json()["code"]) == (500, "unexpected")
