"""What the filing service consists of: the only place where its parts meet."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import FastAPI
from qingyuan_events.filing import FilingFact
from qingyuan_runtime.assembly import personal_keys
from qingyuan_runtime.assembly.followers import Followers, ReadModel, Timers
from qingyuan_runtime.assembly.log_service import LogService, ServiceContext
from qingyuan_runtime.assembly.personal_keys import migrate_keys, stored_keys
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.log.privacy import KeyStore, MemoryKeys
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.process.running import Role
from qingyuan_runtime.publishing.restoring import open_log_pool

from filing import deadlines
from filing.business import projection
from filing.business.locking import Locking
from filing.erasing import Retention
from filing.http import build_app
from filing.settings import FilingSettings
from filing.shared.contracts import Contracts, MemoryContracts, PostgresContracts
from filing.shared.imports import Imports, MemoryImports, PostgresImports
from filing.shared.personal import ERASED_SUBJECTS
from filing.shared.repository import Repository


@dataclass(frozen=True, slots=True)
class Adapters:
    keys: KeyStore
    contracts: Contracts
    imports: Imports


def edge(on: ServiceContext, adapters: Adapters) -> FastAPI:
    repository = Repository(
        on.store, adapters.keys, on.clock, on.trusted, adapters.contracts, adapters.imports
    )
    return build_app(repository, trusted=on.trusted, ready=on.ready)


async def stored(settings: FilingSettings, pool: Pool) -> Adapters:
    return Adapters(
        await stored_keys(settings), PostgresContracts(pool), PostgresImports(settings.database_url)
    )


def in_memory() -> Adapters:
    return Adapters(MemoryKeys(), MemoryContracts(), MemoryImports())


def followers(settings: FilingSettings) -> Followers:
    """What business operators have had, and the reminders of papers and terms, which follow from the service's own log."""
    business = ReadModel(
        projection.Business(), projection.create_script(), settings, settings.tasks_database_url
    )
    return {
        projection.MODEL: business,
        deadlines.NAME: Timers(
            deadlines.projection(), settings, settings.database_url, when_due=deadlines.when_due
        ),
    }


def works(settings: FilingSettings) -> Mapping[str, Role]:
    return {"locks": lambda: locks(settings), "erasures": lambda: erasures(settings)}


async def locks(settings: FilingSettings) -> None:
    pool = await open_log_pool(settings.database_url, size=2)
    await Locking(pool, PostgresStore(pool), now).run()


async def erasures(settings: FilingSettings) -> None:
    """Two tasks: one records who is erased, the other destroys the keys of all that are recorded."""
    pool = await open_log_pool(settings.database_url, size=2)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(Retention(pool, PostgresStore(pool), now).run())
        tasks.create_task(personal_keys.erasures(settings, ERASED_SUBJECTS))


def erase_again(settings: FilingSettings) -> None:
    personal_keys.erase_again("filing", settings, ERASED_SUBJECTS)


SERVICE = LogService(
    package="filing",
    facts=FilingFact,
    settings=FilingSettings,
    edge=edge,
    adapters=stored,
    fakes=in_memory,
    followers=followers,
    works=works,
    also_migrate=migrate_keys,
    also_restored=erase_again,
)
