"""Whoever follows a topic in earnest is told how to tell what its owner published from what anybody wrote there."""

import ast
from pathlib import Path

from qingyuan_local.setup import checkout

FOLLOWERS = {"ProjectionRunner", "ReactionRunner", "Rebuild"}


def followers(path: Path) -> list[ast.Call]:
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    return [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in FOLLOWERS]


def test_no_follower_of_a_service_believes_everything() -> None:
    found = {
        f"{path.relative_to(checkout())}:{call.lineno}": {keyword.arg for keyword in call.keywords}
        for path in (
            *checkout().glob("services/*/src/**/*.py"),
            checkout() / "libs/runtime/src/qingyuan_runtime/assembly/followers.py",
        )
        for call in followers(path)
    }
    assert len(found) >= 3
    assert [where for where, given in found.items() if "trust" not in given] == []
