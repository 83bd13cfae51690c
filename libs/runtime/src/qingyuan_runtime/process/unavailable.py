"""The one list of errors that mean that a server is unavailable, and the one way of waiting for it.

The server may be stopped, starting, frozen, failing over, out of connections or out of reach. The request itself is not
wrong, so it is repeated. Waiting is reported in `ROLE_HEALTH`, so that a defect of ours that raises one of these errors
does not repeat unnoticed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from qingyuan_runtime.process.closing import is_cancelled
from qingyuan_runtime.process.role_health import ROLE_HEALTH, current_role, reason_of

FIRST_PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 2.0
"""Well below the ten seconds within which everything must work again once a server is back."""


class RetryLater(Exception):
    """Raised by our own code where it cannot go on at present, but can later, by itself or after an operator has acted."""


UNAVAILABLE: Final = (
    RetryLater,
    OSError,  # refused, reset, no route, no answer in time (TimeoutError), no broker (Unreachable)
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.TransactionTimeoutError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,  # what was the primary is a standby now
    asyncpg.PostgresIOError,
    asyncpg.ObjectNotInPrerequisiteStateError,  # a restore replaces the database, and it accepts no connections yet
    asyncpg.InvalidCatalogNameError,  # during a restore there may be no database of this name for a moment
)
"""For `except` clauses. Use `is_unavailable` as well, since some subclasses of these mean a defect of ours."""

_DEFECTS: Final = (
    ValueError,  # InterfaceErrors: a value that the server's type cannot hold, a wrong setting
    asyncpg.UnsupportedClientFeatureError,
    asyncpg.UnsupportedServerFeatureError,
    asyncpg.DatabaseDroppedError,
)


def is_unavailable(error: BaseException) -> bool:
    """Whether the error means that a server is unavailable at present, and not that our request is wrong."""
    if isinstance(error, BaseExceptionGroup):
        return all(is_unavailable(part) for part in error.exceptions)
    if isinstance(error, OSError) and error.filename is not None:
        return False  # about a local file, not a server
    return isinstance(error, UNAVAILABLE) and not isinstance(error, _DEFECTS)


@dataclass
class Backoff:
    """Waits for a server with growing pauses, up to a limit. `reset` after a success."""

    first: float = FIRST_PAUSE
    longest: float = LONGEST_PAUSE
    role: str = ""
    _next: float = 0.0

    async def after(self, error: BaseException) -> None:
        """Report why the role waits, and pause. Raises the error again if it does not mean that a server is unavailable.

        If the task is being cancelled, CancelledError is raised: the error may come from closing a connection meanwhile.
        """
        if is_cancelled():
            raise asyncio.CancelledError from error
        if not is_unavailable(error):
            raise error
        ROLE_HEALTH.degraded(self.role or current_role(), reason_of(error, with_words=True))
        await asyncio.sleep(self.next_pause())

    def next_pause(self) -> float:
        pause = max(self._next, self.first)
        self._next = min(pause * 2, self.longest)
        return pause

    def reset(self) -> None:
        """After a success: begin with the first pause again, and report the role as recovered."""
        if self._next:
            self._next = 0.0
            ROLE_HEALTH.recovered(self.role or current_role())


async def repeat(sweep: Callable[[], Awaitable[Any]], pause_seconds: float) -> None:
    """Sweep until cancelled, with a pause after each; while a server is unavailable, wait for it."""
    backoff = Backoff()
    while True:
        try:
            await sweep()
            backoff.reset()
            await asyncio.sleep(pause_seconds)
        except UNAVAILABLE as error:
            await backoff.after(error)
