"""The accounts service's composition root: the only place that constructs anything."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import cast

from fastapi import FastAPI
from qingyuan_runtime import migrating
from qingyuan_runtime.clock import now
from qingyuan_runtime.closing import close
from qingyuan_runtime.database import Pool, open_pool
from qingyuan_runtime.issuing import NOBODY, Signer, Trusted
from qingyuan_runtime.process import Role, serve
from qingyuan_runtime.telemetry import start_telemetry

from accounts.book import Book
from accounts.http import build_app
from accounts.passwords import Passwords
from accounts.settings import AccountsSettings

PACKAGE = "accounts"
SWEEP_EVERY_SECONDS = 300


def roles(settings: AccountsSettings) -> Mapping[str, Role]:
    start_telemetry(PACKAGE, settings)
    return {"api": lambda: api(settings), "sweeper": lambda: sweeper(settings)}


async def api(settings: AccountsSettings) -> None:
    assert settings.trusted_keys_dir
    assert settings.signing_keys_dir
    async with open_book(settings) as (book, pool):
        app = build_app(
            book,
            trusted=Trusted(settings.trusted_keys_dir),
            signer=Signer("accounts", settings.signing_keys_dir),
            ready=lambda: migrating.require_head(pool, PACKAGE),
            idle_minutes=settings.session_idle_minutes,
        )
        await serve(app, host=settings.http_host, port=settings.http_port)


async def sweeper(settings: AccountsSettings) -> None:
    """Forgets what is over. Where it fails, whoever keeps it up starts it again."""
    async with open_book(settings) as (book, _):
        while True:
            await book.sweep()
            await asyncio.sleep(SWEEP_EVERY_SECONDS)


@asynccontextmanager
async def open_book(settings: AccountsSettings) -> AsyncIterator[tuple[Book, Pool]]:
    pool = await open_pool(settings.database_url)
    try:
        yield Book(pool, Passwords(), settings, now), pool
    finally:
        await close(pool)


def migrate(settings: AccountsSettings) -> None:
    migrating.upgrade(PACKAGE, owner_url=settings.migration_database_url, app_url=settings.database_url)


def build_for_documentation() -> FastAPI:
    """The routes without a database, for the OpenAPI document."""
    settings = AccountsSettings()
    book = Book(cast(Pool, None), Passwords(), settings, now)

    async def ready() -> None:
        return None

    return build_app(
        book, trusted=NOBODY, signer=NOBODY, ready=ready, idle_minutes=settings.session_idle_minutes
    )
