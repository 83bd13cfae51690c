"""The views service's composition root: the only place that constructs anything."""

import asyncio
from collections.abc import Mapping
from typing import cast

from fastapi import FastAPI
from joserfc.jwk import OctKey
from qingyuan_runtime import migrating, rebuilding
from qingyuan_runtime.actors import read_key
from qingyuan_runtime.broker_kafka import KafkaReader
from qingyuan_runtime.database import Pool, open_pool
from qingyuan_runtime.health import serve_health
from qingyuan_runtime.http import Ready, create_app
from qingyuan_runtime.process import Role, serve
from qingyuan_runtime.projecting import OpenReader, ProjectionRunner
from qingyuan_runtime.rebuilding import Rebuild, session_of
from qingyuan_runtime.telemetry import start_telemetry

from views.register import http, projection
from views.register.projection import Register
from views.register.queries import RegisterQueries
from views.settings import ViewsSettings

PACKAGE = "views"


def roles(settings: ViewsSettings) -> Mapping[str, Role]:
    start_telemetry(
        PACKAGE,
        log_level=settings.log_level,
        trace_ratio=settings.trace_ratio,
        otlp_endpoint=settings.otel_exporter_otlp_endpoint,
    )
    return {"api": lambda: api(settings), "project register": lambda: project_register(settings)}


async def api(settings: ViewsSettings) -> None:
    assert settings.actor_key_file
    pool = await open_pool(settings.database_url, size=12, session={"search_path": projection.MODEL})
    public = await open_pool(settings.database_url, size=1)
    app = build_app(
        RegisterQueries(pool),
        actor_key=read_key(settings.actor_key_file),
        ready=lambda: migrating.require_head(public, PACKAGE),
    )
    await serve(app, host=settings.http_host, port=settings.http_port)


def build_app(register: RegisterQueries, *, actor_key: OctKey, ready: Ready) -> FastAPI:
    app = create_app(PACKAGE, actor_key=actor_key, ready=ready)
    app.state.register = register
    app.add_exception_handler(http.Behind, http.behind)
    app.include_router(http.router)
    return app


async def project_register(settings: ViewsSettings) -> None:
    pool = await open_pool(settings.database_url, size=4, session=session_of(projection.MODEL))
    runner = ProjectionRunner(Register(), pool, reader_of(settings))
    await serve_health(settings, runner.run())


def reader_of(settings: ViewsSettings) -> OpenReader:
    return lambda: KafkaReader.open(settings.kafka_bootstrap, Register.topic)


def rebuild_of(settings: ViewsSettings) -> Rebuild:
    return Rebuild(
        projection=Register(),
        own_script=projection.create_script(),
        view_dsn=settings.database_url,
        source_dsn=settings.source_database_url,
        open_reader=reader_of(settings),
    )


def migrate(settings: ViewsSettings) -> None:
    migrating.upgrade(PACKAGE, owner_url=settings.migration_database_url, app_url=settings.database_url)
    asyncio.run(rebuilding.ensure_live(settings.database_url, projection.MODEL, projection.create_script()))


def build_for_documentation() -> FastAPI:
    """The routes without a database, for the OpenAPI document."""

    async def ready() -> None:
        return None

    return build_app(RegisterQueries(cast(Pool, None)), actor_key=OctKey.generate_key(256), ready=ready)
