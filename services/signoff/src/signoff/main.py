"""The signoff service's composition root: the only place that constructs anything, and its twin with fakes."""

from collections.abc import Callable, Mapping
from datetime import datetime

from fastapi import FastAPI
from joserfc.jwk import OctKey
from qingyuan_events.signoff import SignoffFact
from qingyuan_events.tasks import TasksFact
from qingyuan_runtime import migrating
from qingyuan_runtime.actors import read_key
from qingyuan_runtime.broker_kafka import KafkaReader
from qingyuan_runtime.clock import now
from qingyuan_runtime.database import Pool, open_pool
from qingyuan_runtime.log_roles import Log
from qingyuan_runtime.process import Role, serve
from qingyuan_runtime.projecting import OpenReader, ProjectionRunner
from qingyuan_runtime.reacting import ReactionRunner
from qingyuan_runtime.store import EventStore
from qingyuan_runtime.store_memory import MemoryStore
from qingyuan_runtime.store_postgres import PostgresStore
from qingyuan_runtime.supervising import together
from qingyuan_runtime.telemetry import start_telemetry
from qingyuan_runtime.timers import TimerRunner
from qingyuan_runtime.trust import trust_in

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
    assert settings.actor_key_file
    pool, key = await log_of(settings).pool(), read_key(settings.actor_key_file)
    app = build_app(
        Desk(PostgresStore(pool), now, key),
        actor_key=key,
        ready=lambda: migrating.require_head(pool, PACKAGE),
    )
    await serve(app, host=settings.http_host, port=settings.http_port)


async def worker(settings: SignoffSettings) -> None:
    """The reaction to visits, the deadlines' rows, and their bell: each is started again by itself."""
    store = PostgresStore(await log_of(settings).pool(size=4))
    visits = await place_of(settings, reactions.SCHEMA)
    ahead = await place_of(settings, deadlines.NAME)
    bell = TimerRunner(deadlines.NAME, ahead, deadlines.ringing(store), clock=now)
    reaction, rows = reaction_in(visits, settings, store), deadlines_in(ahead, settings)
    await together({"reaction": reaction.run, "deadlines": rows.run, "bell": bell.run})


async def place_of(settings: SignoffSettings, schema: str) -> Pool:
    """Connections to where a reaction or a projection keeps its place."""
    return await open_pool(settings.database_url, size=3, session={"search_path": schema})


def reaction_in(place: Pool, settings: SignoffSettings, store: EventStore) -> ReactionRunner:
    topic, react = TasksFact.topic, reactions.reaction(store, now)
    trust = trust_in(topic, settings, settings.tasks_database_url)
    return ReactionRunner(topic, reactions.NAME, place, _reader(settings, topic), react, trust=trust)


def deadlines_in(place: Pool, settings: SignoffSettings) -> ProjectionRunner:
    topic = SignoffFact.topic
    trust = trust_in(topic, settings, settings.database_url)
    return ProjectionRunner(deadlines.projection(), place, _reader(settings, topic), trust=trust)


def _reader(settings: SignoffSettings, topic: str) -> OpenReader:
    return lambda: KafkaReader.open(settings.bus, topic)


def migrate(settings: SignoffSettings) -> None:
    log_of(settings).migrate()


def build_for_tests(store: EventStore, clock: Clock, actor_key: OctKey) -> FastAPI:
    """The same service on fakes that pass the contract suites of the real parts."""
    return build_app(Desk(store, clock, actor_key), actor_key=actor_key, ready=_always)


def build_for_documentation() -> FastAPI:
    return build_for_tests(MemoryStore(), now, OctKey.generate_key(256))


async def _always() -> None:
    return None
