"""What the filing service consists of: the only place where its parts meet."""

from fastapi import FastAPI
from qingyuan_events.filing import FilingFact
from qingyuan_runtime.assembly.followers import Followers, Timers
from qingyuan_runtime.assembly.log_service import LogService, ServiceContext
from qingyuan_runtime.assembly.personal_keys import KeysSettings, migrate_keys, stored_keys
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.log.privacy import KeyStore, MemoryKeys

from filing import deadlines
from filing.http import build_app
from filing.shared.repository import Repository


def edge(on: ServiceContext, keys: KeyStore) -> FastAPI:
    repository = Repository(on.store, keys, on.clock, on.trusted)
    return build_app(repository, trusted=on.trusted, ready=on.ready)


async def keys(settings: KeysSettings, _: Pool) -> KeyStore:
    return await stored_keys(settings)


def followers(settings: KeysSettings) -> Followers:
    """The reminders of papers and terms, which follow from the service's own log."""
    return {
        deadlines.NAME: Timers(
            deadlines.projection(), settings, settings.database_url, when_due=deadlines.when_due
        ),
    }


SERVICE = LogService(
    package="filing",
    facts=FilingFact,
    settings=KeysSettings,
    edge=edge,
    adapters=keys,
    fakes=MemoryKeys,
    followers=followers,
    also_migrate=migrate_keys,
)
