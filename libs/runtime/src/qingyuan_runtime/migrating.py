"""Schema migrations: Alembic over asyncpg, one history per service, run by the owner's role."""

import asyncio
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from alembic import command, context, op
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from qingyuan_runtime.database import Pool


def upgrade(package: str, *, owner_url: str, app_url: str) -> None:
    """Bring a service's database to the newest revision. Safe to repeat and to run twice at once."""
    config = _config(package)
    config.attributes["url"] = owner_url
    config.attributes["app_role"] = urlsplit(app_url).username
    command.upgrade(config, "head")


def head(package: str) -> str:
    """The revision this version of the service expects."""
    found = ScriptDirectory.from_config(_config(package)).get_current_head()
    assert found is not None
    return found


async def require_head(database: Pool, package: str) -> None:
    """Raise unless the database is at the revision this version expects. For /readyz."""
    found = await database.fetchval("select version_num from alembic_version")
    if found != head(package):
        raise RuntimeError(f"database is at {found}")


def run_once(url: str, script: str) -> None:
    """Run a script that may be run again, in a database without a history."""

    async def run() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(script)
        finally:
            await connection.close()

    asyncio.run(run())


def run_environment() -> None:
    """What a service's `migrations/env.py` calls."""
    asyncio.run(_migrate(context.config.attributes["url"]))


def run_script(sql: str) -> None:
    """Inside a revision: run a script of several statements as it is."""
    bind: Any = op.get_bind().connection
    bind.run_async(lambda driver: driver.execute(sql))


def app_role() -> str:
    """Inside a revision: the role the service runs as, which gets grants and owns nothing."""
    role = context.config.attributes["app_role"]
    assert isinstance(role, str)
    return role


async def _migrate(url: str) -> None:
    engine = create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://"), poolclass=pool.NullPool
    )
    async with engine.connect() as connection:
        await connection.run_sync(_run)
        await connection.commit()
    await engine.dispose()


def _run(connection: Connection) -> None:
    connection.execute(text("select pg_advisory_xact_lock(hashtext('qingyuan-migration'))"))
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()


def _config(package: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files(package) / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
