"""The working day over HTTP, on real PostgreSQL: who sees what, today's tasks, unusual queries, waiting for versions."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from qingyuan_events import Actor
from qingyuan_local.testing import DatabaseServer
from read_models import Model
from sample_facts import ENTERPRISE, OLD, OTHER, POINT
from views.shared import edge
from working_day_browser import (
    CITY,
    COLLEAGUE,
    CONFIRMATION,
    DISTRICT,
    NEIGHBOUR,
    OFFICE,
    OTHER_DISTRICT,
    OTHERS,
    OWN,
    SIGNER,
    VISIT,
    Browser,
    app_on,
    browser_of,
    model_of_the_working_day,
)
from working_day_facts import CONTRACT, OPERATOR, PLAN

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    async with model_of_the_working_day(postgres_server) as made:
        yield made


@pytest.fixture(scope="module")
async def app(model: Model) -> FastAPI:
    return app_on(model)


@pytest.fixture(scope="module")
async def browser(app: FastAPI) -> AsyncIterator[Browser]:
    async with browser_of(app) as made:
        yield made


ONE_OBJECT = [
    f"/visits/{VISIT}",
    f"/confirmations/{CONFIRMATION}",
    f"/contracts/{CONTRACT}",
    f"/plans/{PLAN}",
]
LISTS = ["/visits", "/confirmations", "/contracts", "/plans", "/cycles"]


@pytest.mark.parametrize("path", ONE_OBJECT)
async def test_an_object_outside_the_actors_scope_is_answered_404(browser: Browser, path: str) -> None:
    for actor in (OWN, COLLEAGUE, SIGNER, DISTRICT, CITY, OFFICE):
        assert (await browser.get(path, actor)).status_code == 200
    for actor in (OTHERS, NEIGHBOUR, OTHER_DISTRICT):
        assert (await browser.get(path, actor)).status_code == 404


@pytest.mark.parametrize("path", LISTS)
async def test_lists_show_only_rows_of_the_actors_scope(browser: Browser, path: str) -> None:
    for actor in (OWN, SIGNER, DISTRICT):
        assert {row["enterprise_id"] for row in await browser.items(path, actor)} == {str(ENTERPRISE)}
        assert await browser.items(f"{path}?enterprise_id={OTHER}", actor) == []
    for actor in (OTHERS, NEIGHBOUR, OTHER_DISTRICT):
        assert {row["enterprise_id"] for row in await browser.items(path, actor)} == {str(OTHER)}
    for actor in (CITY, OFFICE):
        assert len({row["enterprise_id"] for row in await browser.items(path, actor)}) == 2


async def test_todays_tasks_hold_point_instruments_due_work_and_last_values(browser: Browser) -> None:
    taken = (await browser.get("/tasks/today", OWN)).json()
    assert taken["day"] == "2026-11-20"
    (place,) = taken["points"]
    assert place["point"] | {"location": None} == {
        "id": str(POINT), "code": "DW001", "name": "总测点", "medium": "wastewater", "location": None,
        "outlet_id": place["point"]["outlet_id"],
    }  # fmt: skip
    assert (place["enterprise"]["name"], place["contract_id"]) == ("清泉化工", str(CONTRACT))
    assert place["operator_name"] == "上海绿测环境运维有限公司"
    assert place["contract_first_day"] == "2026-01-01"
    (instrument,) = place["instruments"]
    assert (instrument["model"], instrument["factor"], instrument["maker"]) == ("CODmax 2", "w01018", None)
    assert instrument["method"]
    assert instrument["version"] == 1
    assert [(cycle["content"], cycle["number"]) for cycle in place["work"]] == [
        ("patrol", 2),
        ("patrol", 3),
        ("calibration", 3),
    ]
    open_one = place["work"][1]
    assert (open_one["last_done"], open_one["opens"], open_one["closes"]) == (
        "2026-11-23",
        "2026-11-16",
        "2026-11-22",
    )
    assert open_one["assigned"]
    assert place["last"] == {"patrol_wastewater": {"reading": "1.60"}}


async def test_work_assigned_to_somebody_else_is_shown_as_not_assigned(browser: Browser) -> None:
    taken = (await browser.get("/tasks/today", COLLEAGUE)).json()
    assert {cycle["assigned"] for place in taken["points"] for cycle in place["work"]} == {False}


async def test_the_day_of_the_tasks_is_the_servers_and_no_parameter_changes_it(browser: Browser) -> None:
    assert (await browser.get("/tasks/today", OWN)).json()["day"] == "2026-11-20"
    for day in ("2018-01-01", "2027-06-01", "0000"):
        answer = await browser.get(f"/tasks/today?day={day}", OWN)
        assert (answer.status_code, answer.json()["code"]) == (422, "query.unknown")


@pytest.mark.parametrize("actor", [SIGNER, DISTRICT, CITY, OFFICE])
async def test_only_operators_have_tasks(browser: Browser, actor: Actor) -> None:
    assert (await browser.get("/tasks/today", actor)).status_code == 403


async def test_an_operator_may_not_read_the_register(browser: Browser) -> None:
    for path in ("/enterprises", f"/enterprises/{ENTERPRISE}", f"/history/enterprise-{ENTERPRISE}"):
        assert (await browser.get(path, OWN)).status_code == 403


def cursor(values: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


UNUSUAL = [
    ("/visits?after=nonsense", 400),
    ("/visits?after=WzEsIDJd", 400),  # [1, 2]
    ("/cycles?after=WyIyMDI2LTExLTIzIl0=", 400),  # one value of five
    ("/contracts?after=eyJhIjoxfQ==", 400),  # {"a": 1}
    ("/visits?after=" + cursor(["9999-12-31", str(VISIT), "x"]), 400),
    ("/visits?after=" + cursor(["10000-01-01", str(VISIT)]), 400),
    ("/cycles?after=" + cursor(["2026-11-23", str(PLAN), "9" * 30, "1", str(VISIT)]), 400),
    ("/cycles?after=" + cursor(["2026-11-23", str(PLAN), "-1", "1", str(VISIT)]), 400),
    ("/cycles?after=" + cursor(["2026-11-23", str(PLAN), str(2**31), "1", str(VISIT)]), 400),
    ("/cycles?after=" + cursor(["2026-11-23", str(PLAN), "1", str(2**31 - 1), str(VISIT)]), 200),
    ("/cycles?after=" + cursor(["2026-11-23", str(PLAN), "1.5", "1", str(VISIT)]), 400),
    ("/contracts?after=" + cursor(["2026-11-23T00:00:00", str(VISIT)]), 400),
    ("/plans?after=" + cursor(["9999-12-31T23:59:59-12:00", str(VISIT)]), 400),
    ("/plans?after=" + cursor(["2026-11-23 00:00:00+00:00", str(VISIT)]), 200),
    ("/board?after=" + cursor(["9" * 30, "310101"]), 400),
    ("/board?after=" + cursor(["1", "310101"]), 200),
    ("/visits?district=%00", 422),
    ("/visits?mark=sunny", 422),
    ("/visits?state=x", 422),
    ("/visits?from=yesterday", 422),
    ("/visits?from=0001-01-01&to=9999-12-31", 422),
    ("/visits?limit=0", 422),
    ("/visits/nothing", 422),
    (f"/visits/{CONTRACT}", 404),
    ("/confirmations?state=unsigned&day=2026-11-23", 200),
    ("/cycles?state=planned", 200),
    (f"/checks/{CONFIRMATION}?sha256=x", 422),
    (f"/checks/{CONFIRMATION}", 422),
]


@pytest.mark.parametrize(("path", "status"), UNUSUAL)
async def test_an_unusual_query_is_answered_or_refused_and_causes_no_error(
    browser: Browser, path: str, status: int
) -> None:
    answer = await browser.get(path)
    assert answer.status_code == status, answer.text


async def test_a_request_waits_until_the_model_of_the_stream_has_its_version(browser: Browser) -> None:
    for stream in (f"visit-{VISIT}", f"plan-{PLAN}", f"contract-{CONTRACT}", f"confirmation-{CONFIRMATION}"):
        known = await browser.get("/visits", OWN, If_Version_At_Least=f"{stream}@1")
        assert known.status_code == 200, stream
    late = await browser.get("/visits", OWN, If_Version_At_Least=f"visit-{VISIT}@99")
    assert (late.status_code, late.json()["code"]) == (503, "view.behind")


def waiting_routes(app: FastAPI) -> list[str]:
    """Every route that waits for a version, with ids that exist in its path."""
    places = {
        "visit_id": VISIT,
        "confirmation_id": CONFIRMATION,
        "contract_id": CONTRACT,
        "plan_id": PLAN,
        "enterprise_id": ENTERPRISE,
        "point_id": POINT,
        "instrument_id": OLD,
        "operator_id": OPERATOR,
        "resource_id": UUID(int=404),
        "paper_id": UUID(int=404),
        "report_id": UUID(int=404),
        "year": 2026,
        "stream": f"instrument-{OLD}",
    }
    routes = [context.original_route for context in iter_route_contexts(app.routes)]
    return [
        route.path.format(**places)
        for route in routes
        if isinstance(route, APIRoute)
        and any(needed.call is edge.wait_until_up_to_date for needed in route.dependant.dependencies)
    ]


@pytest.mark.parametrize("stranger", [OTHERS, NEIGHBOUR, OTHER_DISTRICT], ids=lambda actor: actor.kind)
@pytest.mark.parametrize(
    "stream",
    [f"visit-{VISIT}", f"plan-{PLAN}", f"contract-{CONTRACT}", f"confirmation-{CONFIRMATION}", f"instrument-{OLD}", f"enterprise-{ENTERPRISE}"],
    ids=lambda stream: stream.split("-")[0],
)  # fmt: skip
async def test_an_actor_without_access_does_not_learn_the_version_of_a_stream(
    browser: Browser, app: FastAPI, monkeypatch: pytest.MonkeyPatch, stranger: Actor, stream: str
) -> None:
    monkeypatch.setattr(edge, "WAIT_SECONDS", 0.3)

    async def ask(path: str, wanted: str) -> tuple[int, str | None, bool]:
        begun = time.monotonic()
        answer = await browser.get(path, stranger, If_Version_At_Least=wanted)
        return answer.status_code, answer.json().get("code"), time.monotonic() - begun < 0.3

    nowhere = f"{stream.split('-', maxsplit=1)[0]}-{UUID(int=404)}"
    paths = waiting_routes(app)
    assert len(paths) > 10
    versions = (f"{stream}@1", f"{stream}@99", f"{nowhere}@1")
    answers = await asyncio.gather(*(ask(path, wanted) for path in paths for wanted in versions))
    assert set(answers) == {(503, "view.behind", False)}
