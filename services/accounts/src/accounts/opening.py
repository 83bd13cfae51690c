"""The book of accounts on the service's own database, for a process or a command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.process.closing import close

from accounts.book import Book
from accounts.passwords import Passwords
from accounts.settings import AccountsSettings


@asynccontextmanager
async def open_book(settings: AccountsSettings) -> AsyncIterator[tuple[Book, Pool]]:
    pool = await open_pool(settings.database_url)
    try:
        yield Book(pool, Passwords(), settings, now), pool
    finally:
        await close(pool)
