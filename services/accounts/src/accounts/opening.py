"""Opens the account service with its own database connections, for a process or a command."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.process.closing import close

from accounts.managing.held_certificates import TrustSource
from accounts.passwords.hashing import Passwords
from accounts.sealing import Sealing
from accounts.service.account_service import AccountService
from accounts.settings import AccountsSettings


def sealing_of(settings: AccountsSettings) -> Sealing | None:
    path = settings.key_encryption_key_file
    return Sealing(base64.b64decode(path.read_text().strip())) if path else None


@asynccontextmanager
async def open_account_service(
    settings: AccountsSettings, trust: TrustSource | None = None
) -> AsyncIterator[tuple[AccountService, Pool]]:
    pool = await open_pool(settings.database_url)
    try:
        yield AccountService(pool, Passwords(), settings, now, sealing_of(settings), trust), pool
    finally:
        await close(pool)
