"""A database that does not respond: waiting callers soon get an error, new ones at once, and later all works again."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database import pooling
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.database.pooling import DatabaseUnresponsive
from qingyuan_runtime.process.unavailable import is_unavailable

pytestmark = pytest.mark.servers


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """Freeze all processes of the server, as if the network was cut."""
    server = psutil.Process(pid)
    every = [server, *server.children(recursive=True)]
    try:
        for process in every:
            os.kill(process.pid, signal.SIGSTOP)
        yield
    finally:
        for process in every:
            os.kill(process.pid, signal.SIGCONT)


async def test_nobody_waits_for_a_silent_database(
    postgres_server: DatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    if postgres_server.server is None or postgres_server.server._process is None:
        pytest.skip("the server is not ours to freeze")
    monkeypatch.setattr(pooling, "CHECK_EVERY_SECONDS", 0.1)
    monkeypatch.setattr(pooling, "RESPONSE_SECONDS", 0.5)
    pool = await open_pool(await postgres_server.fresh("silent"), size=3)
    try:
        await pool.fetchval("select 1")
        with frozen(postgres_server.server._process.pid):
            began = time.monotonic()
            outcomes = await asyncio.gather(
                *(pool.fetchval("select 1") for _ in range(5)), _in_transaction(pool), return_exceptions=True
            )
            assert time.monotonic() - began < 10, "long before the statement's own time is over"
            assert all(isinstance(error, Exception) and is_unavailable(error) for error in outcomes), outcomes
            with pytest.raises(DatabaseUnresponsive):
                await pool.fetchval("select 1")
        async with asyncio.timeout(10):
            while True:
                try:
                    assert await pool.fetchval("select 1") == 1
                except DatabaseUnresponsive:
                    await asyncio.sleep(0.05)
                else:
                    break
    finally:
        await pool.close()


async def _in_transaction(pool: pooling.Pool) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("select 1")


async def test_a_slow_statement_is_not_cut_off(
    postgres_server: DatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pooling, "CHECK_EVERY_SECONDS", 0.05)
    pool = await open_pool(await postgres_server.fresh("slow"), size=2)
    try:
        assert await pool.fetchval("select 1 from pg_sleep(0.5)") == 1
    finally:
        await pool.close()
