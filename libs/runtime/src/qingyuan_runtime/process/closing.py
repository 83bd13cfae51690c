"""Closing what was opened, so that it never matters more than what is being done.

A client that closes while its server is away may raise, hang, or let the cancellation of a task of its own escape
(aiokafka's `stop` does). Raised in a `finally`, that would take the place of the error which is being handled.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar
from weakref import WeakSet

import structlog

SECONDS = 5.0
BELONGINGS_SECONDS = 3.0

log = structlog.get_logger()


class Closable(Protocol):
    async def close(self) -> None: ...


T = TypeVar("T", bound=Closable)


@asynccontextmanager
async def opened(opening: Awaitable[T]) -> AsyncIterator[T]:
    """What `opening` gives, closed quietly at the end."""
    thing = await opening
    try:
        yield thing
    finally:
        await close(thing)


_belongings: ContextVar["WeakSet[Any] | None"] = ContextVar("belongings", default=None)


@asynccontextmanager
async def closed_at_the_end() -> AsyncIterator[None]:
    """What is opened inside and said to belong to it (`belongs`) is closed at the end, if it still is open.

    So a role that is started again does not leave connections of its former run behind.
    """
    mine: WeakSet[Any] = WeakSet()
    token = _belongings.set(mine)
    try:
        yield
    finally:
        _belongings.reset(token)
        await asyncio.gather(*(close(thing, within=BELONGINGS_SECONDS) for thing in list(mine)))


def close_at_the_end(thing: T) -> T:
    """To whatever runs here; where nothing does, whoever opened it closes it."""
    if (mine := _belongings.get()) is not None:
        mine.add(thing)
    return thing


async def close(thing: Closable, *, within: float | None = None) -> None:
    """Close it. Raises nothing but the cancellation of the caller, and takes no longer than `within` seconds (5)."""
    await quietly(thing.close(), within=within)
    if terminate := getattr(thing, "terminate", None):
        terminate()  # asyncpg: what would not close is cut off; on what is closed it does nothing


async def quietly(work: Awaitable[Any], *, within: float | None = None) -> None:
    """Do the last thing that is done with a client, in a task of its own, and only log what goes wrong."""
    task = asyncio.ensure_future(work)
    task.add_done_callback(_look)
    try:
        await asyncio.wait([task], timeout=SECONDS if within is None else within)
    finally:
        task.cancel()


def is_asked_for() -> bool:
    """Whether somebody has cancelled this task, and a CancelledError is not only one that escaped from elsewhere."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _look(task: "asyncio.Future[Any]") -> None:
    if task.cancelled():
        log.debug("closing.cut_short")
    elif error := task.exception():
        log.info("closing.failed", error=type(error).__name__)
