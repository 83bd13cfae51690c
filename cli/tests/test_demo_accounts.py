"""A system that an older version has seeded gets the demo accounts that it lacks; `up` shows those that are there. On real PostgreSQL."""

import asyncio
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from qingyuan_cli import app as commands
from qingyuan_cli.app import app
from qingyuan_cli.seeding import local
from qingyuan_cli.seeding.demo_accounts import LABELS, accounts_in, add_missing
from qingyuan_cli.seeding.seed import user_adder
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database import migrating
from test_seeding_servers import NeverStarted, system  # noqa: F401
from typer.testing import CliRunner

pytestmark = pytest.mark.servers
PASSWORD = "Demo-k7XqB2mZp4"
FACTORY = "00000000-0000-0000-0000-0000000000f1"
OLD: list[dict[str, Any]] = [
    {"name": "demo-admin", "label": "系统管理员（演示）", "kind": "administrator"},
    {
        "name": "demo-enterprise",
        "label": "清泉",
        "kind": "enterprise",
        "organisation": FACTORY,
        "signs": True,
    },
]
"""What a version had seeded that knew no roles of administrators."""


@pytest.fixture
async def env(postgres_server: DatabaseServer) -> Mapping[str, str]:
    owner = await postgres_server.fresh("accounts")
    await asyncio.to_thread(migrating.upgrade, "accounts", owner_url=owner, app_url=owner)
    return {"DATABASE_URL": owner}


async def test_an_older_system_gets_what_it_lacks_and_keeps_what_it_has(env: Mapping[str, str]) -> None:
    add = user_adder(env, PASSWORD)
    await asyncio.to_thread(add, OLD)
    before = await asyncio.to_thread(accounts_in, env)
    added = await asyncio.to_thread(add_missing, before, add)
    after = await asyncio.to_thread(accounts_in, env)
    assert set(after) == set(LABELS) - {"demo-enterprise-2", "demo-enterprise-3"} == set(before) | set(added)
    assert {name: after[name] for name in before} == before
    assert (after["demo-audit"]["role"], after["demo-signatory"]["organisation"]) == ("audit", FACTORY)
    assert await asyncio.to_thread(add_missing, after, add) == []


async def test_a_list_shows_the_role_and_who_signs(env: Mapping[str, str]) -> None:
    await asyncio.to_thread(user_adder(env, PASSWORD), OLD)
    command = [sys.executable, "-m", "accounts", "user", "list"]
    listed = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, env=dict(env), check=True
    )
    admin, factory = sorted(listed.stdout.splitlines())
    assert " system " in admin
    assert "签字" not in admin
    assert " manager " in factory
    assert " 签字 " in factory


def test_up_shows_only_the_accounts_that_are_there(system: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr("qingyuan_local.supervisor.Supervisor", NeverStarted)
    monkeypatch.setattr(commands, "read_running", lambda _: (1, []))
    monkeypatch.setattr(local, "accounts_in", lambda _: {"demo-admin": {}})
    monkeypatch.setattr(local, "add_missing", lambda *_: ["demo-audit"])
    assert "demo-" not in CliRunner().invoke(app, ["up", "--no-demo"]).output, "nothing was seeded"
    (system.folder / "seeded").touch()
    shown = CliRunner().invoke(app, ["up"]).output
    assert "补上演示账户：demo-audit" in shown
    assert [name for name in LABELS if f"  {name} " in shown] == ["demo-admin", "demo-audit"]
    assert "demo-audit" not in CliRunner().invoke(app, ["up", "--no-demo"]).output


@pytest.mark.parametrize("arguments", [("add", "--help"), ("--help",), ()])
def test_the_help_of_accounts_is_shown_without_a_system(arguments: tuple[str, ...], tmp_path: Any) -> None:
    command = [sys.executable, "-m", "qingyuan_cli", "user", *arguments]
    env = {"QINGYUAN_STATE": str(tmp_path), "TERMINAL_WIDTH": "200"}
    shown = subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout
    assert ("--district" if "add" in arguments else "end-sessions") in shown
