"""Test servers in containers, for machines with a container engine. By default they run as processes.

`QINGYUAN_TEST_ENGINE` chooses: `local` (the default: the same processes as `make up`, which tests may kill), `docker`,
or `auto` (containers where an engine answers).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final, Literal, Protocol

from qingyuan_local.children import free_port
from qingyuan_local.postgres import SETTINGS

POSTGRES_IMAGE: Final = "postgres:18"
KAFKA_IMAGE: Final = "apache/kafka:4.1.0"
KAFKA_PORT: Final = 9092
WITHOUT_FSYNC: Final = {"fsync": "off", "full_page_writes": "off"}
"""Safe here: data would be lost only if the whole machine failed, not if processes are killed."""

Engine = Literal["local", "docker"]


class NoEngine(Exception):
    """`QINGYUAN_TEST_ENGINE` is `docker`, and no container engine answers."""


class Containers(Protocol):
    """What the fixtures need of a container engine. Implemented with `testcontainers`."""

    def answers(self) -> bool: ...

    def postgres(self) -> AbstractContextManager[str]:
        """A PostgreSQL server that runs while the context is open. Gives the URL of its superuser."""
        ...

    def kafka(self) -> AbstractContextManager[str]:
        """A broker that runs while the context is open. Gives its bootstrap address."""
        ...


def chosen(environment: Mapping[str, str], containers: Containers) -> Engine:
    """Which engine the fixtures use. Raises `NoEngine`, or ValueError for an unknown value of the variable."""
    match environment.get("QINGYUAN_TEST_ENGINE", "local"):
        case "local":
            return "local"
        case "docker":
            if not containers.answers():
                raise NoEngine("QINGYUAN_TEST_ENGINE=docker, but no container engine answers")
            return "docker"
        case "auto":
            return "docker" if containers.answers() else "local"
        case other:
            raise ValueError(f"QINGYUAN_TEST_ENGINE is local, docker or auto, not {other!r}")


class ContainerEngine:
    """Uses the package `testcontainers`, which also removes the containers of killed tests."""

    def __init__(self, open_client: Callable[[], Any] | None = None) -> None:
        self._open_client = open_client or _docker_client

    def answers(self) -> bool:
        try:
            return bool(self._open_client().ping())
        except Exception:  # every client has errors of its own for an engine that is not there
            return False

    @contextmanager
    def postgres(self) -> Iterator[str]:
        from testcontainers.community.postgres import PostgresContainer

        server = PostgresContainer(POSTGRES_IMAGE, driver=None).with_command(
            _options(WITHOUT_FSYNC | {"max_connections": SETTINGS["max_connections"]})
        )
        with server:
            yield server.get_connection_url()

    @contextmanager
    def kafka(self) -> Iterator[str]:
        from testcontainers.core.container import DockerContainer
        from testcontainers.core.wait_strategies import LogMessageWaitStrategy

        port = free_port()
        server = DockerContainer(KAFKA_IMAGE).with_bind_ports(KAFKA_PORT, port)
        for name, value in kafka_environment(port).items():
            server = server.with_env(name, value)
        with server.waiting_for(LogMessageWaitStrategy("Kafka Server started")):
            yield f"127.0.0.1:{port}"


def _options(settings: Mapping[str, str]) -> str:
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def kafka_environment(port: int) -> dict[str, str]:
    """One node that is broker and controller, reachable from this machine at `port`."""
    return {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_LISTENERS": f"PLAINTEXT://:{KAFKA_PORT},CONTROLLER://:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://127.0.0.1:{port}",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
    }


def _docker_client() -> Any:
    from testcontainers.core.docker_client import DockerClient

    return DockerClient(timeout=3).client
