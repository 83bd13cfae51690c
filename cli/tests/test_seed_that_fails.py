"""Whoever starts a seed that fails reads which command was refused and what the server said of it, and no traceback."""

import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncpg
import httpx
import pytest
from qingyuan_cli import app as commands
from qingyuan_cli.app import app
from qingyuan_cli.seeding import local
from qingyuan_cli.seeding.city import seed as city
from qingyuan_cli.seeding.refusals import Refusal
from qingyuan_cli.seeding.servers import SERVERS_OF_OTHERS
from qingyuan_cli.seeding.uploading import NotUploaded
from qingyuan_local.state import Running, State, write_running
from typer.testing import CliRunner

REQUEST = httpx.Request("POST", "http://127.0.0.1:1/api/tasks/contracts")
PROBLEM = {
    "title": "填写的内容有误，请按提示修改。",
    "code": "request.malformed",
    "errors": [{"field": "particulars.number", "rule": "missing", "sentence": "请填写合同编号。"}],
}


def refused(body: Any = PROBLEM) -> Refusal:
    return Refusal.of(httpx.Response(422, json=body, request=REQUEST))


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    for variable in SERVERS_OF_OTHERS:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("QINGYUAN_STATE", str(tmp_path))
    write_running(tmp_path, 1, [Running(name, 1, None, 0, "0") for name in ("postgres", "kafka-1")])
    monkeypatch.setattr(commands, "read_running", lambda _: (1, []))
    plan: Any = SimpleNamespace(url=lambda _: "", env=lambda _: {}, state=State.open(tmp_path))
    monkeypatch.setattr(commands, "plan_of", lambda _: plan)

    class NeverStarted:
        """In place of the supervisor: everything is ready at once."""

        def __init__(self, *_: Any) -> None: ...

        async def run(self, when_ready: Any) -> None:
            await when_ready(plan)

    monkeypatch.setattr("qingyuan_local.supervisor.Supervisor", NeverStarted)
    return State.open(tmp_path)


def told(monkeypatch: pytest.MonkeyPatch, error: Exception, *arguments: str) -> str:
    """What is written, and nothing of it is a traceback: an exception would be that of the runner's result."""

    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(local, "seed", fail)
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    return result.output


@pytest.mark.parametrize("command", ["up", "seed"])
def test_a_refusal_says_which_command_and_what_the_server_said(
    system: State, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    output = told(monkeypatch, refused(), command)
    assert "建立演示数据失败：POST /api/tasks/contracts 被拒绝：" in output
    assert "填写的内容有误，请按提示修改。particulars.number：请填写合同编号。" in output
    assert "422 request.malformed" in output
    assert "清源已就绪" not in output
    assert not system.seeded


@pytest.mark.parametrize("command", ["up", "seed"])
@pytest.mark.parametrize(
    ("error", "named"),
    [
        (NotUploaded("photo.jpg 没有上传成功。"), "photo.jpg"),
        (httpx.ConnectError("refused", request=REQUEST), "/api/tasks/contracts"),
        (subprocess.CalledProcessError(3, ["python", "-m", "accounts", "user", "add-many"]), "accounts user"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_else_ends_a_seed_is_told_too(
    system: State, monkeypatch: pytest.MonkeyPatch, command: str, error: Exception, named: str
) -> None:
    output = told(monkeypatch, error, command)
    assert "建立演示数据失败：" in output
    assert named in output
    assert not system.seeded


def test_a_body_that_is_no_problem_is_told_as_it_is() -> None:
    response = httpx.Response(502, text="<h1>Bad Gateway</h1>", request=REQUEST)
    assert str(Refusal.of(response)).endswith("<h1>Bad Gateway</h1>（502）。")


def test_a_city_that_is_there_is_told(system: State, monkeypatch: pytest.MonkeyPatch) -> None:
    async def load(*_: Any) -> None:
        raise asyncpg.UniqueViolationError("streams_pkey")

    monkeypatch.setattr(city, "_load", load)
    result = CliRunner().invoke(app, ["seed", "--size", "city"])
    assert (result.exit_code, type(result.exception)) == (1, SystemExit)
    assert "城市数据以前已经建立过" in result.output
