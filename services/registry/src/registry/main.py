"""The registry's composition root: the only place that constructs anything, and its twin with fakes."""

import asyncio
import json
import sys
from collections.abc import Mapping
from datetime import datetime

from fastapi import FastAPI
from qingyuan_events.registry import RegistryFact
from qingyuan_runtime import migrating, privacy
from qingyuan_runtime.clock import now
from qingyuan_runtime.database import Pool, open_pool
from qingyuan_runtime.issuing import NOBODY, Trusted, Trusts
from qingyuan_runtime.log_roles import Log
from qingyuan_runtime.privacy import KeyStore, MemoryKeys, PostgresKeys, read_kek
from qingyuan_runtime.process import Role, serve
from qingyuan_runtime.store_memory import MemoryStore
from qingyuan_runtime.store_postgres import PostgresStore
from qingyuan_runtime.telemetry import start_telemetry

from registry.desk import Desk
from registry.erasing import Erasures
from registry.http import build_app
from registry.importing.desk import ImportDesk
from registry.importing.working import ImportWorker
from registry.settings import RegistrySettings

PACKAGE = "registry"


def log_of(settings: RegistrySettings) -> Log:
    return Log(PACKAGE, RegistryFact.topic, settings)


def roles(settings: RegistrySettings) -> Mapping[str, Role]:
    """Every role of this service by the name of its process."""
    start_telemetry(PACKAGE, settings)
    log = log_of(settings)
    return {
        "api": lambda: api(settings),
        "relay": log.relay,
        "worker": lambda: worker(settings),
        "erasures": lambda: erasures(settings),
        "auditor": log.auditor,
    }


async def api(settings: RegistrySettings) -> None:
    assert settings.trusted_keys_dir
    pool = await log_of(settings).pool()
    app = build_app(
        await _desk(settings, pool),
        ImportDesk(pool),
        trusted=Trusted(settings.trusted_keys_dir),
        ready=lambda: migrating.require_head(pool, PACKAGE),
    )
    await serve(app, host=settings.http_host, port=settings.http_port)


async def _desk(settings: RegistrySettings, pool: Pool) -> Desk:
    return Desk(PostgresStore(pool), await _keys(settings), now)


async def _keys(settings: RegistrySettings) -> KeyStore:
    assert settings.key_encryption_key_file
    keys_pool = await open_pool(settings.keys_database_url, size=3)
    return PostgresKeys(keys_pool, read_kek(settings.key_encryption_key_file))


async def worker(settings: RegistrySettings) -> None:
    pool = await log_of(settings).pool(size=4)
    await ImportWorker(await _desk(settings, pool), ImportDesk(pool), pool).run()


async def erasures(settings: RegistrySettings) -> None:
    pool = await log_of(settings).pool(size=1)
    await Erasures(pool, await _keys(settings)).run()


def restored(settings: RegistrySettings, followed: int = 0) -> None:
    """Beside the new epoch: contacts whose erasure the log holds are erased again, whatever the key backup held."""
    log_of(settings).restored(followed)
    asyncio.run(_erase_again(settings))


async def _erase_again(settings: RegistrySettings) -> None:
    pool = await open_pool(settings.migration_database_url, size=1)
    erased = await Erasures(pool, await _keys(settings)).sweep()
    sys.stdout.write(json.dumps({"service": PACKAGE, "contacts_erased_again": erased}) + "\n")


def migrate(settings: RegistrySettings) -> None:
    log_of(settings).migrate()
    migrating.run_once(settings.keys_database_url, privacy.create_script())


def build_for_tests(clock: datetime, trusted: Trusts) -> FastAPI:
    """The same service on fakes that pass the contract suites of the real parts."""
    desk = Desk(MemoryStore(), MemoryKeys(), lambda: clock)
    return build_app(desk, None, trusted=trusted, ready=_always)


def build_for_documentation() -> FastAPI:
    return build_for_tests(now(), NOBODY)


async def _always() -> None:
    return None
