"""Logs contain the kind and the place of an error, but no user content. Tests put a secret into every kind of error."""

import ast
import asyncio
import json
import logging
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import structlog
from fastapi import FastAPI
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from pydantic import BaseModel
from qingyuan_local.testing import print_plain_tracebacks
from qingyuan_runtime.edge.http import create_app
from qingyuan_runtime.process import telemetry
from qingyuan_runtime.process.error_summary import summary_of
from qingyuan_runtime.process.settings import Settings
from qingyuan_runtime.tokens.issuers import EveryIssuer

SECRET = "13800138000"
ROOT = Path(__file__).parent.parent.parent.parent


class Contact(BaseModel):
    phone: int


def invalid(secret: str) -> object:
    return Contact.model_validate({"phone": f"x{secret}"})


def no_number(secret: str) -> object:
    return int(f"{secret}!")


def no_such_key(secret: str) -> object:
    return {}[secret]


def a_row_twice(secret: str) -> object:
    fields = {
        "C": "23505",
        "M": "duplicate key",
        "D": f"Key (name)=({secret}) already exists.",
        "n": "accounts_name_key",
    }
    raise asyncpg.PostgresError.new(fields)


def no_uuid(secret: str) -> object:
    raise asyncpg.PostgresError.new({"C": "22P02", "M": f'invalid input syntax for type uuid: "{secret}"'})


def no_value(secret: str) -> object:
    raise asyncpg.DataError(f"invalid input for query argument $1: {secret!r}")


def no_file(secret: str) -> object:
    return Path(f"/nowhere/{secret}").read_text()


def raised_from_another(secret: str) -> object:
    try:
        return invalid(secret)
    except ValueError as error:
        raise RuntimeError(f"cannot keep {secret}") from error


FAILING = (invalid, no_number, no_such_key, a_row_twice, no_uuid, no_value, no_file, raised_from_another)


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    out = StringIO()
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(sys, "stdout", out)
    telemetry.start_logs("test", Settings())
    yield out.getvalue
    print_plain_tracebacks()
    structlog.contextvars.clear_contextvars()
    root.setLevel(logging.WARNING)


def failing_service(fails: Callable[[str], object]) -> FastAPI:
    async def ready() -> None:
        return None

    app = create_app("test", trusted=EveryIssuer(), ready=ready)

    @app.post("/things")
    async def keep(body: dict[str, Any]) -> None:
        fails(body["phone"])

    return app


@pytest.mark.parametrize("fails", FAILING)
async def test_a_request_that_fails_is_logged_without_its_content(
    logs: Callable[[], str], fails: Callable[[str], object]
) -> None:
    transport = httpx.ASGITransport(failing_service(fails))
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
        answer = await http.post("/things", json={"phone": SECRET})
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    output = logs()
    assert SECRET not in output + answer.text
    lines = [
        json.loads(line) for line in output.splitlines()
    ]  # of other tests' objects, too, if they end now
    [line] = [line for line in lines if line["event"] == "request.failed"]
    assert f"in {fails.__name__}" in line["exception"]


async def test_the_error_of_a_task_that_nobody_awaited_is_logged_without_content(
    logs: Callable[[], str],
) -> None:
    async def fails() -> None:
        no_number(SECRET)

    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    context = {"message": "Task exception was never retrieved", "exception": task.exception(), "future": task}
    asyncio.get_running_loop().default_exception_handler(context)
    output = logs()
    assert SECRET not in output
    assert "Task exception was never retrieved" in [json.loads(line)["event"] for line in output.splitlines()]


def test_an_error_among_the_arguments_of_a_librarys_log_line_is_summarised(logs: Callable[[], str]) -> None:
    logging.getLogger("some.library").error("cannot reach %s: %s", "broker-1", ValueError(SECRET))
    assert "cannot reach broker-1: ValueError" in [json.loads(line)["event"] for line in logs().splitlines()]


def test_a_span_has_the_summary_of_an_error_and_no_content(monkeypatch: pytest.MonkeyPatch) -> None:
    exported: list[ReadableSpan] = []

    class Exporting(SpanExporter):
        def export(self, spans: Any) -> SpanExportResult:
            exported.extend(spans)
            return SpanExportResult.SUCCESS

    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(Exporting()))
    monkeypatch.setattr(telemetry, "_tracer", provider.get_tracer("test"))
    with pytest.raises(ValueError, match=SECRET), telemetry.span("work"):
        no_number(SECRET)
    [span] = exported
    assert SECRET not in span.to_json()
    assert span.status.description == "ValueError"


@pytest.mark.parametrize(
    ("error", "summary"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "ConnectionRefusedError 111 Connection refused"),
        (asyncpg.InterfaceError("connection is closed"), "InterfaceError connection is closed"),
        (asyncpg.PostgresError.new({"C": "57P01", "M": "terminating connection"}), "AdminShutdownError 57P01 terminating connection"),
        (asyncpg.PostgresError.new({"C": "23505", "M": "x", "n": "a_key"}), "UniqueViolationError 23505 a_key"),
        (ExceptionGroup("many", [ValueError("a"), KeyError("b")]), "ExceptionGroup (ValueError) (KeyError)"),
    ],
)  # fmt: skip
def test_the_summary_keeps_codes_and_what_is_about_servers(error: BaseException, summary: str) -> None:
    assert summary_of(error) == summary


def test_no_log_line_turns_an_error_into_text_by_itself() -> None:
    """The log processor could not summarise `error=repr(error)`, since it sees only the text."""
    paths = [
        path
        for folder in ("libs", "services", "deploy/local", "cli")
        for path in (ROOT / folder).rglob("*.py")
    ]
    sources = [path for path in paths if "src" in path.parts]
    assert [f"{path.relative_to(ROOT)}:{line}" for path in sources for line in _texts(path.read_text())] == []


def test_the_search_finds_a_log_line_that_turns_an_error_into_text() -> None:
    assert list(_texts("log.error('x', error=repr(error))\nlog.info('x', a=f'{problem}', b=str(name))")) == [
        1
    ]
    assert list(_texts("try:\n  f()\nexcept OSError as why:\n  log.info('x', a=f'no: {why}')")) == [4]


def _texts(code: str) -> Iterator[int]:
    tree = ast.parse(code)
    caught = {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)} | {"error"}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _is_a_log(call.func):
            names = (name.id for word in call.keywords for name in _made_text(word.value))
            yield from (call.lineno for name in names if name in caught)


def _is_a_log(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "log"
    )


def _made_text(value: ast.expr) -> Iterator[ast.Name]:
    for node in ast.walk(value):
        made = isinstance(node, ast.FormattedValue) or (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("str", "repr")
        )
        if made:
            yield from (inner for inner in ast.walk(node) if isinstance(inner, ast.Name))
