"""A server is away: the one list of errors that mean it, and the one way of waiting for it.

Stopped, starting, frozen, killed, failing over, out of connections, out of reach: nothing is wrong with what was asked,
so it is asked again. Whoever waits is seen to wait (`standing`): also a mistake of ours that looks like these
errors then never repeats itself in silence.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

import asyncpg

from qingyuan_runtime.process.closing import is_asked_for
from qingyuan_runtime.process.role_health import ROLE_HEALTH, current_role, reason_of

FIRST_PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 2.0
"""Far below the ten seconds within which everything works again once a server is back."""


class RetryLater(Exception):
    """Raised by code of ours that cannot go on just now, and can by itself or by a person's hand later."""


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
    asyncpg.ObjectNotInPrerequisiteStateError,  # the database takes no connections while another is put in its place
    asyncpg.InvalidCatalogNameError,  # and for a moment there is none of its name
)
"""Candidates: `is_away` has the last word, since some of these have subclasses that mean a mistake of ours."""

_OURS: Final = (
    ValueError,  # InterfaceErrors: a value that the server's type cannot hold, a wrong setting
    asyncpg.UnsupportedClientFeatureError,
    asyncpg.UnsupportedServerFeatureError,
    asyncpg.DatabaseDroppedError,
)


def is_unavailable(error: BaseException) -> bool:
    """Whether this says that a server cannot be worked with just now, and not that what we do is wrong."""
    if isinstance(error, BaseExceptionGroup):
        return all(is_unavailable(part) for part in error.exceptions)
    if isinstance(error, OSError) and error.filename is not None:
        return False  # a file of this machine, not a server
    return isinstance(error, UNAVAILABLE) and not isinstance(error, _OURS)


@dataclass
class Backoff:
    """Waiting for a server: each pause longer than the one before it, up to a limit; anew after a success."""

    first: float = FIRST_PAUSE
    longest: float = LONGEST_PAUSE
    role: str = ""
    _next: float = 0.0

    async def after(self, error: BaseException) -> None:
        """Say that the role waits and why, and pause. Anything that does not mean "away" is raised again.

        Giving up a connection may fail while the task is being cancelled, and hide that it is.
        """
        if is_asked_for():
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
        """It has worked: nobody is away any more."""
        if self._next:
            self._next = 0.0
            ROLE_HEALTH.recovered(self.role or current_role())
