"""Folders of tests share one namespace (`pythonpath`): what one test imports from another must be there once."""

import ast
import tomllib
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent


def modules() -> dict[str, list[Path]]:
    """By name, what the folders in `pythonpath` hold."""
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found = defaultdict(list)
    for folder in configured["tool"]["pytest"]["ini_options"]["pythonpath"]:
        for path in (ROOT / folder).glob("*.py"):
            found[path.stem].append(path.relative_to(ROOT))
    return found


def imported(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse((ROOT / path).read_text()))
    return {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}


def test_what_tests_import_from_each_other_is_there_once() -> None:
    known = modules()
    names = {name for paths in known.values() for path in paths for name in imported(path)}
    shared = names & set(known)
    assert len(shared) > 20
    assert {name: known[name] for name in sorted(shared) if len(known[name]) > 1} == {}
