"""Test servers in containers: the real package against a fake engine that implements Docker's API and starts nothing."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from qingyuan_local.children import free_port
from qingyuan_local.containers import ContainerEngine, NoEngine, chosen, kafka_environment

ID = "c" * 64
LOG = b"[BrokerServer id=1] Transition\nKafka Server started (kafka.server.KafkaRaftServer)\n"


class Daemon(BaseHTTPRequestHandler):
    """The part of Docker's API that one container needs. `requests` lists what was called, `created` the settings of the container."""

    requests: list[str]
    created: dict[str, Any]

    def log_message(self, *_: object) -> None:
        return None

    def do_GET(self) -> None:
        self._respond("GET")

    def do_POST(self) -> None:
        self._respond("POST")

    def do_DELETE(self) -> None:
        self._respond("DELETE")

    def _respond(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = re.sub(r"^/v[0-9.]+", "", self.path.partition("?")[0])
        type(self).requests.append(f"{method} {path.replace(ID, 'ID')}")
        if path == "/containers/create":
            type(self).created = json.loads(body)
        status, content = self._content(method, path)
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if isinstance(content, bytes) else "application/json")
        self.end_headers()
        self.wfile.write(content if isinstance(content, bytes) else json.dumps(content).encode())

    def _content(self, method: str, path: str) -> tuple[int, Any]:
        match path.removeprefix(f"/containers/{ID}"):
            case "/_ping":
                return 200, b"OK"
            case "/version":
                return 200, {"ApiVersion": "1.47", "MinAPIVersion": "1.24", "Version": "28.0", "Os": "linux"}
            case "/containers/create":
                return 201, {"Id": ID, "Warnings": []}
            case "/containers/json":
                networks = {"bridge": {"Gateway": "127.0.0.1", "IPAddress": "127.0.0.1"}}
                return 200, [
                    {
                        "Id": ID,
                        "HostConfig": {"NetworkMode": "bridge"},
                        "NetworkSettings": {"Networks": networks},
                    }
                ]
            case "/json" if path.startswith("/containers/"):
                return 200, self._container()
            case "/logs":
                return 200, b"\x01\0\0\0" + len(LOG).to_bytes(4, "big") + LOG
            case "/exec":
                return 201, {"Id": "e"}
            case "/exec/e/start":
                return 200, b""
            case "/exec/e/json":
                return 200, {"ExitCode": 0, "Running": False}
            case "" if method == "DELETE":
                return 204, b""
            case _:
                return (200, {"Id": "i", "RepoTags": []}) if "/images/" in path else (204, b"")

    def _container(self) -> dict[str, Any]:
        bound = {"5432/tcp": [{"HostIp": "0.0.0.0", "HostPort": "54321"}]}
        state = {"Status": "running", "Running": True, "Pid": 1}
        return {"Id": ID, "State": state, "Config": {"Tty": False}, "NetworkSettings": {"Ports": bound}}


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Daemon]]:
    monkeypatch.setattr(Daemon, "requests", [], raising=False)
    monkeypatch.setattr(Daemon, "created", {}, raising=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Daemon)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{server.server_port}")
    monkeypatch.setattr("testcontainers.core.config.testcontainers_config.ryuk_disabled", True)
    yield Daemon
    server.shutdown()
    thread.join()
    server.server_close()


class Engine:
    def __init__(self, available: bool) -> None:
        self._available = available

    def answers(self) -> bool:
        return self._available

    def postgres(self) -> AbstractContextManager[str]:
        return nullcontext("")

    def kafka(self) -> AbstractContextManager[str]:
        return nullcontext("")


@pytest.mark.parametrize(
    ("environment", "available", "engine"),
    [
        ({}, True, "local"),
        ({"QINGYUAN_TEST_ENGINE": "local"}, True, "local"),
        ({"QINGYUAN_TEST_ENGINE": "docker"}, True, "docker"),
        ({"QINGYUAN_TEST_ENGINE": "auto"}, True, "docker"),
        ({"QINGYUAN_TEST_ENGINE": "auto"}, False, "local"),
    ],
)
def test_the_engine_is_chosen_by_the_variable_and_by_whether_one_answers(
    environment: dict[str, str], available: bool, engine: str
) -> None:
    assert chosen(environment, Engine(available)) == engine


def test_a_missing_engine_and_an_unknown_value_are_errors() -> None:
    with pytest.raises(NoEngine, match="no container engine answers"):
        chosen({"QINGYUAN_TEST_ENGINE": "docker"}, Engine(available=False))
    with pytest.raises(ValueError, match="podman"):
        chosen({"QINGYUAN_TEST_ENGINE": "podman"}, Engine(available=True))


def test_whether_an_engine_answers(daemon: type[Daemon], monkeypatch: pytest.MonkeyPatch) -> None:
    assert ContainerEngine().answers()
    assert "GET /_ping" in daemon.requests
    monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{free_port()}")
    assert not ContainerEngine().answers()


def test_a_broker_is_started_reached_by_its_port_and_removed(daemon: type[Daemon]) -> None:
    with ContainerEngine().kafka() as bootstrap:
        port = int(bootstrap.rpartition(":")[2])
        bindings = daemon.created["HostConfig"]["PortBindings"]
        assert bindings == {"9092/tcp": [{"HostIp": "", "HostPort": str(port)}]}
        assert {f"{name}={value}" for name, value in kafka_environment(port).items()} <= set(
            daemon.created["Env"]
        )
        assert "POST /containers/ID/start" in daemon.requests
    assert daemon.requests[-1] == "DELETE /containers/ID"


def test_a_database_is_started_reached_by_its_url_and_removed(daemon: type[Daemon]) -> None:
    with ContainerEngine().postgres() as url:
        assert re.fullmatch(r"postgresql://test:test@[^/]+:54321/test", url)
        assert daemon.created["Cmd"][:2] == ["-c", "fsync=off"]
    assert daemon.requests[-1] == "DELETE /containers/ID"
