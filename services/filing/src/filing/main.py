"""What the filing service consists of: the only place where its parts meet."""

from fastapi import FastAPI
from qingyuan_events.filing import FilingFact
from qingyuan_runtime.assembly.log_service import LogService, ServiceContext
from qingyuan_runtime.assembly.personal_keys import KeysSettings, migrate_keys, stored_keys
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.log.privacy import KeyStore, MemoryKeys

from filing.http import build_app
from filing.shared.repository import Repository


def edge(on: ServiceContext, keys: KeyStore) -> FastAPI:
    repository = Repository(on.store, keys, on.clock, on.trusted)
    return build_app(repository, trusted=on.trusted, ready=on.ready)


async def keys(settings: KeysSettings, _: Pool) -> KeyStore:
    return await stored_keys(settings)


SERVICE = LogService(
    package="filing",
    facts=FilingFact,
    settings=KeysSettings,
    edge=edge,
    adapters=keys,
    fakes=MemoryKeys,
    also_migrate=migrate_keys,
)
