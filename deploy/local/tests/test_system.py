"""`qingyuan up` as a person meets it: deaths are mended, data stay, and nothing is left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from qingyuan_local.state import last_running, supervisor_of
from qingyuan_local.testing import Stack, start_stack
from qingyuan_runtime.topology import NAMES, SERVICES

SERVERS = ("postgres", "kafka-1", "wechat")

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


@pytest.fixture
def folder(scratch: Path) -> Iterator[Path]:
    """Of a system that is ended also where the test fails."""
    lived_in = scratch / "lived-in"
    yield lived_in
    if supervisor := supervisor_of(lived_in):
        os.kill(supervisor, signal.SIGTERM)
        until(lambda: supervisor_of(lived_in) is None)


@pytest.mark.long
def test_a_death_is_mended_data_stay_and_nothing_is_left_behind(folder: Path) -> None:
    stack = start_stack(folder)
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

    started = stack.processes()
    stack.cli("down")
    assert set(started) == {*SERVERS, *NAMES}
    assert not any(psutil.pid_exists(pid) for pid in started.values())
    assert not healthy(stack)

    stack = start_stack(folder, "--split")
    assert enterprises(stack) == 3
    each_role_is_a_process(stack)
    assert "建立演示数据" not in (stack.folder / "log" / "up.log").read_text()

    orphans = list(stack.processes().values())
    os.kill(supervisor_of(stack.folder) or 0, signal.SIGKILL)
    ends_with_one_key(stack.folder)
    assert not any(psutil.pid_exists(pid) for pid in orphans)


def each_role_is_a_process(stack: Stack) -> None:
    """And each answers for itself, with the figures of its role, as soon as it has measured them once."""
    assert len(status(stack)) == len(SERVERS) + sum(len(entry.processes) for entry in SERVICES)
    until(lambda: status(stack)["registry-relay"].get("qingyuan_relay_lag_seconds", 60) < 60)
    until(lambda: "qingyuan_projection_lag_events" in status(stack)["views-project-register"])


def status(stack: Stack) -> dict[str, dict[str, float]]:
    """The figures of each process by its name."""
    return {line["name"]: line["figures"] for line in json.loads(stack.cli("status", "--json"))}


def ends_with_one_key(folder: Path) -> None:
    """`up` in the foreground, at once after a hard death; then Ctrl-C, which reaches its process group."""
    foreground = subprocess.Popen(
        [sys.executable, "-m", "qingyuan_cli", "up"], env={**os.environ, "QINGYUAN_STATE": str(folder)},
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert foreground.stdout
    assert any("demo-district-2" in line for line in foreground.stdout)
    started = [process.pid for process in last_running(folder)]
    assert len(started) == len(SERVERS) + len(NAMES)
    os.killpg(foreground.pid, signal.SIGINT)
    assert "已停止" in foreground.stdout.read()
    assert foreground.wait() == 0
    assert not any(psutil.pid_exists(pid) for pid in started)
