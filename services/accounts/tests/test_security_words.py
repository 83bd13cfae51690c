"""Whatever is written to the security log has a word, so that an auditor reads no codes."""

import ast
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest
from accounts.attempts import KeyKind
from accounts.security.explaining import GIVEN, LOCKS, SAYS, WHYS
from accounts.security.words import ROLES, WORDS
from accounts.security_log.whom import Why
from qingyuan_events import ActorRole

SOURCES = sorted(Path(str(files("accounts"))).rglob("*.py"))
GATEWAYS = {"data-exported", "personal-data-read"}


def writes(call: ast.AST) -> bool:
    """Whether this is `….log.add(…)` or `…._log.add(…)`."""
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "add"
        and ast.unparse(call.func.value).endswith("log")
    )


def texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def said(value: ast.expr, module: ast.Module) -> Iterator[str]:
    """All that `value` may be: a text or its name, a choice of texts, a role in a text, or what a loop goes through."""
    if isinstance(value, ast.Constant):
        yield str(value.value)
    elif isinstance(value, ast.IfExp):
        yield from said(value.body, module)
        yield from said(value.orelse, module)
    elif isinstance(value, ast.JoinedStr):
        head = "".join(texts(value))
        yield from (f"{head}{role}" for role in get_args(ActorRole))
    elif isinstance(value, ast.Subscript):
        yield from _named(ast.unparse(value.value), module)
    elif isinstance(value, ast.Name):
        yield from _constant(value.id, module)
        yield from _parameter(value.id, module)
        loops = [node for node in ast.walk(module) if isinstance(node, ast.For)]
        for loop in loops:
            if ast.unparse(loop.target) == value.id:
                yield from texts(_without_test(loop.iter))


def _parameter(name: str, module: ast.Module) -> Iterator[str]:
    """What a parameter may be by its type, a `Literal` or the name of one: mypy looks at who calls."""
    types = {ast.unparse(node.targets[0]): node.value for node in module.body if isinstance(node, ast.Assign)}
    for node in ast.walk(module):
        if isinstance(node, ast.arg) and node.arg == name and node.annotation is not None:
            kind = types.get(ast.unparse(node.annotation), node.annotation)
            if isinstance(kind, ast.Subscript) and ast.unparse(kind.value) == "Literal":
                yield from texts(kind.slice)


def _constant(name: str, module: ast.Module) -> Iterator[str]:
    for node in module.body:
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.value, ast.Constant):
            continue
        if ast.unparse(node.target) == name:
            yield str(node.value.value)


def _named(name: str, module: ast.Module) -> Iterator[str]:
    """The values of a table of this module."""
    for node in ast.walk(module):
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if ast.unparse(target) == name:
                yield from (text for value in node.value.values for text in texts(value))


def _without_test(value: ast.expr) -> ast.AST:
    return ast.Tuple([value.body, value.orelse]) if isinstance(value, ast.IfExp) else value


def calls(source: str) -> dict[str, set[str]]:
    """Each call that writes a line, with what it may say."""
    module = ast.parse(source)
    found = [node for node in ast.walk(module) if isinstance(node, ast.Call) and writes(node)]
    return {ast.unparse(call): set(said(call.args[0], module)) for call in found}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_everything_that_is_logged_has_a_word(path: Path) -> None:
    for call, may_be in calls(path.read_text()).items():
        assert may_be, f"what {call} says is not found out: extend this test"
        assert may_be <= set(WORDS), f"{call} has no word in security/words.py"


def test_what_the_gateway_tells_has_a_word() -> None:
    assert set(WORDS) >= GATEWAYS


def test_a_call_is_found_in_each_of_its_forms() -> None:
    source = """
KINDS = {"a": "table-word"}
NAMED: Final = "named"
OTHER: Final = "named otherwise"
async def f(self):
    await self._log.add("plain", None)
    await log.add("yes" if a else "no", None)
    await log.add(f"role-{role}", None)
    await log.add(KINDS[a], None)
    await log.add(NAMED, None)
    for what in ("one", "two") if a == "x" else ("three",):
        await self.log.add(what, None)
    others.add("not this")
Named = Literal["by name of a type"]
async def g(self, given: Literal["by type", "by type, too"], kind: Named, free: str):
    await self._log.add(given, None)
    await self._log.add(kind, None)
"""
    found = set().union(*calls(source).values())
    assert found >= {"by type", "by type, too", "by name of a type"}
    assert found >= {"plain", "yes", "no", "role-audit", "table-word", "named", "one", "two", "three"}
    assert not found & {"not this", "x", "a", "named otherwise"}


def test_whatever_a_line_says_beside_its_word_has_a_word_too() -> None:
    assert set(WHYS) == set(get_args(Why))
    assert set(ROLES) == set(get_args(ActorRole))
    assert set(LOCKS) == set(get_args(KeyKind))
    details = {name for path in SOURCES for name in detailed(path.read_text())}
    assert details >= {"of", "role", "signs", "request", "invitation", "before", "why"}, "none is found"
    assert details <= set(SAYS)


def detailed(source: str) -> Iterator[str]:
    """The names in each dictionary that is a detail: given as `detail=`, assigned to `detail`, or what a function that makes one returns."""
    for node in ast.walk(ast.parse(source)):
        given = isinstance(node, ast.keyword) and node.arg == "detail"
        named = isinstance(node, ast.Assign) and "detail" in ast.unparse(node.targets[0])
        returned = isinstance(node, ast.FunctionDef) and node.name in (
            "rights_in_log",
            "detail_of",
            "_detail",
        )
        if given or named or returned:
            for each in ast.walk(node):
                if isinstance(each, ast.Dict):
                    yield from (text for key in each.keys if key for text in texts(key))


def test_words_are_told_apart() -> None:
    assert len(set(WORDS.values())) == len(WORDS)


def test_the_log_says_of_a_lost_certificate_what_the_pages_say_and_no_log_in_that_never_was() -> None:
    said_of_it = [word for what, word in WORDS.items() if what.startswith("lost-key")] + [GIVEN["lost-keys"]]
    assert all("证书丢失" in word for word in said_of_it)
    assert not any("遗失" in word or "登录" in word for word in said_of_it)
