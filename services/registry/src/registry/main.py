"""What the registry consists of: the only place where its parts meet."""

from collections.abc import Mapping

from fastapi import FastAPI
from qingyuan_events.registry import RegistryFact
from qingyuan_runtime.assembly import personal_keys
from qingyuan_runtime.assembly.log_service import LogService, ServiceContext
from qingyuan_runtime.assembly.personal_keys import KeysSettings, migrate_keys, stored_keys
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.log.privacy import KeyStore, MemoryKeys
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.process.running import Role
from qingyuan_runtime.publishing.restoring import open_log_pool

from registry.enterprises.contacts import ERASED_SUBJECTS
from registry.http import build_app
from registry.importing.repository import ImportRepository
from registry.importing.worker import ImportWorker
from registry.shared.repository import Repository

PACKAGE = "registry"
KeysAndImports = tuple[KeyStore, ImportRepository | None]


def edge(on: ServiceContext, adapters: KeysAndImports) -> FastAPI:
    keys, imports = adapters
    return build_app(Repository(on.store, keys, on.clock), imports, trusted=on.trusted, ready=on.ready)


async def keys_and_imports(settings: KeysSettings, pool: Pool) -> KeysAndImports:
    return await stored_keys(settings), ImportRepository(pool)


def works(settings: KeysSettings) -> Mapping[str, Role]:
    return {
        "worker": lambda: import_worker(settings),
        "erasures": lambda: personal_keys.erasures(settings, ERASED_SUBJECTS),
    }


async def import_worker(settings: KeysSettings) -> None:
    pool = await open_log_pool(settings.database_url, size=4)
    repository = Repository(PostgresStore(pool), await stored_keys(settings), now)
    await ImportWorker(repository, ImportRepository(pool), pool).run()


def erase_again(settings: KeysSettings) -> None:
    personal_keys.erase_again(PACKAGE, settings, ERASED_SUBJECTS)


SERVICE = LogService(
    package=PACKAGE,
    facts=RegistryFact,
    settings=KeysSettings,
    edge=edge,
    adapters=keys_and_imports,
    fakes=lambda: (MemoryKeys(), None),
    works=works,
    also_migrate=migrate_keys,
    also_restored=erase_again,
)
