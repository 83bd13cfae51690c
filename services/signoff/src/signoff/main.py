"""The signoff service's composition root: the only place that constructs anything, and its twin with fakes."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from fastapi import FastAPI
from qingyuan_events.signoff import SignoffFact
from qingyuan_events.tasks import TasksFact
from qingyuan_runtime import migrating, rebuilding, timers
from qingyuan_runtime.clock import now
from qingyuan_runtime.database import open_pool
from qingyuan_runtime.issuing import NOBODY, Trusted, Trusts
from qingyuan_runtime.kept import AllKept, Reaction, ReadModel
from qingyuan_runtime.log_roles import Log
from qingyuan_runtime.process import Role, serve
from qingyuan_runtime.projection_schema import place_grants
from qingyuan_runtime.reacting import OnWithdrawn, React
from qingyuan_runtime.store import EventStore
from qingyuan_runtime.store_memory import MemoryStore
from qingyuan_runtime.store_postgres import PostgresStore
from qingyuan_runtime.supervising import together
from qingyuan_runtime.telemetry import start_telemetry
from qingyuan_runtime.timers import TimerRunner

from signoff import deadlines, reactions
from signoff.desk import Desk
from signoff.http import build_app
from signoff.settings import SignoffSettings

PACKAGE = "signoff"
Clock = Callable[[], datetime]


def log_of(settings: SignoffSettings) -> Log:
    return Log(PACKAGE, SignoffFact.topic, settings)


def roles(settings: SignoffSettings) -> Mapping[str, Role]:
    """Every role of this service by the name of its process."""
    start_telemetry(PACKAGE, settings)
    log = log_of(settings)
    return {
        "api": lambda: api(settings),
        "relay": log.relay,
        "worker": lambda: worker(settings),
        "auditor": log.auditor,
    }


async def api(settings: SignoffSettings) -> None:
    assert settings.trusted_keys_dir
    pool, trusted = await log_of(settings).pool(), Trusted(settings.trusted_keys_dir)
    app = build_app(
        Desk(PostgresStore(pool), now, trusted),
        trusted=trusted,
        ready=lambda: migrating.require_head(pool, PACKAGE),
    )
    await serve(app, host=settings.http_host, port=settings.http_port)


async def worker(settings: SignoffSettings) -> None:
    """The reaction to visits, the deadlines' rows, and their bell: each is started again by itself."""
    visits, rows = reaction(settings), timers_of(settings)
    await together({"reaction": visits.follow, "deadlines": rows.follow, "bell": lambda: bell(settings)})


async def bell(settings: SignoffSettings) -> None:
    store = PostgresStore(await log_of(settings).pool(size=2))
    rows = await open_pool(settings.database_url, size=2, session={"search_path": deadlines.NAME})
    await TimerRunner(deadlines.NAME, rows, deadlines.ringing(store), clock=now).run()


def kept(settings: SignoffSettings) -> AllKept:
    """What is kept by following topics, by the names that people use."""
    return {"reaction": reaction(settings), deadlines.NAME: timers_of(settings)}


def reaction(settings: SignoffSettings) -> Reaction:
    async def reacting() -> tuple[React, OnWithdrawn]:
        store = PostgresStore(await log_of(settings).pool(size=2))
        return reactions.reaction(store, now), reactions.withdrawal(store, now)

    source = settings.tasks_database_url
    return Reaction(reactions.NAME, reactions.SCHEMA, TasksFact.topic, settings, source, reacting)


def timers_of(settings: SignoffSettings) -> ReadModel:
    """The deadlines follow from the service's own log."""
    return ReadModel(deadlines.projection(), timers.create_script(), settings, settings.database_url)


def migrate(settings: SignoffSettings) -> None:
    log_of(settings).migrate()
    migrating.let_make_schemas(settings.migration_database_url, settings.database_url)
    role = migrating.role_of(settings.database_url)
    migrating.run_once(settings.migration_database_url, place_grants(reactions.SCHEMA, role))
    asyncio.run(rebuilding.ensure_current(timers_of(settings).rebuild()))


def build_for_tests(store: EventStore, clock: Clock, trusted: Trusts) -> FastAPI:
    """The same service on fakes that pass the contract suites of the real parts."""
    return build_app(Desk(store, clock, trusted), trusted=trusted, ready=_always)


def build_for_documentation() -> FastAPI:
    return build_for_tests(MemoryStore(), now, NOBODY)


async def _always() -> None:
    return None
