"""One service for the tests that leave it as they found it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from qingyuan_local.testing import DatabaseServer
from uploading import Service, new_folder


@pytest.fixture(scope="session")
def service(scratch: Path, postgres_server: DatabaseServer) -> Iterator[Service]:
    running = Service(new_folder(scratch), postgres_server.fresh_now("files"), UPLOAD_BYTES_MAX="4000000")
    running.start()
    yield running
    running.kill()
