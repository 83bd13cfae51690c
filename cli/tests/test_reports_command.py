"""`qingyuan check` and `qingyuan standards diff`, which need qingyuan-standards alone and no running system."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from qingyuan_cli.app import app
from qingyuan_standards.rules import catalogue, check, versions
from typer.testing import CliRunner

CORPUS = Path(__file__).parents[2] / "libs/standards/corpus/reports"
REPORTS = json.loads((CORPUS / "flue_gas.json").read_text("utf-8"))
REFUSED = json.loads((CORPUS / "refused/refused.json").read_text("utf-8"))
ALLOWED = {"qingyuan_standards"}
"""Sheets need jsonschema; the check of a report not even that."""

PROBE = """
import sys, sysconfig
from qingyuan_standards.rules.command import run
status, told = run(sys.argv[1:])
standard = set(sys.stdlib_module_names) | {"__main__"}
loaded = {name.split(".")[0] for name, module in list(sys.modules.items()) if getattr(module, "__file__", None)}
print(status, *sorted(name for name in loaded - standard if not name.startswith("_")))
"""


def written(folder: Path, document: Any) -> str:
    path = folder / "report.json"
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return str(path)


def called(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(arguments), env={"TERMINAL_WIDTH": "200"})
    return done.exit_code, done.output


def alone(*arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "qingyuan_standards", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_checking_needs_the_library_of_standards_alone(tmp_path: Path) -> None:
    path = written(tmp_path, REPORTS[0]["document"])
    done = subprocess.run(
        [sys.executable, "-c", PROBE, "check", path, "--json"], capture_output=True, text=True, check=True
    )
    status, *loaded = done.stdout.split()
    assert status == "0"
    assert "qingyuan_standards" in loaded
    assert set(loaded) <= ALLOWED


@pytest.mark.parametrize("asked", [called, alone])
def test_the_json_is_the_verdict(tmp_path: Path, asked: Any) -> None:
    document = REPORTS[0]["document"]
    status, told = asked("check", written(tmp_path, document), "--json")
    assert status == 0
    assert json.loads(told) == check(document, catalogue()).as_json()


@pytest.mark.parametrize("asked", [called, alone])
def test_the_status_says_what_came_of_it(tmp_path: Path, asked: Any) -> None:
    failing = next(case for case in REPORTS if case["expect"]["blocking"])
    status, told = asked("check", written(tmp_path, failing["document"]))
    assert status == 1
    assert "不符合，有阻断项" in told
    assert "规则 PAIR-GAS" in told
    refused = REFUSED[0]
    status, told = asked("check", written(tmp_path, refused["document"]))
    assert status == 2
    assert "报告有 1 处问题，没有检查" in told
    assert refused["problems"][0][1] in told


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "不是正确的 JSON"),
        (b'{"document": ', "第 1 行不是正确的 JSON"),
        (b"\xff\xfe{}", "不是 UTF-8"),
        (b"[" * 200_000, "层次过深"),
        (b" " * 5_000_001, "过大，最多 5 MB"),
        (b'{"n": ' + b"9" * 5000 + b"}", "不是正确的 JSON"),
        (b'{"\\ud800": "\\udfff"}', "不是本文件的字段"),
    ],
)
def test_a_file_that_is_no_report_is_answered_with_a_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(content)
    for options in ([], ["--json"]):
        status, told = alone("check", str(path), *options)
        assert status == 2
        assert sentence in told
        assert "Traceback" not in told


def test_a_file_that_is_not_there_and_a_mistaken_command_line(tmp_path: Path) -> None:
    status, told = alone("check", str(tmp_path / "none.json"))
    assert (status, "无法读取" in told) == (2, True)
    status, told = alone("chekc", "x")
    assert (status, told.startswith("用法")) == (2, True)


def test_catalogues_are_compared(tmp_path: Path) -> None:
    newest = versions()[-1]
    assert called("standards", "diff", newest, newest)[0] == 0
    status, told = called("standards", "diff", newest, str(tmp_path))
    assert status == 2
    assert "不能使用" in told
