"""Every command explains itself, with an example."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from qingyuan_cli.app import app
from qingyuan_cli.seeding import town
from qingyuan_standards.uscc import is_uscc
from registry.domain.shared import codes
from typer.testing import CliRunner

COMMANDS = (
    "up",
    "down",
    "status",
    "logs",
    "reset",
    "seed",
    "rebuild",
    "dead-letters",
    "audit",
    "keys",
    "restored",
    "user",
    "token",
    "check",
    "standards",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(command: str) -> None:
    shown = CliRunner().invoke(app, [command, "--help"], env={"TERMINAL_WIDTH": "200"})
    assert shown.exit_code == 0
    assert "例：qingyuan" in shown.output


def told(*arguments: str, typed: str = "", **settings: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "qingyuan_cli", *arguments]
    env = {**os.environ, "TERMINAL_WIDTH": "200", **settings}
    done = subprocess.run(command, input=typed, capture_output=True, text=True, check=False, env=env)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["seed", "--size"], "选项 --size 应有一个值。"),
        (["seed", "--sise", "town"], "没有选项 --sise。"),
        (["up", "--brokers", "two"], "--brokers 的值不正确。"),
        (["rebuild", "a", "b", "c"], "多余的参数："),
        (["restart"], "没有命令 restart。"),
    ],
)
def test_a_mistaken_command_line_is_answered_in_chinese(arguments: list[str], sentence: str) -> None:
    code, output = told(*arguments)
    assert code == 2
    assert sentence in output
    assert not re.search("Error|Invalid|Usage|Try|No such|Missing", output)


def test_a_reset_that_is_declined_says_that_nothing_was_deleted(tmp_path: Path) -> None:
    code, output = told("reset", typed="n\n", QINGYUAN_STATE=str(tmp_path))
    assert (code, "没有删除任何数据" in output) == (1, True)
    code, output = told("reset", QINGYUAN_STATE=str(tmp_path))
    assert (code, "已取消" in output, "Aborted" in output) == (1, True, False)


def test_the_demo_town_has_codes_that_could_be_real() -> None:
    for enterprise in town.ENTERPRISES:
        assert is_uscc(enterprise["particulars"]["uscc"])
        assert codes.is_permit_number(enterprise["particulars"]["permit_number"])
