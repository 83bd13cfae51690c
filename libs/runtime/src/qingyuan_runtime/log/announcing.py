"""Notifies the relay of appends, so that it need not query many times a second.

Only a hint: a NOTIFY may be lost with a connection, and the relay queries every second anyway. It is sent outside the
appending transaction, because PostgreSQL lets only one transaction that notifies commit at a time.
"""

import asyncio
from typing import Final

from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.process.closing import quietly

CHANNEL: Final = "appended"
SECONDS_BETWEEN: Final = 0.05
"""Under load the relay finds new rows without announcements, so few are enough."""


class Announcer:
    """Announces appends through one pool: the first at once, those that follow within `SECONDS_BETWEEN` together."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._planned: asyncio.TimerHandle | None = None
        self._not_before = 0.0
        self._sending: asyncio.Task[None] | None = None

    def announce(self) -> None:
        """Announce that the log has grown. Returns at once, and never fails."""
        if self._planned is None:
            loop = asyncio.get_running_loop()
            self._planned = loop.call_at(max(loop.time(), self._not_before), self._send, loop)

    def _send(self, loop: asyncio.AbstractEventLoop) -> None:
        self._planned = None
        self._not_before = loop.time() + SECONDS_BETWEEN
        self._sending = loop.create_task(quietly(self._pool.execute("select pg_notify($1, '')", CHANNEL)))
