"""In our patterns a digit is one of ten signs, and a number that people send is never read by `int` or `isdigit` alone.

`\\d` is every decimal digit of Unicode, `\\w` every letter; `str.isdigit` knows `²`: it is asked
only together with `isascii`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(
    path
    for folder in ("libs", "services", "cli", "deploy", "bench")
    for path in (ROOT / folder).rglob("*.py")
    if "/tests/" not in str(path) and ".venv" not in path.parts
)
LOOSE = re.compile(r"(?<!\\)(?:\\\\)*\\[dwDW]")
ASKS = {"isdigit", "isdecimal", "isnumeric", "isalnum", "isalpha"}


def loose(source: str) -> Iterator[str]:
    """Lines with a pattern or a question that is about all of Unicode."""
    tree, lines = ast.parse(source), source.splitlines()
    spoken = set(_docstrings(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(said)) if id(node) not in spoken and LOOSE.search(said):
                yield f"{node.lineno}: {said!r}"
            case ast.Attribute(attr=asked) if asked in ASKS and "isascii()" not in lines[node.lineno - 1]:
                yield f"{node.lineno}: {asked}"


def _docstrings(tree: ast.AST) -> Iterator[int]:
    return (id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_patterns_mean_ascii(path: Path) -> None:
    assert not list(loose(path.read_text()))


@pytest.mark.parametrize("source", ['re.compile(r"\\d{3}")', "text.isdigit()", 'X = f"a\\\\w{1}"'])
def test_the_rule_finds_them(source: str) -> None:
    assert list(loose(source))
