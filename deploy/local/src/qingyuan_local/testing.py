"""Pytest fixtures: real servers for tests, started when first asked for and gone afterwards.

`postgres_server` and `kafka_server` use what `TEST_DATABASE_URL` and `TEST_KAFKA_BOOTSTRAP` name, when
they are set; else a container where `QINGYUAN_TEST_ENGINE` says so (`containers`), or a server of their own in a
temporary folder. Tests that kill a server are skipped where it is not a process of theirs.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from qingyuan_local import kafka, setup
from qingyuan_local.children import free_port
from qingyuan_local.collecting import Collector
from qingyuan_local.containers import ContainerEngine, chosen
from qingyuan_local.postgres import Postgres
from qingyuan_local.state import read_running

CONTAINERS = ContainerEngine()
FORGETFUL = {"fsync": "off", "full_page_writes": "off"}
"""No test cuts the power of the machine under this server; killed processes lose nothing by it."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test` runs what needs a whole system beside everything else."""
    for item in items:
        if "running_stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.system)


class DatabaseServer:
    """A PostgreSQL for tests: every test asks for a fresh, empty database."""

    def __init__(self, admin_url: str, server: Postgres | None) -> None:
        self.admin_url = admin_url
        self.server = server

    async def fresh(self, prefix: str = "test") -> str:
        """The URL of a new empty database, owned by the administrator."""
        name = f"{prefix}_{uuid.uuid4().hex[:12]}"
        connection = await asyncpg.connect(self.admin_url)
        try:
            await connection.execute(f'create database "{name}"')
        finally:
            await connection.close()
        return f"{self.admin_url.rsplit('/', 1)[0]}/{name}"

    def fresh_now(self, prefix: str = "test") -> str:
        return asyncio.run(self.fresh(prefix))


class KafkaServer:
    """An Apache Kafka for tests, with a hard death on request."""

    def __init__(self, bootstrap: str, broker: kafka.Broker | None) -> None:
        self.bootstrap = bootstrap
        self._broker = broker

    def kill_hard(self) -> None:
        if self._broker is None:
            pytest.skip("the broker is not ours to kill")
        self._broker.kill_hard()

    def start(self) -> None:
        if self._broker:
            self._broker.start()


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder on disk (not on a RAM disk) for servers; removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="qingyuan-test-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(scratch: Path) -> Iterator[DatabaseServer]:
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield DatabaseServer(url, None)
        return
    if chosen(os.environ, CONTAINERS) == "docker":
        with CONTAINERS.postgres() as url:
            yield DatabaseServer(url, None)
        return
    server = Postgres(scratch / "postgres", free_port(), **FORGETFUL)
    server.start()
    yield DatabaseServer(server.url(), server)
    server.stop_at_once()


@pytest.fixture(scope="session")
def kafka_server(scratch: Path) -> Iterator[KafkaServer]:
    if bootstrap := os.environ.get("TEST_KAFKA_BOOTSTRAP"):
        yield KafkaServer(bootstrap, None)
        return
    if chosen(os.environ, CONTAINERS) == "docker":
        with CONTAINERS.kafka() as bootstrap:
            yield KafkaServer(bootstrap, None)
        return
    jars = setup.jars_folder()
    kafka.fetch_jars(jars)
    node = kafka.Node(1, free_port(), free_port())
    broker = kafka.Broker(scratch / "kafka", jars, node, [node])
    broker.start()
    yield KafkaServer(broker.bootstrap, broker)
    broker.kill_hard()


class Stack:
    """The whole system as `make up` starts it, in a folder of its own, with the demo town."""

    def __init__(self, folder: Path, extra: dict[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, "QINGYUAN_STATE": str(folder), "PORT": str(free_port()), **extra}
        paths = json.loads(self.cli("paths"))
        self.url: str = paths["url"]
        self.password: str = paths["password"]

    def cli(self, *arguments: str, stdin: str = "") -> str:
        """Run a command of `qingyuan` against this system; its output. Raises when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "qingyuan_cli", *arguments],
            env=self.environment, input=stdin, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise AssertionError(f"qingyuan {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def processes(self) -> dict[str, int]:
        found = read_running(self.folder)
        return {one.name: one.pid for one in found[1]} if found else {}


def start_stack(folder: Path, *arguments: str, **extra: str) -> Stack:
    stack = Stack(folder, extra)
    stack.cli("up", "--detach", *arguments)
    return stack


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    """Where the running system sends its traces."""
    made = Collector()
    yield made
    made.close()


@pytest.fixture(scope="session")
def running_stack(scratch: Path, collector: Collector) -> Iterator[Stack]:
    """One for the whole session; `TEST_STACK` names the state folder of one that runs already.

    It records no trace but those whose caller asks for it.
    """
    if folder := os.environ.get("TEST_STACK"):
        port = json.loads((Path(folder) / "ports.json").read_text())["gateway"]
        yield Stack(Path(folder), {"PORT": str(port)})
        return
    traces = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "200"}
    stack = start_stack(scratch / "stack", TRACE_RATIO="0", SESSIONS_MOST="100", **traces)
    yield stack
    stack.cli("down")
