"""The signoff service's composition root: the only place that constructs anything, and its twin with fakes."""

from collections.abc import Mapping
from datetime import UTC, datetime

from fastapi import FastAPI
from joserfc.jwk import OctKey
from qingyuan_events.signoff import SignoffFact
from qingyuan_runtime import migrating
from qingyuan_runtime.actors import read_key
from qingyuan_runtime.log_roles import Log
from qingyuan_runtime.process import Role, serve
from qingyuan_runtime.store_memory import MemoryStore
from qingyuan_runtime.store_postgres import PostgresStore
from qingyuan_runtime.telemetry import start_telemetry

from signoff.desk import Desk
from signoff.http import build_app
from signoff.settings import SignoffSettings

PACKAGE = "signoff"


def log_of(settings: SignoffSettings) -> Log:
    return Log(PACKAGE, SignoffFact.topic, settings)


def roles(settings: SignoffSettings) -> Mapping[str, Role]:
    """Every role of this service by the name of its process."""
    start_telemetry(
        PACKAGE,
        log_level=settings.log_level,
        trace_ratio=settings.trace_ratio,
        otlp_endpoint=settings.otel_exporter_otlp_endpoint,
    )
    log = log_of(settings)
    return {"api": lambda: api(settings), "relay": log.relay, "auditor": log.auditor}


async def api(settings: SignoffSettings) -> None:
    assert settings.actor_key_file
    pool = await log_of(settings).pool()
    app = build_app(
        Desk(PostgresStore(pool), lambda: datetime.now(UTC)),
        actor_key=read_key(settings.actor_key_file),
        ready=lambda: migrating.require_head(pool, PACKAGE),
    )
    await serve(app, host=settings.http_host, port=settings.http_port)


def migrate(settings: SignoffSettings) -> None:
    log_of(settings).migrate()


def build_for_tests(clock: datetime, actor_key: OctKey) -> FastAPI:
    """The same service on fakes that pass the contract suites of the real parts."""
    return build_app(Desk(MemoryStore(), lambda: clock), actor_key=actor_key, ready=_always)


def build_for_documentation() -> FastAPI:
    return build_for_tests(datetime.now(UTC), OctKey.generate_key(256))


async def _always() -> None:
    return None
