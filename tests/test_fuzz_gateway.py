"""What the OpenAPI document says can be asked, asked in odd ways through the gateway by four kinds of account.

No answer is a fault of ours, and each is one that the document names: its status and its content type. Every operation
is asked `FUZZ_EXAMPLES` times of each, once without it; `test_fuzz_edges.py` asks the services alone.
"""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from people import client, key
from qingyuan_cli.openapi import TARGET
from qingyuan_local.testing import Stack
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "1"))
pytestmark = pytest.mark.servers
PEOPLE = ("another enterprise", "another operator", "regulator of the city", "administrator")
GUESSES = {"POST /api/session", "POST /api/password", "POST /api/second-factor"} | {
    f"POST /api/factors/{what}"
    for what in (
        "recovery",
        "totp",
        "totp/confirmation",
        "totp/removal",
        "webauthn/challenges",
        "webauthn/{key_id}/removal",
    )
}
"""Asked once of each account whatever is wished: some wrong passwords more would lock it for what follows."""
ENDS_SESSIONS = {"DELETE /api/session", "DELETE /api/sessions"}
"""Asked by somebody who logs in for each question, and whom nobody else here needs."""
ENDLESS = {"GET /api/messages/stream"}
LEAVES = "technician"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]


def operations() -> Iterator[Any]:
    for found in schemathesis.openapi.from_dict(json.loads(TARGET.read_text())).get_all_operations():
        assert isinstance(found, Ok), found
        yield found.ok()


def name(operation: Any) -> str:
    return f"{operation.method.upper()} {operation.path}"


def cookie(stack: Stack, person: str) -> str:
    http = client(stack, person)
    http.close()
    return http.headers["Cookie"]


@pytest.fixture(scope="module")
def cookies(running_stack: Stack) -> dict[str, str]:
    return {person: cookie(running_stack, person) for person in PEOPLE}


def askers(stack: Stack, cookies: dict[str, str], operation: Any) -> list[str]:
    return [cookie(stack, LEAVES)] if name(operation) in ENDS_SESSIONS else list(cookies.values())


@pytest.mark.parametrize(
    "operation", [asked for asked in operations() if name(asked) not in ENDLESS], ids=name
)
def test_no_question_is_a_fault(running_stack: Stack, cookies: dict[str, str], operation: Any) -> None:
    @settings(
        max_examples=1 if name(operation) in GUESSES else EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        for asker in askers(running_stack, cookies, operation):
            headers = {"Cookie": asker, "Origin": running_stack.url, **key()}
            case.call_and_validate(base_url=running_stack.url, headers=headers, checks=CHECKS, timeout=30)

    ask()
