"""`qingyuan up` as a person meets it: deaths are mended, data stay, and nothing is left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest
from qingyuan_local.state import PortTaken, State
from qingyuan_local.testing import Stack, start_stack

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]


def until(condition: Callable[[], bool], patience: float = 60) -> None:
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "did not come about in time"
        time.sleep(0.1)


def healthy(stack: Stack) -> bool:
    try:
        return httpx.get(f"{stack.url}/api/session", trust_env=False).status_code == 401
    except httpx.HTTPError:
        return False


def enterprises(stack: Stack) -> int:
    with httpx.Client(base_url=stack.url, headers={"Origin": stack.url}, trust_env=False) as http:
        answer = http.post("/api/session", json={"account": "demo-city", "password": stack.password})
        http.headers["Cookie"] = answer.headers["set-cookie"].partition(";")[0]
        return len(http.get("/api/views/enterprises").json()["items"])


def test_a_death_is_mended_data_stay_and_nothing_is_left_behind(scratch: Path) -> None:
    stack = start_stack(scratch / "lived-in")
    before = stack.processes()
    assert enterprises(stack) == 3

    os.kill(before["registry"], signal.SIGKILL)
    until(lambda: stack.processes()["registry"] != before["registry"])
    until(lambda: enterprises(stack) == 3)
    assert "registry 已退出" in (stack.folder / "log" / "up.log").read_text()
    again = subprocess.run(
        [sys.executable, "-m", "qingyuan_cli", "up"],
        env={**os.environ, "QINGYUAN_STATE": str(stack.folder)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (again.returncode, "已在运行" in again.stdout) == (1, True)

    stack.cli("down")
    assert not any(psutil.pid_exists(pid) for pid in stack.processes().values())
    assert not healthy(stack)

    stack = start_stack(scratch / "lived-in")
    assert enterprises(stack) == 3
    assert "建立演示数据" not in (stack.folder / "log" / "up.log").read_text()

    supervisor = json.loads((stack.folder / "run.json").read_text())["supervisor"]
    orphans = list(stack.processes().values())
    os.kill(supervisor, signal.SIGKILL)
    until(lambda: not any(psutil.pid_exists(pid) for pid in orphans))


def test_a_port_taken_by_somebody_else_is_said_in_one_sentence(tmp_path: Path) -> None:
    state = State.open(tmp_path)
    port = state.port("registry")
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(PortTaken, match=f"端口 {port}（registry）已被其他程序占用"):
            state.require_free("registry")


def test_ports_and_secrets_are_remembered_and_secrets_are_private(tmp_path: Path) -> None:
    first = State.open(tmp_path)
    port = first.port("registry")
    second = State.open(tmp_path)
    assert second.port("registry") == port
    assert first.secret("actor-key") == second.secret("actor-key") != first.secret("another")
    assert (tmp_path / "secrets" / "actor-key").stat().st_mode & 0o077 == 0
