"""Pytest fixtures with real servers, started at their first use and stopped at the end.

`postgres_server` and `kafka_server` use the servers of `TEST_DATABASE_URL` and `TEST_KAFKA_BOOTSTRAP` if these are set,
else a container where `QINGYUAN_TEST_ENGINE` says so (see `containers`), else they start their own in a temporary folder.
Tests that kill a server are skipped unless the fixture has started it as a process.
"""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
import structlog

from qingyuan_local import kafka, setup
from qingyuan_local.children import free_port
from qingyuan_local.collecting import Collector
from qingyuan_local.containers import WITHOUT_FSYNC, ContainerEngine, chosen
from qingyuan_local.postgres import Postgres
from qingyuan_local.state import read_running

CONTAINERS = ContainerEngine()


def pytest_configure() -> None:
    print_plain_tracebacks()


def print_plain_tracebacks() -> None:
    """Logs of tests have plain tracebacks. Those with all local variables, the default, take half a second each."""
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, renderer])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that need the whole system, which `make test` runs in parallel with the others."""
    for item in items:
        if "running_stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.system)


class DatabaseServer:
    """A PostgreSQL server for tests; `fresh` gives each test an empty database."""

    def __init__(self, admin_url: str, server: Postgres | None) -> None:
        self.admin_url = admin_url
        self.server = server

    async def fresh(self, prefix: str = "test", *, like: str = "template1") -> str:
        """The URL of a new database, owned by the administrator: empty, or a copy of `like`, to which nobody is connected."""
        name = f"{prefix}_{uuid.uuid4().hex[:12]}"
        connection = await asyncpg.connect(self.admin_url)
        try:
            await connection.execute(f'create database "{name}" template "{like}"')
        finally:
            await connection.close()
        return f"{self.admin_url.rsplit('/', 1)[0]}/{name}"

    def fresh_now(self, prefix: str = "test") -> str:
        return asyncio.run(self.fresh(prefix))


class KafkaServer:
    """An Apache Kafka server for tests, which tests can kill and start again."""

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
    """A folder for servers on disk (not on a RAM disk); removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="qingyuan-test-"))
    yield folder
    # The last test's time limit (pytest-timeout's timer) is not for the databases of all tests, some gigabytes on a slow disk.
    signal.setitimer(signal.ITIMER_REAL, 0)
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
    server = Postgres(scratch / "postgres", free_port(), **WITHOUT_FSYNC)
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
    """The whole system as `make up` starts it, with the demo data, in a folder of its own."""

    def __init__(self, folder: Path, extra: dict[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, "QINGYUAN_STATE": str(folder), "PORT": str(free_port()), **extra}
        paths = json.loads(self.cli("paths"))
        self.url: str = paths["url"]
        self.password: str = paths["password"]

    def cli(self, *arguments: str, stdin: str = "") -> str:
        """The output of a `qingyuan` command, run against this system. Raises if it fails."""
        result = subprocess.run(
            [sys.executable, "-m", "qingyuan_cli", *arguments],
            env=self.environment, input=stdin, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if result.returncode:
            raise AssertionError(f"qingyuan {' '.join(arguments)}: {result.stdout}{result.stderr}")
        return result.stdout

    def processes(self) -> dict[str, int]:
        running = read_running(self.folder)
        return {process.name: process.pid for process in running[1]} if running else {}


def start_stack(folder: Path, *arguments: str, **extra: str) -> Stack:
    """Most tests count what they find, so the town has a history only where `--history` is among the arguments."""
    stack = Stack(folder, extra)
    chosen_history = () if "--history" in arguments else ("--no-history",)
    stack.cli("up", "--detach", *chosen_history, *arguments)
    return stack


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    """The collector to which the running system sends its traces."""
    collector = Collector()
    yield collector
    collector.close()


@pytest.fixture(scope="session")
def running_stack(scratch: Path, collector: Collector) -> Iterator[Stack]:
    """One system for the whole session. `TEST_STACK` names the state folder of one that is running already.

    It records only traces that the caller marks as sampled.
    """
    if folder := os.environ.get("TEST_STACK"):
        port = json.loads((Path(folder) / "ports.json").read_text())["gateway"]
        yield Stack(Path(folder), {"PORT": str(port)})
        return
    traces = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "200"}
    stack = start_stack(scratch / "stack", TRACE_RATIO="0", SESSIONS_MOST="100", **traces)
    yield stack
    stack.cli("down")
