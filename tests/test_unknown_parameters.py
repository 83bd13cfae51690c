"""A question with a parameter that its route does not have is refused: a mistyped filter must not answer with everything.

No server is needed: the parameters are read before anybody is asked who they are.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from qingyuan_cli.openapi import documents
from qingyuan_cli.services import all_services

APPS = {name: service.documented() for name, service in all_services().items()}
CODE = "query.unknown"


def questions() -> Iterator[Any]:
    for service, document in documents().items():
        for path, offered in document["paths"].items():
            if "get" in offered:
                known = [it["name"] for it in offered["get"].get("parameters", ()) if it["in"] == "query"]
                yield pytest.param(service, path, known, id=f"{service} GET {path}")


QUESTIONS = list(questions())


@pytest.fixture
async def ask() -> Any:
    async def asked(service: str, path: str, query: dict[str, str] | str) -> httpx.Response:
        transport = httpx.ASGITransport(APPS[service], raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
            return await http.get(path, params=query)

    return asked


def test_the_questions_of_all_services_are_found() -> None:
    assert len(QUESTIONS) > 35
    assert {question.values[0] for question in QUESTIONS} == set(APPS)


@pytest.mark.parametrize(("service", "path", "known"), QUESTIONS)
async def test_a_mistyped_parameter_is_refused_by_name(
    ask: Any, service: str, path: str, known: list[str]
) -> None:
    answer = await ask(service, path, {"distric": "310115", **dict.fromkeys(known, "1")})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, CODE)
    assert answer.headers["content-type"] == "application/problem+json"
    assert [problem["field"] for problem in body["errors"]] == ["distric"]
    assert all("distric" in text for text in (body["title"], body["errors"][0]["sentence"]))


@pytest.mark.parametrize(("service", "path", "known"), [q for q in QUESTIONS if q.values[2]])
async def test_what_the_document_names_is_known(ask: Any, service: str, path: str, known: list[str]) -> None:
    answer = await ask(service, path, dict.fromkeys(known, "1"))
    assert answer.json().get("code") != CODE


async def test_a_parameter_without_a_value_is_refused_too_and_each_name_is_said_once(ask: Any) -> None:
    answer = await ask("views", "/visits", "stat&stat=open&%E5%8C%BA=1&limit=5")
    assert [problem["field"] for problem in answer.json()["errors"]] == ["stat", "区"]


async def test_a_long_query_is_not_sent_back_as_a_whole(ask: Any) -> None:
    answer = await ask("views", "/visits", "&".join(f"{number}{'x' * 100}=1" for number in range(200)))
    assert (len(answer.json()["errors"]), len(answer.content) < 4_000) == (10, True)


async def test_who_watches_a_service_may_add_what_they_like(ask: Any) -> None:
    assert (await ask("views", "/livez", {"probe": "1"})).status_code == 200
