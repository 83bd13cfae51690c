"""Schema migrations: one history of revisions per service, run by the role that owns the tables."""

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

    Alembic is loaded only if there is something to do, which is rare: loading it takes longer than the check.
    """
    if asyncio.run(_revision(owner_url)) == head(package):
        return
    from qingyuan_runtime.database import revisions as revising

    revising.upgrade(package, owner_url=owner_url, app_url=app_url)


@cache
def head(package: str) -> str:
    """The revision that this version of the service expects: the name of the newest file begins with it."""
    names = sorted(file.name for file in (files(package) / "migrations" / "versions").iterdir())
    return next(name.split("_")[0] for name in reversed(names) if name.endswith(".py"))


async def require_head(database: Pool, package: str) -> None:
    """Raise unless the database is at the revision that this version expects. For /readyz."""
    revision = await database.fetchval(_REVISION)
    if revision != head(package):
        raise RuntimeError(f"database is at {revision}")


def run_once(url: str, script: str) -> None:
    """Run a script outside of the history of revisions. It must be safe to repeat."""

    async def run() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(script)
        finally:
            await close(connection)

    asyncio.run(run())


def let_make_schemas(owner_url: str, app_url: str) -> None:
    """Grant the right to create read models' schemas. At each migration, since dumps do not include rights on a database."""
    name = urlsplit(owner_url).path.removeprefix("/")
    run_once(owner_url, f'grant create on database "{name}" to "{role_of(app_url)}"')


def role_of(url: str) -> str:
    """The role that a URL connects as."""
    return urlsplit(url).username or ""


async def _revision(url: str) -> str | None:
    connection = await asyncpg.connect(url)
    try:
        revision: str | None = await connection.fetchval(_REVISION)
        return revision
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await close(connection)
