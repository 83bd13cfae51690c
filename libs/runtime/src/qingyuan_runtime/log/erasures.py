"""Destroys the keys of people whose erasure is recorded in the log.

It compares states instead of reacting to single events: no subject with a recorded erasure may have a key. So no
erasure is missed when a process is killed after recording it, and a key that a restored backup contains is destroyed
again.
"""

from typing import Final
from uuid import UUID

import structlog

from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.log.privacy import KeyStore
from qingyuan_runtime.process.unavailable import repeat

PAUSE_SECONDS: Final = 2.0

log = structlog.get_logger()


class Erasures:
    """`recorded`: the query of the log that gives each `subject` whose erasure it holds; an index makes it cheap."""

    def __init__(self, pool: Pool, keys: KeyStore, recorded: str) -> None:
        self._pool = pool
        self._keys = keys
        self._recorded = recorded

    async def run(self) -> None:
        await repeat(self.sweep, PAUSE_SECONDS)

    async def sweep(self) -> int:
        """Destroy the keys that still exist although their erasure is recorded; returns how many."""
        rows = await self._pool.fetch(self._recorded)
        outstanding = await self._keys.outstanding([UUID(row["subject"]) for row in rows])
        for subject in outstanding:
            await self._keys.erase(subject)
            log.info("subject.erased", subject=str(subject))
        return len(outstanding)
