"""What is awaited in a `finally` may raise, and then takes the place of the error that is being handled."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
QUIET = {
    "close",  # qingyuan_runtime.process.closing: raises nothing but the caller's cancellation
    "quietly",
    "_unlock",  # qingyuan_runtime.database.locking: quiet, and ends the session where it fails
    "_drop_publisher",  # closes by `close`
    "_end",  # qingyuan_runtime.process.isolated: waits for a process that was killed
}
"""Called by these names, a last step is known to raise nothing of its own."""


def loud(source: str) -> Iterator[str]:
    """Every await in a `finally` that may raise, as it is written."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Try):
            for step in node.finalbody:
                for found in ast.walk(step):
                    if isinstance(found, ast.AsyncWith | ast.AsyncFor) or (
                        isinstance(found, ast.Await) and not is_quiet(found.value)
                    ):
                        yield ast.unparse(found)


def is_quiet(awaited: ast.expr) -> bool:
    if not isinstance(awaited, ast.Call):
        return False
    match awaited.func:
        case ast.Name(id=name):
            return name in QUIET
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return name in QUIET - {"close"}
        case ast.Attribute(value=ast.Name(id="asyncio"), attr="gather"):
            return gathers_quietly(awaited)
    return False


def gathers_quietly(gathering: ast.Call) -> bool:
    returned = any(keyword.arg == "return_exceptions" for keyword in gathering.keywords)
    steps = [call for call in ast.walk(gathering) if isinstance(call, ast.Call) and call is not gathering]
    closing = [call for call in steps if isinstance(call.func, ast.Name) and call.func.id == "close"]
    return returned or bool(closing)


def test_no_last_step_takes_the_place_of_an_error() -> None:
    found = {
        str(path.relative_to(ROOT)): steps
        for part in ("libs", "services")
        for path in (ROOT / part).glob("*/src/**/*.py")
        if (steps := list(loud(path.read_text())))
    }
    assert found == {}


@pytest.mark.parametrize(
    "last", ["await pool.close()", "await self.close()", "await connection.execute('x')", "await task", "await asyncio.gather(task)"]
)  # fmt: skip
def test_such_a_step_would_be_found(last: str) -> None:
    source = f"async def work():\n    try:\n        pass\n    finally:\n        {last}\n"
    assert list(loud(source)) == [last]
