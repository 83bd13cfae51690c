"""What the tasks service consists of: the only place where its parts meet."""

from dataclasses import dataclass

from fastapi import FastAPI
from qingyuan_events.tasks import TasksFact
from qingyuan_runtime.assembly.followers import Followers, ReadModel, Timers
from qingyuan_runtime.assembly.log_service import LogService, ServiceContext
from qingyuan_runtime.database.connections import Pool

from tasks import reminders
from tasks.filed_copy import projection as filed
from tasks.filed_copy.memory import MemoryFiledCopy
from tasks.filed_copy.port import FiledCopy
from tasks.filed_copy.postgres import PostgresFiledCopy
from tasks.http import build_app
from tasks.register_copy import projection as register
from tasks.register_copy.memory import MemoryRegisterCopy
from tasks.register_copy.port import RegisterCopy
from tasks.register_copy.postgres import PostgresRegisterCopy
from tasks.settings import TasksSettings
from tasks.shared.repository import Repository


@dataclass(frozen=True, slots=True)
class Copies:
    """What the service keeps of other services' facts."""

    register: RegisterCopy
    filed: FiledCopy


def edge(on: ServiceContext, copies: Copies) -> FastAPI:
    repository = Repository(on.store, copies.register, copies.filed, on.clock)
    return build_app(repository, trusted=on.trusted, ready=on.ready)


async def stored_copies(_: TasksSettings, pool: Pool) -> Copies:
    return Copies(PostgresRegisterCopy(pool), PostgresFiledCopy(pool))


def copies_in_memory() -> Copies:
    return Copies(MemoryRegisterCopy(), MemoryFiledCopy())


def followers(settings: TasksSettings) -> Followers:
    """The copies of the register and of filings, and the reminders, which follow from the service's own log."""
    return {
        register.MODEL: ReadModel(
            register.RegisterCopyProjection(),
            register.create_script(),
            settings,
            settings.source_database_url,
        ),
        filed.MODEL: ReadModel(
            filed.FiledCopyProjection(), filed.create_script(), settings, settings.filing_database_url
        ),
        reminders.NAME: Timers(
            reminders.projection(), settings, settings.database_url, when_due=reminders.when_due
        ),
    }


SERVICE = LogService(
    package="tasks",
    facts=TasksFact,
    settings=TasksSettings,
    edge=edge,
    adapters=stored_copies,
    fakes=copies_in_memory,
    followers=followers,
)
