"""Demo data are written to servers of this folder only, and that is asked each time before anything is written."""

import json
from pathlib import Path
from typing import Any

import pytest
from qingyuan_cli import app as commands
from qingyuan_cli.app import app
from qingyuan_cli.seeding import local
from qingyuan_cli.seeding.city import seed as city
from qingyuan_cli.seeding.servers import SERVERS_OF_OTHERS, ServersOfOthers, has_own_servers
from qingyuan_local.databases import Databases
from qingyuan_local.processes import Plan
from qingyuan_local.state import Running, State, write_running
from typer.testing import CliRunner

OWN = ("postgres", "kafka-1", "gateway")
CHOSEN = json.dumps({"today": "2026-01-05", "history": True})
NO_PLAN: Any = None
Seeded = list[str]


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    """A system whose first seed has given it a history."""
    for variable in SERVERS_OF_OTHERS:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("QINGYUAN_STATE", str(tmp_path))
    (tmp_path / "demo.json").write_text(CHOSEN)
    started(tmp_path, *OWN)
    return State.open(tmp_path)


@pytest.fixture
def seeded(monkeypatch: pytest.MonkeyPatch) -> Seeded:
    """What has been written by a seed."""
    written: Seeded = []
    monkeypatch.setattr(local, "seed", lambda *_: written.append("town"))

    async def load_city(*_: Any) -> None:
        written.append("city")

    monkeypatch.setattr(city, "_load", load_city)
    monkeypatch.setattr(city, "_rebuild", lambda *_: None)
    monkeypatch.setattr(commands, "read_running", lambda _: (1, []))
    monkeypatch.setattr(commands, "plan_of", plan)
    return written


def plan(system: State) -> Plan:
    assert has_own_servers(system), "the folder has no database of its own to plan with"
    return Plan(system, Databases("postgresql://postgres:p@127.0.0.1:1/postgres", system), "", False, {})


def started(folder: Path, *names: str) -> None:
    write_running(folder, 1, [Running(name, 1, None, 0, "0") for name in names])


@pytest.mark.parametrize("size", ["town", "city"])
def test_on_its_own_servers_it_seeds_as_often_as_it_is_asked(
    system: State, seeded: Seeded, size: str
) -> None:
    for _ in range(2):
        assert CliRunner().invoke(app, ["seed", "--size", size]).exit_code == 0
    assert seeded == [size, size]


@pytest.mark.parametrize("size", ["town", "city"])
@pytest.mark.parametrize("variable", SERVERS_OF_OTHERS)
def test_servers_that_the_shell_names_are_refused(
    system: State, seeded: Seeded, monkeypatch: pytest.MonkeyPatch, variable: str, size: str
) -> None:
    monkeypatch.setenv(variable, "postgresql://somebody@somewhere/x")
    told = CliRunner().invoke(app, ["seed", "--size", size])
    assert (told.exit_code, seeded) == (1, [])
    assert "其中可能有真实数据" in told.output
    assert not system.seeded


@pytest.mark.parametrize("names", [("kafka-1", "gateway"), ("postgres", "gateway")])
def test_servers_that_the_supervisor_was_given_are_refused(
    system: State, seeded: Seeded, names: tuple[str, ...]
) -> None:
    started(system.folder, *names)
    assert CliRunner().invoke(app, ["seed"]).exit_code == 1
    assert seeded == []


def test_a_new_folder_chooses_nothing_for_servers_of_others(
    tmp_path: Path, seeded: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@somewhere/x")
    fresh = State.open(tmp_path)
    with pytest.raises(ServersOfOthers):
        local.seed_town(fresh, NO_PLAN, True)
    assert (seeded, (tmp_path / "demo.json").exists()) == ([], False)


class NeverStarted:
    """In place of the supervisor: everything is ready at once."""

    def __init__(self, state: State, *_: Any) -> None:
        self._state = state

    async def run(self, when_ready: Any) -> None:
        await when_ready(Plan(self._state, Databases("", self._state), "", False, {}))


@pytest.mark.parametrize(("variable", "written"), [("", ["town"]), ("DATABASE_URL", [])])
def test_up_goes_on_without_demo_on_servers_of_others(
    system: State, seeded: Seeded, monkeypatch: pytest.MonkeyPatch, variable: str, written: Seeded
) -> None:
    monkeypatch.setattr("qingyuan_local.supervisor.Supervisor", NeverStarted)
    if variable:
        monkeypatch.setenv(variable, "postgresql://somebody@somewhere/x")
    told = CliRunner().invoke(app, ["up"])
    assert (told.exit_code, seeded) == (0, written)
    assert "清源已就绪" in told.output
    assert ("没有建立演示数据" in told.output) is bool(variable)
    assert (system.demo_password in told.output) is not bool(variable)
