"""A pool of connections in which nobody waits for ever: not for a connection, not for a server that has fallen silent.

A server that is stopped or killed says so: connections break, new ones are refused. One that is frozen, or behind a
broken line, says nothing, and each of its connections would be waited for by itself until its time is over. So while
anything is waited for, the server is asked; if it does not answer, all who wait are told at once, and whoever comes
is told at once, until it answers again.
"""

import asyncio
from typing import TYPE_CHECKING, Any, Final

import asyncpg
import structlog

from qingyuan_runtime.process.unavailable import RetryLater

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Pool = asyncpg.Pool

BORROW_SECONDS: Final = 5.0
GIVE_BACK_SECONDS: Final = 1.0
LOOK_EVERY_SECONDS: Final = 1.0
ANSWER_SECONDS: Final = 3.0

log = structlog.get_logger()


class Silent(RetryLater):
    """The database does not answer."""

    def __init__(self) -> None:
        super().__init__("the database does not answer")


class PatientPool(Pool):
    """The pool's own names, as asyncpg has them; `Silent` or TimeoutError instead of waiting."""

    _holders: list[Any]
    _connect_args: Any
    _connect_kwargs: dict[str, Any]
    _watching: asyncio.Task[None] | None = None
    _is_silent = False

    async def open(self) -> None:
        await self
        self._watching = asyncio.create_task(self._watch())

    async def _acquire(self, timeout: float | None) -> Any:
        if self._is_silent:
            raise Silent
        async with asyncio.timeout(BORROW_SECONDS if timeout is None else timeout):
            return await super()._acquire(None)  # type: ignore[misc]

    async def release(self, connection: Any, *, timeout: float | None = None) -> None:
        """Never raises what is the server's fault: whoever gives back may be handling an error, or be cancelled."""
        try:
            await super().release(connection, timeout=timeout or GIVE_BACK_SECONDS)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            log.info("connection.cut_off", error=type(error).__name__)

    async def close(self) -> None:
        self._end_watching()
        await super().close()

    def terminate(self) -> None:
        self._end_watching()
        super().terminate()

    def _end_watching(self) -> None:
        if self._watching:
            self._watching.cancel()

    async def _watch(self) -> None:
        """Whoever still waits at the second look makes the server be asked."""
        before: set[Any] = set()
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            borrowed = {holder._in_use for holder in self._holders if holder._in_use}
            if before & borrowed and not await self._answers():
                await self._tell_all_until_it_answers()
            before = borrowed

    async def _tell_all_until_it_answers(self) -> None:
        log.warning("database.silent")
        self._is_silent = True
        try:
            self._tell_all()
            while not await self._answers():
                self._tell_all()
                await asyncio.sleep(LOOK_EVERY_SECONDS / 4)
        finally:
            self._is_silent = False

    def _tell_all(self) -> None:
        """What a cut connection was asked raises at once."""
        for holder in self._holders:
            if holder._in_use:
                holder.terminate()

    async def _answers(self) -> bool:
        """By a new connection; a refusal is an answer, and everybody who waits hears it himself."""
        arguments, known = self._connect_args, self._connect_kwargs
        try:
            connection = await asyncpg.connect(*arguments, **known | {"timeout": ANSWER_SECONDS})
        except TimeoutError:
            return False
        except Exception as error:
            log.info("database.answers", error=type(error).__name__)
        else:
            connection.terminate()
        return True
