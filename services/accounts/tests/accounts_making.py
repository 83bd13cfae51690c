"""Creates the tables of accounts; a clock that tests move, and a fast fake of `Passwords` that counts comparisons."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.resources import files

from accounts.passwords.hashing import Passwords
from qingyuan_runtime.database.connections import Pool

PASSWORD = "correct horse 电池"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


async def make_tables(pool: Pool, *, since: str = "", until: str = "9999") -> None:
    """Run the migrations from one number to another."""
    folder = files("accounts") / "migrations" / "versions"
    for name in sorted(path.name for path in folder.iterdir() if since <= path.name[:4] <= until):
        if not name[0].isdigit():
            continue
        revision = import_module(f"accounts.migrations.versions.{name.removesuffix('.py')}")
        await pool.execute(getattr(revision, "TABLES", "select 1"))


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


async def lines(pool: Pool) -> list[str]:
    """What the security log holds, oldest first."""
    return [row["what"] for row in await pool.fetch("select what from security_log order by id")]


async def empty_log(pool: Pool) -> None:
    """As only the owner of the table can: the triggers keep every line of the last six months."""
    await pool.execute("alter table security_log disable trigger user; delete from security_log")
    await pool.execute("alter table security_log enable trigger user")
