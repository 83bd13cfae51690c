"""An unavailable database is no defect of ours: the response says that the client may send the same command again."""

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from qingyuan_runtime.bus.port import PublishFailed, Unreachable
from qingyuan_runtime.edge import problems
from qingyuan_runtime.process.role_health import ROLE_HEALTH, acting_as
from qingyuan_runtime.process.unavailable import Backoff, is_unavailable
from qingyuan_runtime.publishing.restoring import RestoreNotConfirmed

LOST = [
    OSError("Multiple exceptions: [Errno 111] Connect call failed, [Errno 99] Cannot assign"),
    TimeoutError(),
    Unreachable("no broker"),
    PublishFailed("no leader"),
    RestoreNotConfirmed(),
    ExceptionGroup("", [TimeoutError(), ConnectionResetError()]),
    asyncpg.DeadlockDetectedError("deadlock"),
    asyncpg.OutOfMemoryError("out of memory"),
    asyncpg.TransactionTimeoutError("too long"),
    ConnectionRefusedError(111, "refused"),
    asyncpg.InterfaceError("connection is closed"),
    asyncpg.InternalClientError("another operation is in progress"),
    asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
    asyncpg.AdminShutdownError("terminating connection"),
    asyncpg.CannotConnectNowError("starting up"),
    asyncpg.TooManyConnectionsError("too many"),
]


async def response_to(error: Exception) -> httpx.Response:
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
    response = await response_to(error)
    assert (response.status_code, response.json()["code"]) == (503, "store.away")
    assert response.headers["retry-after"] == "2"


DEFECTS = [
    asyncpg.UndefinedTableError("no such table"),
    asyncpg.exceptions._base.DataError("value out of int64 range"),
    FileNotFoundError(2, "no such file", "/font"),
    ExceptionGroup("", [TimeoutError(), KeyError("x")]),
]


@pytest.mark.parametrize("error", DEFECTS, ids=lambda error: type(error).__name__)
async def test_a_mistake_stays_a_mistake(error: Exception) -> None:
    response = await response_to(error)
    assert (response.status_code, response.json()["code"]) == (500, "unexpected")
    assert not is_unavailable(error)


async def test_who_waits_is_seen_to_wait_and_only_for_servers() -> None:
    backoff = Backoff(first=0, longest=0)
    with acting_as("worker"):
        await backoff.after(ConnectionRefusedError(111, "refused"))
        assert "worker: ConnectionRefusedError: [Errno 111] refused" in str(ROLE_HEALTH)
        backoff._next = 1
        backoff.reset()
        assert "worker" not in ROLE_HEALTH.troubles
        with pytest.raises(KeyError):
            await backoff.after(KeyError("a mistake of ours"))


def test_pauses_grow_to_a_limit_far_below_ten_seconds() -> None:
    backoff = Backoff()
    pauses = [backoff.next_pause() for _ in range(6)]
    assert pauses == [0.25, 0.5, 1, 2, 2, 2]
