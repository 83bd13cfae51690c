"""What the reports service consists of: the only place where its parts meet."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI
from qingyuan_events.reports import ReportsFact
from qingyuan_runtime.assembly.followers import Followers, Reaction, ReadModel
from qingyuan_runtime.assembly.log_service import LogService, ServiceContext
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.log.store import EventStore
from qingyuan_runtime.publishing.restoring import open_log_pool

from reports import checks
from reports.archive.memory import MemoryArchive
from reports.archive.port import Archive
from reports.archive.postgres import PostgresArchive
from reports.contracted import projection as contracted
from reports.contracted.memory import MemoryContracted
from reports.contracted.port import Contracted
from reports.contracted.postgres import PostgresContracted
from reports.http import build_app
from reports.installed import projection as installed
from reports.installed.memory import MemoryInstalled
from reports.installed.port import Installed
from reports.installed.postgres import PostgresInstalled
from reports.settings import ReportsSettings
from reports.shared.repository import Knowledge, Repository


@dataclass(frozen=True, slots=True)
class Adapters:
    """Copies of other services' facts, and questions to the own log."""

    installed: Installed
    contracted: Contracted
    archive: Callable[[EventStore], Archive]


def edge(on: ServiceContext, adapters: Adapters) -> FastAPI:
    knowledge = Knowledge(on.store, adapters.installed, adapters.archive(on.store))
    repository = Repository(knowledge, adapters.contracted, on.clock, on.trusted)
    return build_app(repository, trusted=on.trusted, ready=on.ready)


async def stored(_: ReportsSettings, pool: Pool) -> Adapters:
    archive = PostgresArchive(pool)
    return Adapters(PostgresInstalled(pool), PostgresContracted(pool), lambda _: archive)


def in_memory() -> Adapters:
    return Adapters(MemoryInstalled(), MemoryContracted(), MemoryArchive)


def followers(settings: ReportsSettings) -> Followers:
    """The copies of the register and of contracts, and the check that follows from the service's own log."""
    knowledge_of = opening_once(settings.database_url)
    return {
        installed.MODEL: ReadModel(
            installed.InstalledProjection(),
            installed.create_script(),
            settings,
            settings.source_database_url,
        ),
        contracted.MODEL: ReadModel(
            contracted.ContractedProjection(),
            contracted.create_script(),
            settings,
            settings.tasks_database_url,
        ),
        checks.NAME: Reaction(
            checks.NAME,
            checks.SCHEMA,
            ReportsFact.topic,
            settings,
            settings.database_url,
            checks.reaction(knowledge_of),
            checks.withdrawal(knowledge_of),
        ),
    }


def opening_once(url: str) -> checks.KnowledgeOf:
    """The connections of the check are opened when it first needs them: followers are also made to be listed."""
    opened: list[Pool] = []

    async def knowledge_of(store: EventStore) -> Knowledge:
        if not opened:
            opened.append(await open_log_pool(url, size=2))
        return Knowledge(store, PostgresInstalled(opened[0]), PostgresArchive(opened[0]))

    return knowledge_of


SERVICE = LogService(
    package="reports",
    facts=ReportsFact,
    settings=ReportsSettings,
    edge=edge,
    adapters=stored,
    fakes=in_memory,
    followers=followers,
)
