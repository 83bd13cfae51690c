"""A session-level advisory lock. It takes no transaction id, so it may be held for long without delaying the relay."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.process.closing import quietly


@asynccontextmanager
async def alone(connection: Connection, lock: str, *arguments: Any) -> AsyncIterator[bool]:
    """Try to take the lock and hold it inside the block. Yields whether it was taken.

    `lock` is SQL for its number; where that gives no row there is nothing to lock. An error while unlocking never replaces
    the error that is being handled. It ends the session and so the lock, which otherwise would stay on a pooled connection.
    """
    number = await connection.fetchval(f"select {lock}", *arguments)
    if number is None or not await _try_lock(connection, number):
        yield False
        return
    try:
        yield True
    finally:
        await _unlock(connection, number)


async def _try_lock(connection: Connection, number: int) -> bool:
    """After an error or a cancellation it is not known whether the lock was taken, so the session is ended."""
    try:
        return bool(await connection.fetchval("select pg_try_advisory_lock($1)", number))
    except BaseException:
        connection.terminate()
        raise


async def _unlock(connection: Connection, number: int) -> None:
    unlocked = False

    async def unlock() -> None:
        nonlocal unlocked
        unlocked = await connection.fetchval("select pg_advisory_unlock($1)", number)

    try:
        await quietly(unlock())
    finally:
        if not unlocked:
            connection.terminate()
