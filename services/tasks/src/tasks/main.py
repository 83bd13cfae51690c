"""What the tasks service consists of: the only place where its parts meet."""

from fastapi import FastAPI
from qingyuan_events.tasks import TasksFact
from qingyuan_runtime.assembly.followers import Followers, ReadModel, Timers
from qingyuan_runtime.assembly.log_service import LogService, ServiceContext
from qingyuan_runtime.database.connections import Pool

from tasks import reminders
from tasks.http import build_app
from tasks.register_copy.memory import MemoryRegisterCopy
from tasks.register_copy.port import RegisterCopy
from tasks.register_copy.postgres import PostgresRegisterCopy
from tasks.register_copy.projection import MODEL, RegisterCopyProjection, create_script
from tasks.settings import TasksSettings
from tasks.shared.repository import Repository


def edge(on: ServiceContext, register: RegisterCopy) -> FastAPI:
    return build_app(Repository(on.store, register, on.clock), trusted=on.trusted, ready=on.ready)


async def stored_copy(_: TasksSettings, pool: Pool) -> RegisterCopy:
    return PostgresRegisterCopy(pool)


def followers(settings: TasksSettings) -> Followers:
    """The copy of the register, and the reminders, which follow from the service's own log."""
    return {
        MODEL: ReadModel(RegisterCopyProjection(), create_script(), settings, settings.source_database_url),
        reminders.NAME: Timers(
            reminders.projection(), settings, settings.database_url, when_due=reminders.when_due
        ),
    }


SERVICE = LogService(
    package="tasks",
    facts=TasksFact,
    settings=TasksSettings,
    edge=edge,
    adapters=stored_copy,
    fakes=MemoryRegisterCopy,
    followers=followers,
)
