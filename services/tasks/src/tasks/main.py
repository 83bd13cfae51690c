"""What the tasks service consists of: the only place where its parts meet."""

from fastapi import FastAPI
from qingyuan_events.tasks import TasksFact
from qingyuan_runtime.assembly.followers import Followers, ReadModel, Timers
from qingyuan_runtime.assembly.log_service import LogService, ServiceContext
from qingyuan_runtime.database.connections import Pool

from tasks import reminders
from tasks.desk import Desk
from tasks.http import build_app
from tasks.places import Places
from tasks.places.memory import MemoryPlaces
from tasks.places.projection import MODEL, PlacesProjection, create_script
from tasks.places.stored import PostgresPlaces
from tasks.settings import TasksSettings


def edge(on: ServiceContext, places: Places) -> FastAPI:
    return build_app(Desk(on.store, places, on.clock), trusted=on.trusted, ready=on.ready)


async def stored_places(_: TasksSettings, pool: Pool) -> Places:
    return PostgresPlaces(pool)


def followers(settings: TasksSettings) -> Followers:
    """The register's places, and the reminders, which follow from the service's own log."""
    return {
        MODEL: ReadModel(PlacesProjection(), create_script(), settings, settings.source_database_url),
        reminders.NAME: Timers(
            reminders.projection(), settings, settings.database_url, when_due=reminders.ringing
        ),
    }


SERVICE = LogService(
    package="tasks",
    facts=TasksFact,
    settings=TasksSettings,
    edge=edge,
    adapters=stored_places,
    fakes=MemoryPlaces,
    followers=followers,
)
