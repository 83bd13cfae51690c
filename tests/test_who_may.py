"""Every route × every kind of person, against the running system. A route without an expectation fails.

`reached` means: not turned away for who one is. A body that is wrong on purpose is then refused as malformed
(422), so the walk changes nothing.
"""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from expectations import EXPECTED, MANAGERS, OWNER, READERS, SEES_THE_ENTERPRISE
from gateway.route import Route
from gateway.routes import ROUTES
from knocking import ask
from people import PEOPLE, Things, client, key, things_of
from qingyuan_cli.openapi import documents
from qingyuan_local.testing import Stack

pytestmark = pytest.mark.servers

TURNED_AWAY = {401, 403, 404}
REACHED_ALL_THE_SAME = {"credentials.wrong", "second-factor.wrong", "enterprise.unknown", "lost-key.missing"}
SESSION_ENDS = {"DELETE /api/session", "DELETE /api/sessions", "DELETE /api/sessions/others"}


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


@pytest.fixture(scope="module")
def people(running_stack: Stack) -> Iterator[dict[str, httpx.Client]]:
    clients = {person: client(running_stack, person) for person in PEOPLE}
    yield clients
    for session in clients.values():
        session.close()


@pytest.fixture(scope="module")
def things(people: dict[str, httpx.Client]) -> Things:
    """Each operator has begun its filing, so that those whose filing it is not are told apart. One has drafted a report."""
    for manager in MANAGERS:
        begun = people[manager].post("/api/filing/filing", headers=key())
        assert begun.status_code in (202, 409), begun.text
    found = things_of(people[OWNER])
    draft = {"document": {"points": [{"id": found.work_point_id}]}}
    drafted = people["operator"].post("/api/reports/reports", json=draft, headers=key())
    assert drafted.status_code == 202, drafted.text
    return replace(found, report_id=drafted.json()["stream"].removeprefix("report-"))


def test_every_route_has_an_expectation() -> None:
    assert {name(route) for route in ROUTES} == set(EXPECTED)


def test_the_table_and_the_services_know_the_same_routes() -> None:
    offered = {
        (service, method.upper(), re.sub(r"{\w+}", "{}", path))
        for service, document in documents().items()
        for path, item in document["paths"].items()
        for method in item
    }
    table = {(r.service, r.method, re.sub(r"{\w+}", "{}", r.upstream)) for r in ROUTES}
    assert offered == table


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("route", [r for r in ROUTES if name(r) not in SESSION_ENDS], ids=name)
def test_who_may(route: Route, person: str, people: dict[str, httpx.Client], things: Things) -> None:
    answer = ask(people[person], route, things)
    assert answer.status_code < 500, answer.text
    reached = answer.status_code not in TURNED_AWAY or _code(answer) in REACHED_ALL_THE_SAME
    assert reached == (person in EXPECTED[name(route)]), answer.text


def _code(answer: httpx.Response) -> str | None:
    found: str | None = answer.json().get("code") if answer.content else None
    return found


@pytest.mark.parametrize("person", ["another enterprise", "administrator"])
def test_things_named_in_a_body_are_checked_too(
    person: str, people: dict[str, httpx.Client], things: Things
) -> None:
    """For another enterprise they do not exist; the administrator is refused by the rules of the domain."""
    sampler = {
        "kind": "sampler",
        "construction": "built",
        "name": "",
        "model": "",
        "manufacturer": "",
        "outlet_kind": "",
    }
    outlet = {"code": "x", "name": "x", "medium": "wastewater"}
    bodies = {
        "/outlets": {"enterprise_id": things.enterprise_id, "particulars": outlet},
        "/points": {"outlet_id": things.outlet_id, "particulars": outlet | {"factors": []}},
        "/instruments": {"point_id": things.point_id, "particulars": sampler},
    }
    for path, body in bodies.items():
        answer = people[person].post(
            f"/api/registry{path}", json=body | {"valid_from": "2025-01-01"}, headers=key()
        )
        assert answer.status_code == (404 if person == "another enterprise" else 422), answer.text
    upload = people[person].post(
        "/api/registry/imports",
        data={"enterprise_id": things.enterprise_id},
        files={"file": ("x.xlsx", b"")},
        headers=key(),
    )
    assert upload.status_code == (404 if person == "another enterprise" else 202), upload.text


def test_lists_show_only_what_one_may_see(people: dict[str, httpx.Client], things: Things) -> None:
    shown = {
        person: {row["id"] for row in people[person].get("/api/views/enterprises").json()["items"]}
        for person in READERS
    }
    assert {person for person in READERS if things.enterprise_id in shown[person]} == SEES_THE_ENTERPRISE
    assert len(shown["enterprise"]) == 1
    assert len(shown["regulator of the city"]) == 3
    foreign = people["another enterprise"].get(f"/api/views/instruments?enterprise_id={things.enterprise_id}")
    assert foreign.json()["items"] == []


