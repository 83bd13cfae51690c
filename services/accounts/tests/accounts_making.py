"""Creates the tables of accounts, and a fast fake of `Passwords` that counts comparisons."""

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module
from importlib.resources import files

from accounts.passwords import Passwords
from qingyuan_runtime.database.connections import Pool


async def make_tables(pool: Pool) -> None:
    folder = files("accounts") / "migrations" / "versions"
    for name in sorted(path.name for path in folder.iterdir() if path.name[0].isdigit()):
        revision = import_module(f"accounts.migrations.versions.{name.removesuffix('.py')}")
        await pool.execute(revision.TABLES)


class CountedPasswords(Passwords):
    """Stores passwords unhashed. `compared` counts the passwords that were compared with a stored one.

    `meanwhile` is called once, while a password is being compared.
    """

    def __init__(self) -> None:
        super().__init__()
        self.compared = 0
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    async def hash(self, password: str) -> str:
        return password

    async def verify(self, password: str, stored: str | None) -> bool:
        self.compared += 1
        await asyncio.sleep(0.001)
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            await happens()
        return password == stored
