"""Keys of contacts are destroyed because the log says so, never the other way round.

What is asked is a state, not a message: every subject whose erasure the log holds has no key. So nothing is
lost when a process dies between the fact and its effect, and a key that a restored backup brings back goes again.
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
        patience = Backoff()
        while True:
            try:
                await self.sweep()
                patience.reset()
                await asyncio.sleep(PAUSE_SECONDS)
            except UNAVAILABLE as error:
                await patience.after(error)

    async def sweep(self) -> int:
        """Destroy what is outstanding; how many keys that were."""
        rows = await self._pool.fetch(_ERASED)
        outstanding = await self._keys.outstanding([UUID(row["subject"]) for row in rows])
        for subject in outstanding:
            await self._keys.erase(subject)
            log.info("contact.erased", subject=str(subject))
        return len(outstanding)
