"""The tasks service's composition root: the only place that constructs anything, and its twin with fakes."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from fastapi import FastAPI
from qingyuan_events.tasks import TasksFact
from qingyuan_runtime import migrating, rebuilding, timers
from qingyuan_runtime.clock import now
from qingyuan_runtime.database import open_pool
from qingyuan_runtime.issuing import NOBODY, Trusted, Trusts
from qingyuan_runtime.kept import ReadModel
from qingyuan_runtime.log_roles import Log
from qingyuan_runtime.process import Role, serve
from qingyuan_runtime.store_memory import MemoryStore
from qingyuan_runtime.store_postgres import PostgresStore
from qingyuan_runtime.supervising import together
from qingyuan_runtime.telemetry import start_telemetry
from qingyuan_runtime.timers import TimerRunner

from tasks import reminders
from tasks.desk import Desk
from tasks.http import build_app
from tasks.places.memory import MemoryPlaces
from tasks.places.projection import MODEL, PlacesProjection, create_script
from tasks.places.stored import PostgresPlaces
from tasks.settings import TasksSettings

PACKAGE = "tasks"


def log_of(settings: TasksSettings) -> Log:
    return Log(PACKAGE, TasksFact.topic, settings)


def roles(settings: TasksSettings) -> Mapping[str, Role]:
    """Every role of this service by the name of its process."""
    start_telemetry(PACKAGE, settings)
    log = log_of(settings)
    return {
        "api": lambda: api(settings),
        "relay": log.relay,
        "project places": kept(settings)[MODEL].follow,
        "worker": lambda: worker(settings),
        "auditor": log.auditor,
    }


async def api(settings: TasksSettings) -> None:
    assert settings.trusted_keys_dir
    pool = await log_of(settings).pool()
    app = build_app(
        Desk(PostgresStore(pool), PostgresPlaces(pool), now),
        trusted=Trusted(settings.trusted_keys_dir),
        ready=lambda: migrating.require_head(pool, PACKAGE),
    )
    await serve(app, host=settings.http_host, port=settings.http_port)


async def worker(settings: TasksSettings) -> None:
    """The reminders' rows, and their bell: each is started again by itself."""
    await together({"reminders": kept(settings)[reminders.NAME].follow, "bell": lambda: bell(settings)})


async def bell(settings: TasksSettings) -> None:
    store = PostgresStore(await log_of(settings).pool(size=2))
    rows = await open_pool(settings.database_url, size=2, session={"search_path": reminders.NAME})
    await TimerRunner(reminders.NAME, rows, reminders.ringing(store), clock=now).run()


def kept(settings: TasksSettings) -> Mapping[str, ReadModel]:
    """What is kept by following topics, by its name: the register's places, and the reminders of the service's own log."""
    return {
        MODEL: ReadModel(PlacesProjection(), create_script(), settings, settings.source_database_url),
        reminders.NAME: ReadModel(
            reminders.projection(), timers.create_script(), settings, settings.database_url
        ),
    }


def migrate(settings: TasksSettings) -> None:
    log_of(settings).migrate()
    migrating.let_make_schemas(settings.migration_database_url, settings.database_url)
    for model in kept(settings).values():
        asyncio.run(rebuilding.ensure_current(model.rebuild()))


def build_for_tests(clock: datetime, trusted: Trusts) -> FastAPI:
    """The same service on fakes that pass the contract suites of the real parts; its desk is `app.state.desk`."""
    desk = Desk(MemoryStore(), MemoryPlaces(), lambda: clock, patience=timedelta(0))
    return build_app(desk, trusted=trusted, ready=_always)


def build_for_documentation() -> FastAPI:
    return build_for_tests(now(), NOBODY)


async def _always() -> None:
    return None
