"""A body that cannot be read is refused as everything else is: problem+json, a stable code, a sentence for people.

No server is needed: the body is read before anybody is asked who they are.
"""

from collections.abc import AsyncIterator

import httpx
import pytest
from qingyuan_cli.openapi import documents
from qingyuan_cli.services import all_services
from qingyuan_runtime.topology import WITH_LOG

APPS = {name: service.documented() for name, service in all_services().items()}
UNREADABLE = {
    "cut off": b'{"reason": "',
    "no JSON at all": "不是 JSON".encode(),
    "deeper than a parser goes": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "bytes that are no text": b'{"reason": "\xff\xfe"}',
    "a number that never ends": b'{"reason": ' + b"9" * 10_000 + b"}",
}


ROUTES = [
    (service, path)
    for service, document in documents().items()
    for path, item in document["paths"].items()
    if "application/json" in item.get("post", {}).get("requestBody", {}).get("content", {})
]


@pytest.fixture
async def services() -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    made: dict[str, httpx.AsyncClient] = {
        name: httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service")
        for name, app in APPS.items()
    }
    yield made
    for client in made.values():
        await client.aclose()


def is_a_problem(answer: httpx.Response, status: int, code: str) -> bool:
    body = answer.json()
    return (
        answer.headers["content-type"] == "application/problem+json"
        and (answer.status_code, body["status"], body["code"]) == (status, status, code)
        and body["type"].endswith(code)
        and any("\u4e00" <= sign <= "\u9fff" for sign in body["title"])
    )


def test_every_service_that_takes_commands_is_asked() -> None:
    assert {name for name, _ in ROUTES} >= {"accounts", *WITH_LOG}


@pytest.mark.parametrize("what", UNREADABLE)
@pytest.mark.parametrize(("service", "path"), ROUTES)
async def test_it_is_refused_with_a_code_and_a_sentence(
    services: dict[str, httpx.AsyncClient], service: str, path: str, what: str
) -> None:
    body, headers = UNREADABLE[what], {"Content-Type": "application/json"}
    answer = await services[service].post(path, content=body, headers=headers)
    assert is_a_problem(answer, 400, "body.malformed"), answer.text


@pytest.mark.parametrize("service", APPS)
async def test_an_unknown_address_and_a_wrong_method_are_too(
    services: dict[str, httpx.AsyncClient], service: str
) -> None:
    assert is_a_problem(await services[service].get("/no/such/thing"), 404, "route.unknown")
    assert is_a_problem(await services[service].delete("/livez"), 405, "method.unknown")


@pytest.mark.parametrize(
    "path", ["/enterprises/%00", "/enterprises/٣", "/points/-1/closing", "/visits/x/sign-in"]
)
@pytest.mark.parametrize("service", APPS)
async def test_a_malformed_address_is_no_fault(
    services: dict[str, httpx.AsyncClient], service: str, path: str
) -> None:
    for method in ("GET", "POST"):
        answer = await services[service].request(method, path, json={})
        assert answer.status_code in (401, 404, 405, 422), answer.text
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "name", ["traceparent", "x-correlation-id", "idempotency-key", "if-match", "authorization"]
)
@pytest.mark.parametrize("service", APPS)
async def test_a_header_of_any_bytes_is_no_fault(
    services: dict[str, httpx.AsyncClient], service: str, name: str
) -> None:
    for said in (b"\xff\xfe", b"\x85", "é".encode("latin-1"), b"9" * 5_000):
        answer = await services[service].post("/no/such/thing", headers={name.encode(): said})
        assert is_a_problem(answer, 404, "route.unknown"), answer.text
