"""Connections to PostgreSQL. `Connection` is either a pooled one or one opened by `connect`."""

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

CheckConnection = Callable[[Connection], Coroutine[Any, Any, None]]


NAME: Final = "qingyuan"
CONNECT_SECONDS: Final = 3.0
STATEMENT_SECONDS: Final = 30.0
SILENCE_MILLISECONDS: Final = 20_000
"""After so long without any TCP acknowledgement the server is gone: a power cut does not close connections."""


async def open_pool(
    dsn: str,
    *,
    size: int = 10,
    first: CheckConnection | None = None,
    session: Mapping[str, str] | None = None,
    patience: float = STATEMENT_SECONDS,
) -> Pool:
    """A pool whose callers never wait without limit. It is closed when the role that opened it ends.

    `session` are settings of each connection; a single statement may take `patience` seconds. `first` is called with each
    new connection and may raise.

    A connection is not reset when it is returned, which saves a round trip. So callers must not change session settings
    outside of transactions. An open transaction is still rolled back.
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
        reset=_no_reset,
    )
    await pool.open()
    return close_at_the_end(pool)


def _first(check: CheckConnection | None) -> CheckConnection:
    async def first(connection: Connection) -> None:
        set_keepalive(connection)
        if check:
            await check(connection)

    return first


async def connect(dsn: str, *, patience: float | None = None, **settings: str) -> asyncpg.Connection:
    """A connection outside of any pool. A statement may take `patience` seconds, without limit by default."""
    connection = await asyncpg.connect(
        dsn,
        timeout=CONNECT_SECONDS,
        command_timeout=patience,
        server_settings={"application_name": NAME} | settings,
    )
    set_keepalive(connection)
    return connection


def set_keepalive(connection: Connection) -> None:
    """Let the kernel break the connection when the other machine is gone: only the kernel sees missing acknowledgements."""
    tcp = connection._transport.get_extra_info("socket")  # type: ignore[union-attr]
    if tcp is None or tcp.family == socket.AF_UNIX:
        return
    tcp.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPALIVE.items():
        if option := getattr(socket, name, None):
            tcp.setsockopt(socket.IPPROTO_TCP, option, value)


_KEEPALIVE: Final = {
    "TCP_KEEPIDLE": 5,
    "TCP_KEEPINTVL": 5,
    "TCP_KEEPCNT": 3,
    "TCP_USER_TIMEOUT": SILENCE_MILLISECONDS,
}


async def _no_reset(_connection: object) -> None:
    return None
