"""`alone`: errors inside are not replaced, and the lock is never held after the block."""

import asyncio
from typing import Any

import pytest
from counting import until
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Connection, open_pool
from qingyuan_runtime.database.locking import alone

WORK = "hashtext($1)::bigint"


class Session:
    """A connection whose unlocking succeeds or fails in the given way."""

    def __init__(self, way: str) -> None:
        self.way = way
        self.terminated = False

    async def fetchval(self, statement: str, *_arguments: Any) -> object:
        if "unlock" not in statement:
            return 1
        if self.way == "raises":
            raise ConnectionResetError("the server is gone")
        if self.way == "leaks":
            raise asyncio.CancelledError
        if self.way == "hangs":
            await asyncio.sleep(3600)
        return self.way == "well"

    def terminate(self) -> None:
        self.terminated = True


@pytest.mark.parametrize("way", ["well", "raises", "leaks", "hangs", "not ours"])
async def test_the_error_that_is_handled_stays(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qingyuan_runtime.process.closing.SECONDS", 0.05)
    session = Session(way)
    with pytest.raises(KeyError):
        async with alone(session, "1"):  # type: ignore[arg-type]
            raise KeyError("what really happened")
    assert session.terminated == (way != "well"), "a session that keeps the lock is not handed on"


async def test_our_own_cancellation_still_works() -> None:
    session, begun = Session("hangs"), asyncio.Event()

    async def work() -> None:
        async with alone(session, "1"):  # type: ignore[arg-type]
            begun.set()
            await asyncio.sleep(3600)

    task = asyncio.create_task(work())
    await begun.wait()
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert session.terminated


class AnsweredToNobody:
    """A pooled connection whose user is cancelled at the moment in which the lock was taken."""

    def __init__(self, borrowed: Connection) -> None:
        self._borrowed = borrowed

    async def fetchval(self, statement: str, *arguments: Any) -> object:
        answer: object = await self._borrowed.fetchval(statement, *arguments)
        if "try_advisory_lock" in statement:
            assert answer is True
            raise asyncio.CancelledError
        return answer

    def terminate(self) -> None:
        self._borrowed.terminate()


@pytest.mark.servers
async def test_who_is_cancelled_while_asking_leaves_no_lock_on_a_pooled_connection(
    postgres_server: DatabaseServer,
) -> None:
    pool = await open_pool(await postgres_server.fresh("locks"), size=2)
    with pytest.raises(asyncio.CancelledError):
        async with pool.acquire() as mine, alone(AnsweredToNobody(mine), WORK, "a"):  # type: ignore[arg-type]
            raise AssertionError("nobody works")

    async def is_nobodys() -> bool:
        return await pool.fetchval(_HELD) == 0  # a session that was cut off ends when its server notices

    await until(is_nobodys)
    await pool.close()


_HELD = """
    select count(*) from pg_locks
     where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
"""


@pytest.mark.servers
async def test_one_at_a_time_and_the_next_one_after_it(postgres_server: DatabaseServer) -> None:
    pool = await open_pool(await postgres_server.fresh("locks"), size=2)
    async with pool.acquire() as first, pool.acquire() as second:
        for _ in range(2):
            async with alone(first, WORK, "a") as mine, alone(second, WORK, "a") as theirs:
                assert (mine, theirs) == (True, False)
            async with alone(second, WORK, "a") as theirs:
                assert theirs
        async with alone(first, "1::bigint where false") as nothing:
            assert not nothing
    await pool.close()
