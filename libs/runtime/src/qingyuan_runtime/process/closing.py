"""Closes clients without letting errors of closing hide the error that is being handled.

Closing a client while its server is unavailable may raise, hang, or raise the cancellation of one of its own tasks
(aiokafka's `stop` does). Raised in a `finally`, that would replace the original error.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar
from weakref import WeakSet

import structlog

SECONDS = 5.0
ROLE_END_SECONDS = 3.0

log = structlog.get_logger()


class Closable(Protocol):
    async def close(self) -> None: ...


T = TypeVar("T", bound=Closable)


@asynccontextmanager
async def opened(opening: Awaitable[T]) -> AsyncIterator[T]:
    """The result of `opening`, closed quietly at the end."""
    client = await opening
    try:
        yield client
    finally:
        await close(client)


_clients: ContextVar["WeakSet[Any] | None"] = ContextVar("clients", default=None)


@asynccontextmanager
async def closed_at_the_end() -> AsyncIterator[None]:
    """Clients that were registered inside by `close_at_the_end` are closed at the end, if they are still open.

    So a role that is started again leaves no connections of its former run open.
    """
    clients: WeakSet[Any] = WeakSet()
    token = _clients.set(clients)
    try:
        yield
    finally:
        _clients.reset(token)
        await asyncio.gather(*(close(client, within=ROLE_END_SECONDS) for client in list(clients)))


def close_at_the_end(client: T) -> T:
    """Let `closed_at_the_end` close the client with the present role. Outside of a role its opener must close it."""
    if (clients := _clients.get()) is not None:
        clients.add(client)
    return client


async def close(client: Closable, *, within: float | None = None) -> None:
    """Close it. Raises only the cancellation of the caller, and takes no longer than `within` seconds (5)."""
    await quietly(client.close(), within=within)
    if terminate := getattr(client, "terminate", None):
        terminate()  # asyncpg: cuts connections that could not be closed, and does nothing to closed ones


async def quietly(work: Awaitable[Any], *, within: float | None = None) -> None:
    """Do the last work with a client in a task of its own, and only log its errors."""
    task = asyncio.ensure_future(work)
    task.add_done_callback(_log_failure)
    try:
        await asyncio.wait([task], timeout=SECONDS if within is None else within)
    finally:
        task.cancel()


def is_cancelled() -> bool:
    """Whether this task was really cancelled. A CancelledError may also come from a task inside a library."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _log_failure(task: "asyncio.Future[Any]") -> None:
    if task.cancelled():
        log.debug("closing.cut_short")
    elif error := task.exception():
        log.info("closing.failed", error=type(error).__name__)
