"""Connections to PostgreSQL, in one shape for code that is handed a pooled one or a session of its own."""

import socket
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, Final

import asyncpg

from qingyuan_runtime.database.pooling import PatientPool
from qingyuan_runtime.process.closing import close_at_the_end

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Connection = asyncpg.Connection
    Pool = asyncpg.Pool

First = Callable[[Connection], Coroutine[Any, Any, None]]


NAME: Final = "qingyuan"
CONNECT_SECONDS: Final = 3.0
STATEMENT_SECONDS: Final = 30.0
SILENCE_MILLISECONDS: Final = 20_000
"""A server that says nothing, not even on the line, for so long is gone: a power cut sends no farewell."""


async def open_pool(
    dsn: str,
    *,
    size: int = 10,
    first: First | None = None,
    session: Mapping[str, str] | None = None,
    patience: float = STATEMENT_SECONDS,
) -> Pool:
    """A pool that waits for nothing for ever, and is closed with the role that opened it.

    `session` are settings of each connection; a single statement may take `patience` seconds.

    Whoever borrows a connection changes its session by nothing but transactions: it is handed on as it is
    (an open transaction is still rolled back), which saves a round trip per use. `first` looks at each new
    connection and may raise.
    """
    settings = {"application_name": NAME} | dict(session or {})
    pool = PatientPool(
        dsn,
        min_size=1,
        max_size=size,
        max_queries=50_000,
        max_inactive_connection_lifetime=300,
        loop=None,
        connection_class=asyncpg.Connection,
        record_class=asyncpg.Record,
        timeout=CONNECT_SECONDS,
        command_timeout=patience,
        server_settings=settings,
        init=_first(first),
        reset=_as_it_is,
    )
    await pool.open()
    return close_at_the_end(pool)


def _first(then: First | None) -> First:
    async def first(connection: Connection) -> None:
        notice_silence(connection)
        if then:
            await then(connection)

    return first


async def connect(dsn: str, *, patience: float | None = None, **settings: str) -> asyncpg.Connection:
    """A session of its own. A statement may take `patience` seconds, or as long as the server lives."""
    connection = await asyncpg.connect(
        dsn,
        timeout=CONNECT_SECONDS,
        command_timeout=patience,
        server_settings={"application_name": NAME} | settings,
    )
    notice_silence(connection)
    return connection


def notice_silence(connection: Connection) -> None:
    """Let the kernel say that the other machine is gone; only it sees that nothing is acknowledged."""
    line = connection._transport.get_extra_info("socket")  # type: ignore[union-attr]
    if line is None or line.family == socket.AF_UNIX:
        return
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _SILENCE.items():
        if option := getattr(socket, name, None):
            line.setsockopt(socket.IPPROTO_TCP, option, value)


_SILENCE: Final = {
    "TCP_KEEPIDLE": 5,
    "TCP_KEEPINTVL": 5,
    "TCP_KEEPCNT": 3,
    "TCP_USER_TIMEOUT": SILENCE_MILLISECONDS,
}


async def _as_it_is(_connection: object) -> None:
    return None
