"""Functions for Alembic revisions and their environment, over asyncpg. Loaded only if there is something to migrate."""

import asyncio
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from alembic import command, context, op
from alembic.config import Config
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine


def upgrade(package: str, *, owner_url: str, app_url: str) -> None:
    """Run every revision that is missing. Safe to run twice at once: the second waits."""
    config = Config()
    config.set_main_option("script_location", str(files(package) / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = owner_url
    config.attributes["app_role"] = urlsplit(app_url).username
    command.upgrade(config, "head")


def run_environment() -> None:
    """Called by a service's `migrations/env.py`."""
    asyncio.run(_migrate(context.config.attributes["url"]))


def run_script(sql: str) -> None:
    """Inside a revision: run a script of several statements unchanged."""
    bind: Any = op.get_bind().connection
    bind.run_async(lambda driver: driver.execute(sql))


def app_role() -> str:
    """Inside a revision: the role that the service runs as. It gets grants and owns no tables."""
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
