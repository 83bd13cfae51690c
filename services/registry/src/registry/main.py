"""The registry's composition root: the only place that constructs anything, and its twin with fakes."""

import asyncio
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from fastapi import FastAPI
from joserfc.jwk import OctKey
from qingyuan_events.registry import RegistryFact
from qingyuan_runtime import migrating, privacy
from qingyuan_runtime.actors import read_key
from qingyuan_runtime.auditing import Auditor
from qingyuan_runtime.broker_kafka import KafkaPublisher, KafkaReader
from qingyuan_runtime.database import Pool, open_pool
from qingyuan_runtime.health import serve_health
from qingyuan_runtime.privacy import MemoryKeys, PostgresKeys, read_kek
from qingyuan_runtime.process import Role, serve
from qingyuan_runtime.relay import Relay, Source
from qingyuan_runtime.store_memory import MemoryStore
from qingyuan_runtime.store_postgres import PostgresStore
from qingyuan_runtime.telemetry import start_telemetry

from registry.desk import Desk
from registry.http import build_app
from registry.importing.desk import ImportDesk
from registry.importing.working import ImportWorker
from registry.settings import RegistrySettings

PACKAGE = "registry"
TOPIC = RegistryFact.topic


def roles(settings: RegistrySettings) -> Mapping[str, Role]:
    """Every role of this service by the name of its process."""
    start_telemetry(
        PACKAGE,
        log_level=settings.log_level,
        trace_ratio=settings.trace_ratio,
        otlp_endpoint=settings.otel_exporter_otlp_endpoint,
    )
    return {
        "api": lambda: api(settings),
        "relay": lambda: relay(settings),
        "worker": lambda: worker(settings),
        "auditor": lambda: auditor(settings),
    }


async def api(settings: RegistrySettings) -> None:
    assert settings.actor_key_file
    pool = await open_pool(settings.database_url)
    app = build_app(
        await _desk(settings, pool),
        ImportDesk(pool),
        actor_key=read_key(settings.actor_key_file),
        ready=lambda: migrating.require_head(pool, PACKAGE),
    )
    await serve(app, host=settings.http_host, port=settings.http_port)


async def _desk(settings: RegistrySettings, pool: Pool) -> Desk:
    assert settings.key_encryption_key_file
    keys_pool = await open_pool(settings.keys_database_url, size=3)
    keys = PostgresKeys(keys_pool, read_kek(settings.key_encryption_key_file))
    return Desk(PostgresStore(pool), keys, lambda: datetime.now(UTC))


async def worker(settings: RegistrySettings) -> None:
    pool = await open_pool(settings.database_url, size=4)
    running = ImportWorker(await _desk(settings, pool), ImportDesk(pool), pool)
    await serve_health(settings, running.run())


async def relay(settings: RegistrySettings) -> None:
    source = Source(settings.database_url, PACKAGE, settings.relay_shard, settings.relay_shards)
    running = Relay(source, lambda: KafkaPublisher.open(settings.kafka_bootstrap, TOPIC))
    await serve_health(settings, running.run())


async def auditor(settings: RegistrySettings) -> None:
    running = Auditor(lambda: KafkaReader.open(settings.kafka_bootstrap, TOPIC, patient=True))
    await serve_health(settings, running.run())


def audit(settings: RegistrySettings) -> None:
    """Read the whole topic once and print what it holds, as one JSON line."""
    auditor = Auditor(lambda: KafkaReader.open(settings.kafka_bootstrap, TOPIC))
    found = asyncio.run(auditor.read_to_end())
    figures = {"read": found.read, "streams": found.streams, "repeats": found.repeats}
    faults = {"holes": found.holes, "inversions": found.inversions, "faults": found.faults[:20]}
    sys.stdout.write(json.dumps(figures | faults, ensure_ascii=False) + "\n")


def migrate(settings: RegistrySettings) -> None:
    migrating.upgrade(PACKAGE, owner_url=settings.migration_database_url, app_url=settings.database_url)
    migrating.run_once(settings.keys_database_url, privacy.create_script())


def build_for_tests(clock: datetime, actor_key: OctKey) -> FastAPI:
    """The same service on fakes that pass the contract suites of the real parts."""
    desk = Desk(MemoryStore(), MemoryKeys(), lambda: clock)
    return build_app(desk, None, actor_key=actor_key, ready=_always)


def build_for_documentation() -> FastAPI:
    return build_for_tests(datetime.now(UTC), OctKey.generate_key(256))


async def _always() -> None:
    return None
