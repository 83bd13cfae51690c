"""Before data are given away the security log is told, at little cost; where it cannot be told, nothing is given."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from importlib.resources import files
from typing import Any, get_args
from uuid import UUID

import gateway as gateway_package
import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from gateway.route import EVERY_ROLE, ROLES_OF, Route
from gateway.routes import ROUTES
from gateway.tables.accounts import AUDIT, SECURITY
from qingyuan_events import Actor, ActorRole
from serving import ACCOUNT, Services, gateway

EXPORT = "/api/views/visits.xlsx"
NOBODY = UUID(int=5)
DOCUMENT = json.loads((files(gateway_package) / "openapi.json").read_text())
ABOUT_PEOPLE = frozenset({"name", "label", "account_name", "contact", "phone", "mobile", "email"})
NOT_OF_OTHERS = {
    "/api/session": "the own account",
    "/api/factors": "the names of one's own keys",
    "/api/wechat/bindings": "the own bindings",
    "/api/admin/organisations": "names of organisations",
    "/api/security/certificate-demands": "names of organisations",
    "/api/security-log": "the auditor's own reading: each further page would be a line of the log that it reads",
}
"""What names somebody or something, and is not told."""


def row(method: str, path: str) -> Route:
    return Route(method, path, "views", path, None)


def administrator(role: ActorRole) -> Actor:
    return Actor(account=NOBODY, kind="administrator", role=role)


def test_every_file_and_every_answer_about_people_is_told() -> None:
    marks = {(route.method, route.path): route.audit for route in ROUTES}
    exported = {path for _, path in marks if path.endswith((".xlsx", ".pdf", ".csv"))}
    assert len(exported) > 10
    assert {path for (_, path), mark in marks.items() if mark == "export"} == exported
    assert {path for (_, path), mark in marks.items() if mark == "personal"} >= {
        "/api/registry/enterprises/{enterprise_id}/contact",
        "/api/filing/filings/{operator_id}/people",
        "/api/filing/filings/{operator_id}/names",
        "/api/colleagues",
    }


def fields(schema: Any, seen: set[str]) -> Iterator[str]:
    """All names of fields in a schema of the document, and in those that it refers to."""
    if isinstance(schema, list):
        for each in schema:
            yield from fields(each, seen)
    if not isinstance(schema, dict):
        return
    if (name := schema.get("$ref")) and name not in seen:
        seen.add(name)
        yield from fields(DOCUMENT["components"]["schemas"][name.rpartition("/")[2]], seen)
    yield from schema.get("properties", {})
    for key, value in schema.items():
        if key != "properties":
            yield from fields(value, seen)
    for value in schema.get("properties", {}).values():
        yield from fields(value, seen)


def names_people(route: Route) -> bool:
    responses = DOCUMENT["paths"][route.path]["get"]["responses"]
    good = [response for status, response in responses.items() if status.startswith("2")]
    return bool(ABOUT_PEOPLE & set(fields(good, set())))


def test_whatever_accounts_answers_with_names_of_people_is_told() -> None:
    """A route that is new here is marked in `audit.py`, or stands in `NOT_OF_OTHERS` with its reason."""
    read = [route for route in ROUTES if route.service == "accounts" and route.method == "GET"]
    naming = {route.path for route in read if names_people(route)}
    assert naming >= {"/api/admin/lost-keys", "/api/security/sessions", "/api/organisation/invitations"}
    unmarked = {route.path for route in read if route.audit is None}
    assert naming & unmarked == set(NOT_OF_OTHERS)


def test_a_new_route_is_told_by_its_shape() -> None:
    assert row("GET", "/api/new/things.xlsx").audit == "export"
    assert row("GET", "/api/new/{id}/persons").audit == "personal"
    assert row("GET", "/api/new/things").audit is None
    assert row("POST", "/api/new/people").audit is None


def test_no_answer_that_is_told_of_is_already_on_its_way() -> None:
    """A stream that is not read to its end would keep its connection."""
    assert [route.path for route in ROUTES if route.audit and route.answer == "stream"] == []


def test_the_roles_of_the_table_are_all_there_are() -> None:
    assert set(get_args(ActorRole)) == EVERY_ROLE
    assert ROLES_OF["administrator"] > (AUDIT | SECURITY)


class Log(Services):
    """Answers as all services; `told` are the lines that the security log was told, request by request."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[list[dict[str, Any]]] = []
        self.status = 204
        self.answers = 200
        self.open = asyncio.Event()
        self.open.set()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/session":
            return web.json_response({"account": ACCOUNT})
        if request.path == "/security-log/lines":
            self.told.append((await request.json())["lines"])
            await self.open.wait()
            return web.Response(status=self.status)
        return web.Response(status=self.answers, text="the data")


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
async def http(log: Log) -> AsyncIterator[httpx.AsyncClient]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", log.answer)
    async with TestServer(app) as server:
        asgi, upstream = gateway(str(server.make_url("")).rstrip("/"))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(asgi, client=("198.51.100.7", 1)), base_url="http://qingyuan.test"
        ) as client:
            client.cookies.set("qingyuan", "known")
            yield client
        await upstream.close()


async def test_an_export_is_told_with_who_and_from_where_and_without_what_was_searched(
    http: httpx.AsyncClient, log: Log
) -> None:
    answer = await http.get(f"{EXPORT}?search=张三", headers={"User-Agent": "Chrome/1"})
    assert (answer.status_code, answer.text) == (200, "the data")
    assert log.told == [
        [
            {
                "what": "data-exported",
                "account": ACCOUNT["id"],
                "address": "198.51.100.7",
                "agent": "Chrome/1",
                "result": "done",
                "path": EXPORT,
            }
        ]
    ]
    assert "张" not in json.dumps(log.told, ensure_ascii=False)


@pytest.mark.parametrize(("status", "result"), [(403, "refused"), (404, "refused"), (503, "failed")])
async def test_a_refused_export_is_told_as_refused(
    http: httpx.AsyncClient, log: Log, status: int, result: str
) -> None:
    log.answers = status
    assert (await http.get(EXPORT)).status_code == status
    assert log.told[0][0]["result"] == result


@pytest.mark.parametrize("status", [401, 403, 422, 500, 503])
async def test_where_the_log_cannot_be_told_nothing_is_given(
    http: httpx.AsyncClient, log: Log, status: int
) -> None:
    log.status = status
    answer = await http.get(EXPORT)
    assert (answer.status_code, answer.json()["code"]) == (503, "security-log.down")
    assert "the data" not in answer.text
    log.status = 204
    assert (await http.get(EXPORT)).text == "the data"


async def test_what_gives_nothing_away_is_not_told(http: httpx.AsyncClient, log: Log) -> None:
    assert (await http.get("/api/views/visits")).text == "the data"
    assert log.told == []


async def test_many_exports_at_once_cost_few_requests(http: httpx.AsyncClient, log: Log) -> None:
    """While the first line is under way all the others gather; each is told once."""
    log.open.clear()
    exports = [asyncio.create_task(http.get(f"{EXPORT}?page={number}")) for number in range(50)]
    while not log.told:
        await asyncio.sleep(0)
    for _ in range(2_000):
        await asyncio.sleep(0)
    assert not any(export.done() for export in exports)
    log.open.set()
    assert {answer.status_code for answer in await asyncio.gather(*exports)} == {200}
    assert sum(map(len, log.told)) == 50
    assert len(log.told) < 25
