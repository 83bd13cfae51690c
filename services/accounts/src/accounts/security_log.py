"""The security log of accounts, without names. The service can only add lines; a database function deletes old ones."""

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
        """Delete old lines in batches, each in its own transaction. After `BATCHES` the rest is left to the next sweep."""
        for _ in range(BATCHES):
            if await self._pool.fetchval(_FORGET, self._keep_months, now, BATCH) < BATCH:
                return


_FORGET: Final = "select forget_security_log($1, $2, $3)"
