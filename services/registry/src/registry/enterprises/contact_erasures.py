"""Destroys the keys of contacts whose erasure is recorded in the log.

It compares states instead of reacting to single events: no subject with a recorded erasure may have a key. So no
erasure is missed when a process is killed after recording it, and a key that a restored backup contains is destroyed
again.
"""

import asyncio
from typing import Final
from uuid import UUID

import structlog
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.log.privacy import KeyStore
from qingyuan_runtime.process.unavailable import UNAVAILABLE, Backoff

PAUSE_SECONDS: Final = 2.0

_ERASED: Final = (
    "select data ->> 'subject' as subject from events where type = 'enterprise.contact_erased.v1'"
)

log = structlog.get_logger()


class ContactErasures:
    def __init__(self, pool: Pool, keys: KeyStore) -> None:
        self._pool = pool
        self._keys = keys

    async def run(self) -> None:
        backoff = Backoff()
        while True:
            try:
                await self.sweep()
                backoff.reset()
                await asyncio.sleep(PAUSE_SECONDS)
            except UNAVAILABLE as error:
                await backoff.after(error)

    async def sweep(self) -> int:
        """Destroy the keys that still exist although their erasure is recorded; returns how many."""
        rows = await self._pool.fetch(_ERASED)
        outstanding = await self._keys.outstanding([UUID(row["subject"]) for row in rows])
        for subject in outstanding:
            await self._keys.erase(subject)
            log.info("contact.erased", subject=str(subject))
        return len(outstanding)
