"""Schema migrations: one history of revisions per service, run by the owner's role, and whether all of them have run."""

import asyncio
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

import asyncpg

from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.process.closing import close

_REVISION = "select version_num from alembic_version"


def upgrade(package: str, *, owner_url: str, app_url: str) -> None:
    """Bring a service's database to the newest revision. Safe to repeat and to run twice at once.

    Most starts have nothing to do, and loading Alembic would cost each more than all its questions.
    """
    if asyncio.run(_revision(owner_url)) == head(package):
        return
    from qingyuan_runtime.database import revisions as revising

    revising.upgrade(package, owner_url=owner_url, app_url=app_url)


@cache
def head(package: str) -> str:
    """The revision this version of the service expects: its history is a line, so the newest file's name begins with it."""
    names = sorted(one.name for one in (files(package) / "migrations" / "versions").iterdir())
    return next(name.split("_")[0] for name in reversed(names) if name.endswith(".py"))


async def require_head(database: Pool, package: str) -> None:
    """Raise unless the database is at the revision this version expects. For /readyz."""
    found = await database.fetchval(_REVISION)
    if found != head(package):
        raise RuntimeError(f"database is at {found}")


def run_once(url: str, script: str) -> None:
    """Run a script that may be run again, in a database without a history."""

    async def run() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(script)
        finally:
            await close(connection)

    asyncio.run(run())


def let_make_schemas(owner_url: str, app_url: str) -> None:
    """The right to make read models' schemas: given each time, since a dump does not carry rights on a database."""
    name = urlsplit(owner_url).path.removeprefix("/")
    run_once(owner_url, f'grant create on database "{name}" to "{role_of(app_url)}"')


def role_of(url: str) -> str:
    """The role that an URL connects as."""
    return urlsplit(url).username or ""


async def _revision(url: str) -> str | None:
    connection = await asyncpg.connect(url)
    try:
        found: str | None = await connection.fetchval(_REVISION)
        return found
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await close(connection)
