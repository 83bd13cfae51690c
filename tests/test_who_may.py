"""Every route × every kind of person, against the running system. A route without an expectation fails.

`reached` means: not turned away for who one is. A body that is wrong on purpose is then refused as malformed
(422), so the walk changes nothing.
"""

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from gateway.route import Route
from gateway.routes import ROUTES
from people import PEOPLE, Things, client, key, things_of
from qingyuan_cli.openapi import documents
from qingyuan_local.testing import Stack

pytestmark = pytest.mark.servers

OWNER = "enterprise"
ALL = set(PEOPLE) - {"stranger"}
SEES_THE_ENTERPRISE = {OWNER, "regulator of the district", "regulator of the city", "administrator"}
WRITES = {OWNER, "administrator"}
OFFICE = {"administrator"}
READERS = ALL - {"operator"}

EXPECTED: dict[str, set[str]] = {
    "POST /api/session": set(PEOPLE),
    "GET /api/session": ALL,
    "DELETE /api/session": ALL,
    "DELETE /api/sessions": ALL,
    "POST /api/password": ALL,
    "GET /api/account-labels": ALL,
    "POST /api/registry/enterprises": OFFICE,
    "POST /api/registry/enterprises/{enterprise_id}/correction": WRITES,
    "POST /api/registry/enterprises/{enterprise_id}/closing": OFFICE,
    "GET /api/registry/enterprises/{enterprise_id}/contact": SEES_THE_ENTERPRISE,
    "POST /api/registry/enterprises/{enterprise_id}/contact-erasure": OFFICE,
    "POST /api/registry/outlets": WRITES | {"another enterprise"},
    "POST /api/registry/outlets/{outlet_id}/correction": WRITES,
    "POST /api/registry/outlets/{outlet_id}/closing": WRITES,
    "POST /api/registry/points": WRITES | {"another enterprise"},
    "POST /api/registry/points/{point_id}/correction": WRITES,
    "POST /api/registry/points/{point_id}/closing": WRITES,
    "POST /api/registry/instruments": WRITES | {"another enterprise"},
    "POST /api/registry/instruments/{instrument_id}/correction": WRITES,
    "POST /api/registry/instruments/{instrument_id}/replacement": WRITES,
    "POST /api/registry/instruments/{instrument_id}/retirement": WRITES,
    "POST /api/registry/instruments/{instrument_id}/om-operator": WRITES,
    "GET /api/registry/options": ALL,
    "GET /api/registry/import-template": WRITES | {"another enterprise"},
    "POST /api/registry/imports": WRITES | {"another enterprise"},
    "GET /api/registry/imports/{import_id}": set(),
    "POST /api/registry/imports/{import_id}/confirmation": set(),
    "GET /api/views/enterprises": READERS,
    "GET /api/views/enterprises/{enterprise_id}": SEES_THE_ENTERPRISE,
    "GET /api/views/enterprises/{enterprise_id}/points": SEES_THE_ENTERPRISE,
    "GET /api/views/points/{point_id}/instruments": SEES_THE_ENTERPRISE,
    "GET /api/views/instruments": READERS,
    "GET /api/views/instruments.xlsx": READERS,
    "GET /api/views/instruments/{instrument_id}": SEES_THE_ENTERPRISE,
    "GET /api/views/history/{stream}": SEES_THE_ENTERPRISE,
}
"""Things named in a path belong to `enterprise`. Routes that name theirs in the body have tests below."""

TURNED_AWAY = {401, 403, 404}
SESSION_ENDS = {"DELETE /api/session", "DELETE /api/sessions"}


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


@pytest.fixture(scope="module")
def people(running_stack: Stack) -> Iterator[dict[str, httpx.Client]]:
    clients = {person: client(running_stack, person) for person in PEOPLE}
    yield clients
    for one in clients.values():
        one.close()


@pytest.fixture(scope="module")
def things(people: dict[str, httpx.Client]) -> Things:
    return things_of(people[OWNER])


def ask(http: httpx.Client, route: Route, things: Things) -> httpx.Response:
    """A request with a body that fits the schema in nothing, where the route takes one."""
    path = re.sub(r"{(\w+)}", lambda found: str(getattr(things, found[1])), route.path)
    query = {"ids": ""} if route.path.endswith("account-labels") else {}
    if route.body == "none":
        return http.request(route.method, path, params=query, headers=key())
    if route.body == "upload":
        return http.post(path, files={"nothing": b""}, headers=key())
    return http.request(route.method, path, json=_valid_body(route, things), headers=key())


def _valid_body(route: Route, things: Things) -> dict[str, object]:
    """Right in shape where the shape would hide the owner check, refused by a rule of the domain otherwise."""
    if route.path.endswith(("/closing", "/retirement")):
        return {"valid_to": "1900-01-01", "reason": "试"}
    if route.path.endswith("/om-operator"):
        return {"om_operator": "", "valid_from": "1900-01-01"}
    if route.path.endswith("/contact-erasure"):
        return {"wrong": True}
    if "correction" in route.path or "replacement" in route.path:
        return {"particulars": _particulars(route), "valid_from": "1900-01-01", "reason": ""}
    return {"wrong": True}


def _particulars(route: Route) -> dict[str, object]:
    if "enterprises" in route.path:
        return dict.fromkeys(("name", "uscc", "district", "address", "industry", "permit_number"), "x")
    if "outlets" in route.path:
        return {"code": "x", "name": "x", "medium": "wastewater"}
    if "points" in route.path:
        return {"code": "x", "name": "x", "medium": "wastewater", "factors": []}
    texts = dict.fromkeys(("name", "model", "manufacturer", "outlet_kind"), "x")
    return {"kind": "sampler", "construction": "built", **texts}


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
    reached = answer.status_code not in TURNED_AWAY or answer.json().get("code") == "credentials.wrong"
    assert reached == (person in EXPECTED[name(route)]), answer.text


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
