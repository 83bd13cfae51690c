"""Functions and files stay short: median at most 8 lines, 19 of 20 at most 25, none over 50; files at most 300 lines (tests 600)."""

import ast
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parent.parent
PLACES = ("libs", "services", "deploy/local", "cli")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(*, tests: bool) -> list[Path]:
    found = (path for place in PLACES for path in (ROOT / place).rglob("*.py"))
    kept = (path for path in found if not {"node_modules", "versions", ".venv", "build"} & set(path.parts))
    return [path for path in kept if ("tests" in path.parts) == tests]


@cache
def lengths(path: Path) -> list[tuple[str, int]]:
    functions = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, Function))
    return [(f"{path.relative_to(ROOT)}:{node.name}", body_lines(node)) for node in functions]


def body_lines(node: Function) -> int:
    """Lines from the first statement to the last, without the docstring: signatures are not work."""
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    last = node.end_lineno or node.lineno
    return last - body[0].lineno + 1


def test_no_function_is_longer_than_fifty_lines() -> None:
    assert [name for path in sources(tests=False) for name, n in lengths(path) if n > 50] == []


def test_most_functions_are_read_at_a_glance() -> None:
    found = sorted(n for path in sources(tests=False) for _, n in lengths(path))
    assert median(found) <= 8
    assert found[int(len(found) * 0.95)] <= 25


@pytest.mark.parametrize(("tests", "limit"), [(False, 300), (True, 600)])
def test_no_file_is_too_long(tests: bool, limit: int) -> None:
    too_long = [str(path.relative_to(ROOT)) for path in sources(tests=tests) if lines(path) > limit]
    assert too_long == []


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_the_measure_sees_a_long_function() -> None:
    code = "def long():\n" + "    x = 1\n" * 51
    node = ast.parse(code).body[0]
    assert isinstance(node, Function)
    assert body_lines(node) == 51


def test_no_two_helpers_of_tests_have_one_name() -> None:
    """Their folders are all on the import path, so one of two would hide the other."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    modules = [path.name for folder in options["pythonpath"] for path in (ROOT / folder).glob("*.py")]
    helpers = Counter(name for name in modules if not name.startswith("test_") and name != "conftest.py")
    assert [name for name, number in helpers.items() if number > 1] == []
