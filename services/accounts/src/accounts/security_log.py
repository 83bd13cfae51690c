"""What happened to accounts, without names. The service may add to it; a function of the database forgets what is old."""

from datetime import datetime
from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Pool

from accounts.settings import AccountsSettings

BATCH: Final = 1_000
BATCHES: Final = 50


class SecurityLog:
    def __init__(self, pool: Pool, settings: AccountsSettings) -> None:
        self._pool = pool
        self._keep_months = settings.security_log_months

    async def add(self, what: str, account: UUID | None) -> None:
        await self._pool.execute("insert into security_log (account_id, what) values ($1, $2)", account, what)

    async def forget(self, now: datetime) -> None:
        """A batch at a time, each its own transaction; what is beyond so many is for the next sweep."""
        for _ in range(BATCHES):
            if await self._pool.fetchval(_FORGET, self._keep_months, now, BATCH) < BATCH:
                return


_FORGET: Final = "select forget_security_log($1, $2, $3)"
