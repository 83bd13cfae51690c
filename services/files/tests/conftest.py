"""A running service that tests share, a technician who uploads to it, and for each test that applies facts a database of its own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from files.main import SERVICE
from files.settings import FilesSettings
from qingyuan_local.testing import DatabaseServer
from referring import Reading
from uploading import TECHNICIAN, Person, Service, new_folder


@pytest.fixture(scope="session")
def service(scratch: Path, postgres_server: DatabaseServer) -> Iterator[Service]:
    running = Service(new_folder(scratch), postgres_server.fresh_now("files"), UPLOAD_BYTES_MAX="4000000")
    running.start()
    yield running
    running.kill()


@pytest.fixture
async def reading(postgres_server: DatabaseServer) -> AsyncIterator[Reading]:
    dsn = await postgres_server.fresh("files")
    await asyncio.to_thread(SERVICE.migrate, FilesSettings(database_url=dsn, migration_database_url=dsn))
    made = Reading(dsn)
    await made.open()
    yield made
    await made.pool.close()


@pytest.fixture
def technician(service: Service) -> Person:
    return service.as_(TECHNICIAN)