def test_a_contract_opens_nothing_but_the_name_until_the_enterprise_confirms_it(
    people: dict[str, httpx.Client], things: Things
) -> None:
    """An operator that knows the public code says that it has a contract, and then asks every question there is."""
    stranger, owner = people["another operator"], people[OWNER]
    enterprise = owner.get("/api/views/enterprises").json()["items"][0]
    found = stranger.get(f"/api/tasks/places?uscc={enterprise['uscc']}").json()
    assert found == {"enterprise": {"id": things.enterprise_id, "name": enterprise["name"]}}
    submitted = _lays_a_contract(stranger, things.enterprise_id)
    contract_id = submitted["stream"].removeprefix("contract-")
    seen = {"If-Version-At-Least": f"{submitted['stream']}@{submitted['version']}"}
    rows = stranger.get("/api/views/contracts", headers=seen).json()["items"]
    row = next(row for row in rows if row["id"] == contract_id)
    assert (row["state"], row["enterprise_name"]) == ("submitted", enterprise["name"])
    assert row["district"] is None, "where it is, is more than its name"

    secrets = _secrets_of(owner, things)
    for route in ROUTES:
        if route.method == "GET" and route.who is not None:
            answer = ask(stranger, route, replace(things, contract_id=contract_id))
            assert [secret for secret in secrets if secret in answer.text] == [], name(route)
    plan = {
        "contract_id": contract_id,
        "name": "计划",
        "points": [things.point_id],
        "assignees": [],
        "items": [],
    }
    days = {"first_day": row["first_day"], "last_day": row["last_day"]}
    refused = stranger.post("/api/tasks/plans/preview", json=plan | days, headers=key())
    assert (refused.status_code, _code(refused)) == (409, "contract.unconfirmed")
    declined = owner.post(
        f"/api/tasks/contracts/{contract_id}/refusal", json={"reason": "不认识"}, headers=key()
    )
    assert declined.status_code == 202, declined.text


def _lays_a_contract(operator: httpx.Client, enterprise_id: str) -> dict[str, Any]:
    today = datetime.now(UTC).date()
    particulars = {
        "number": f"NO-{uuid.uuid4()}",
        "name": "没有签过的合同",
        "first_day": str(today),
        "last_day": str(today + timedelta(days=300)),
    }
    body = {"enterprise_id": enterprise_id, "particulars": particulars, "files": []}
    answer = operator.post("/api/tasks/contracts", json=body, headers=key())
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _secrets_of(owner: httpx.Client, things: Things) -> set[str]:
    """What the enterprise's own register says of it, but for its name."""
    outlets = owner.get(f"/api/views/enterprises/{things.enterprise_id}/points").json()["outlets"]
    points = [point for outlet in outlets for point in outlet["points"]]
    enterprise = owner.get(f"/api/views/enterprises/{things.enterprise_id}").json()
    instrument = owner.get(f"/api/views/instruments/{things.instrument_id}").json()
    said = {enterprise["address"], instrument["particulars"]["serial_number"], things.instrument_id}
    said |= {point["id"] for point in points} | {point["particulars"]["name"] for point in points}
    return said | {point["particulars"]["location"]["longitude"] for point in points}


def test_a_page_of_another_site_cannot_command(running_stack: Stack, people: dict[str, httpx.Client]) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "", "Sec-Fetch-Site": "cross-site"}):
        answer = people["administrator"].post("/api/registry/enterprises", json={}, headers=key() | headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "origin.foreign")


def test_logging_out_takes_effect_at_once(running_stack: Stack) -> None:
    here, there = client(running_stack, "operator"), client(running_stack, "operator")
    assert here.delete("/api/session").status_code == 204
    assert here.get("/api/session").status_code == 401
    assert there.get("/api/session").status_code == 200
    again = client(running_stack, "operator")
    assert again.delete("/api/sessions").status_code == 204
    assert there.get("/api/session").status_code == again.get("/api/session").status_code == 401


def test_a_forged_token_is_refused_by_the_service_itself(running_stack: Stack) -> None:
    port = json.loads((running_stack.folder / "ports.json").read_text())["registry"]
    for token in ("", "Bearer x", "Bearer eyJhbGciOiJub25lIn0.e30."):
        answer = httpx.get(
            f"http://127.0.0.1:{port}/options", headers={"Authorization": token}, trust_env=False
        )
        assert answer.status_code == 401
