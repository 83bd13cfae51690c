"""A connection pool whose callers never wait without limit, neither for a connection nor for a server that hangs.

A server that is stopped or killed breaks its connections and refuses new ones. One that is frozen or cut off from the
network does neither, so each caller would wait until its own time-out. Therefore, while statements are running, the pool
tests the server with a new connection. If it does not respond, all waiting callers get an error at once, and so does
every new caller, until the server responds again.
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

ACQUIRE_SECONDS: Final = 5.0
RELEASE_SECONDS: Final = 1.0
CHECK_EVERY_SECONDS: Final = 1.0
RESPONSE_SECONDS: Final = 3.0

log = structlog.get_logger()


class DatabaseUnresponsive(RetryLater):
    """The database accepts no connection within its time-out, but does not refuse it either."""

    def __init__(self) -> None:
        super().__init__("the database does not answer")


class PatientPool(Pool):
    """Overrides methods of asyncpg's pool; raises `DatabaseUnresponsive` or TimeoutError instead of waiting."""

    _holders: list[Any]
    _connect_args: Any
    _connect_kwargs: dict[str, Any]
    _watching: asyncio.Task[None] | None = None
    _unresponsive = False

    async def open(self) -> None:
        await self
        self._watching = asyncio.create_task(self._watch())

    async def _acquire(self, timeout: float | None) -> Any:
        if self._unresponsive:
            raise DatabaseUnresponsive
        async with asyncio.timeout(ACQUIRE_SECONDS if timeout is None else timeout):
            return await super()._acquire(None)  # type: ignore[misc]

    async def release(self, connection: Any, *, timeout: float | None = None) -> None:
        """Never raises errors of the server: the caller may be handling another error, or be cancelled."""
        try:
            await super().release(connection, timeout=timeout or RELEASE_SECONDS)
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
        """Test the server while a connection is in use for longer than one interval."""
        before: set[Any] = set()
        while True:
            await asyncio.sleep(CHECK_EVERY_SECONDS)
            borrowed = {holder._in_use for holder in self._holders if holder._in_use}
            if before & borrowed and not await self._responds():
                await self._fail_until_it_responds()
            before = borrowed

    async def _fail_until_it_responds(self) -> None:
        log.warning("database.silent")
        self._unresponsive = True
        try:
            self._cut_connections()
            while not await self._responds():
                self._cut_connections()
                await asyncio.sleep(CHECK_EVERY_SECONDS / 4)
        finally:
            self._unresponsive = False

    def _cut_connections(self) -> None:
        """A statement on a cut connection raises at once."""
        for holder in self._holders:
            if holder._in_use:
                holder.terminate()

    async def _responds(self) -> bool:
        """Tested with a new connection. A refusal is a response, too: waiting callers get that error themselves."""
        arguments, options = self._connect_args, self._connect_kwargs
        try:
            connection = await asyncpg.connect(*arguments, **options | {"timeout": RESPONSE_SECONDS})
        except TimeoutError:
            return False
        except Exception as error:
            log.info("database.answers", error=type(error).__name__)
        else:
            connection.terminate()
        return True
