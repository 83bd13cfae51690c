"""Connections to PostgreSQL, in one shape for code that is handed a pooled one or a session of its own."""

from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

import asyncpg

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Connection = asyncpg.Connection
    Pool = asyncpg.Pool

First = Callable[[Connection], Coroutine[Any, Any, None]]


async def open_pool(
    dsn: str, *, size: int = 10, first: First | None = None, session: Mapping[str, str] | None = None
) -> Pool:
    """A pool that waits for nothing longer than 30 s; `session` are settings of each connection.

    Whoever borrows a connection changes its session by nothing but transactions: it is handed on as it is
    (an open transaction is still rolled back), which saves a round trip per use. `first` looks at each new
    connection and may raise.
    """
    settings = {"application_name": "qingyuan"} | dict(session or {})
    pool = await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        command_timeout=30,
        server_settings=settings,
        init=first,
        reset=_as_it_is,
    )
    assert pool is not None
    return pool


async def _as_it_is(_connection: object) -> None:
    return None
