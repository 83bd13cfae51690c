"""A lock of the database's session, which takes no transaction id: whoever holds it works alone, however long."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.process.closing import quietly


@asynccontextmanager
async def alone(connection: Connection, lock: str, *arguments: Any) -> AsyncIterator[bool]:
    """Whether the lock is ours; it is held inside. `lock` is SQL for its number, and no row means: nothing to lock.

    Letting go never takes the place of an error that is being handled. Where it fails the session ends, and the lock
    with it: a pooled connection would carry it on to whoever borrows it next.
    """
    number = await connection.fetchval(f"select {lock}", *arguments)
    if number is None or not await _is_given(connection, number):
        yield False
        return
    try:
        yield True
    finally:
        await _let_go(connection, number)


async def _is_given(connection: Connection, number: int) -> bool:
    """Who is cancelled, or hears of an error, does not know whether it was given: the session ends."""
    try:
        return bool(await connection.fetchval("select pg_try_advisory_lock($1)", number))
    except BaseException:
        connection.terminate()
        raise


async def _let_go(connection: Connection, number: int) -> None:
    free = False

    async def unlock() -> None:
        nonlocal free
        free = await connection.fetchval("select pg_advisory_unlock($1)", number)

    try:
        await quietly(unlock())
    finally:
        if not free:
            connection.terminate()
