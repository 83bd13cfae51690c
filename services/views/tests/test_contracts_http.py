"""What a contract opens, on real PostgreSQL: nothing before the enterprise has confirmed it, and no longer when it is over."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

import httpx
import pytest
from conforming import Conforming
from fastapi import FastAPI
from fastapi.routing import APIRoute
from qingyuan_events import Actor, tasks
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer
from read_models import Model, make_model
from sample_facts import ENTERPRISE, OLD, OTHER, OUTLET, POINT
from views.main import build_app
from views.shared.people import MemoryPeople
from working_day import submit, terms, working_day
from working_day_facts import CONTRACT, OPERATOR, OWN, PLAN, SPACE

pytestmark = pytest.mark.servers

KEY = EveryIssuer()
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
UNINVITED, ASKED, REFUSED = UUID(int=81), UUID(int=82), UUID(int=83)
AGAIN, ELSEWHERE = UUID(int=86), UUID(int=87)
"""The number of what was refused, taken again; and once more, with another enterprise."""
REMINDED = [datetime(2026, 11, day, 1, tzinfo=UTC) for day in (6, 13)]
THEIRS: dict[str, Any] = {"operator_id": UNINVITED, "enterprise_id": ENTERPRISE, "district": "310118"}
STRANGER = Actor(account=UUID(int=84), kind="operator", organisation=UNINVITED)
FORMER = Actor(account=UUID(int=85), kind="operator", organisation=OPERATOR)
OFFICE = Actor(account=UUID(int=63), kind="administrator")
SIGNER = Actor(account=UUID(int=61), kind="enterprise", organisation=ENTERPRISE)
VISIT = uuid5(SPACE, "visit first")
SECRETS = ("路 1 号", "总测点", "DW001", "CODmax", "清泉化工", "longitude", str(POINT), str(OLD), str(OUTLET))


async def nothing() -> None:
    return None


@pytest.fixture(scope="module")
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    """The working day; a stranger that says it has contracts; and the end of the contract the day was worked under."""
    sample = working_day()
    for key in (ASKED, REFUSED):
        submit(sample, key, THEIRS, "上海不速运维有限公司")
    for number, moment in enumerate(REMINDED, 1):
        sample.add(
            f"contract-{ASKED}",
            tasks.ContractReminded(contract_id=ASKED, **THEIRS, number=number, reminded_at=moment),
        )
    sample.add(f"contract-{REFUSED}", tasks.ContractDeclined(contract_id=REFUSED, **THEIRS, reason="不认识"))
    again = tasks.ContractSubmittedV3(
        contract_id=AGAIN, **THEIRS, terms=terms(REFUSED, "上海不速运维有限公司"), replaces=REFUSED
    )
    sample.add(f"contract-{AGAIN}", again)
    elsewhere = again.model_copy(
        update={"contract_id": ELSEWHERE, "enterprise_id": OTHER, "district": "310113", "replaces": AGAIN}
    )
    sample.add(f"contract-{AGAIN}", tasks.ContractDeclined(contract_id=AGAIN, **THEIRS, reason="不认识"))
    sample.add(f"contract-{ELSEWHERE}", elsewhere)
    ended = tasks.ContractEnded(
        contract_id=CONTRACT, **OWN, last_day=date(2026, 11, 15), reason="更换运维机构"
    )
    sample.add(f"contract-{CONTRACT}", ended)
    made = await make_model(postgres_server)
    await made.apply(sample.recorded)
    yield made
    await made.close()


class Browser:
    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def get(self, path: str, actor: Actor) -> httpx.Response:
        token = issue(actor, KEY, now=time.time())
        return await self.http.get(path, headers={"Authorization": f"Bearer {token}"})

    async def json(self, path: str, actor: Actor) -> Any:
        answer = await self.get(path, actor)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
async def browser(model: Model) -> AsyncIterator[Browser]:
    app = build_app(model.reader, trusted=KEY, ready=nothing, people=MemoryPeople({}), clock=lambda: NOW)
    transport = Conforming(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://views") as http:
        yield Browser(http)


def documented_paths(app: FastAPI) -> list[str]:
    return [route.path for route in app.routes if isinstance(route, APIRoute) and route.include_in_schema]


CHOICES = "/choices"


def questions() -> list[str]:
    """Every question that the service answers, about the things of the enterprise."""
    app = build_app(None, trusted=KEY, ready=nothing, people=MemoryPeople({}), clock=lambda: NOW)  # type: ignore[arg-type]
    ids = {
        "enterprise_id": ENTERPRISE,
        "point_id": POINT,
        "instrument_id": OLD,
        "contract_id": CONTRACT,
        "plan_id": PLAN,
        "visit_id": VISIT,
        "confirmation_id": uuid5(VISIT, "confirmation"),
        "operator_id": OPERATOR,
        "resource_id": UUID(int=404),
        "report_id": UUID(int=404),
        "paper_id": UUID(int=404),
        "year": 2026,
        "stream": f"instrument-{OLD}",
    }
    known = {name: str(key) for name, key in ids.items()}
    public = "/checks/{confirmation_id}"  # for whoever holds the paper
    needed = {"/filings/{operator_id}/resources.xlsx": "?kind=device"}
    paths = [
        (path + needed.get(path, "")).format(**known)
        for path in documented_paths(app)
        if path not in (public, CHOICES)
    ]
    return [*paths, *(f"{CHOICES}?of={noun}" for noun in ("enterprise", "point", "operator", "technician"))]


@pytest.mark.parametrize("path", [*questions(), f"/contracts/{ASKED}", f"/contracts/{REFUSED}"])
async def test_an_unconfirmed_contract_opens_nothing_but_the_name(browser: Browser, path: str) -> None:
    answer = await browser.get(path, STRANGER)
    assert answer.status_code in (200, 403, 404), answer.text
    assert [secret for secret in SECRETS if secret in answer.text] == []


async def test_its_operator_sees_what_it_submitted_itself_and_what_was_said_to_it(browser: Browser) -> None:
    rows = (await browser.json("/contracts", STRANGER))["items"]
    assert {row["id"]: row["state"] for row in rows} == {
        str(ASKED): "submitted", str(REFUSED): "declined", str(AGAIN): "declined", str(ELSEWHERE): "submitted",
    }  # fmt: skip
    assert {row["enterprise_name"] for row in rows} == {"当时的企业名称"}
    found = await browser.json(f"/contracts/{REFUSED}", STRANGER)
    assert [(word["what"], word["reason"]) for word in found["words"]] == [("declined", "不认识")]
    assert (found["points"], found["plans"]) == ([], [])


async def test_the_enterprise_sees_who_asks_and_can_narrow_to_them(browser: Browser) -> None:
    rows = (await browser.json("/contracts?state=submitted", SIGNER))["items"]
    assert [(row["id"], row["operator_name"]) for row in rows] == [(str(ASKED), "上海不速运维有限公司")]
    assert (await browser.get("/contracts?state=lost", SIGNER)).status_code == 422


async def test_contracts_of_one_number_lead_to_each_other_where_both_may_be_seen(browser: Browser) -> None:
    async def leads_to(contract: UUID, actor: Actor) -> list[str | None]:
        found = await browser.json(f"/contracts/{contract}", actor)
        return [found["replaces"], found["replaced_by"]]

    for actor in (STRANGER, SIGNER):
        assert await leads_to(REFUSED, actor) == [None, str(AGAIN)]
    assert await leads_to(AGAIN, STRANGER) == [str(REFUSED), str(ELSEWHERE)]
    assert await leads_to(AGAIN, SIGNER) == [str(REFUSED), None]
    other = Actor(account=UUID(int=62), kind="enterprise", organisation=OTHER)
    assert await leads_to(ELSEWHERE, other) == [None, None]


async def test_an_enterprise_is_told_that_a_number_was_taken_again_and_not_by_what(browser: Browser) -> None:
    """It could not confirm what it had declined, was offered to, and was not told why."""
    for actor in (STRANGER, SIGNER, OFFICE):
        for contract, replaced in ((ASKED, False), (REFUSED, True), (AGAIN, True)):
            assert (await browser.json(f"/contracts/{contract}", actor))["replaced"] is replaced
    told = (await browser.get(f"/contracts/{AGAIN}", SIGNER)).text
    assert [enterprise_id for enterprise_id in (ELSEWHERE, OTHER) if str(enterprise_id) in told] == []
    assert (await browser.json(f"/contracts/{ELSEWHERE}", STRANGER))["replaced"] is False


async def test_both_sides_see_how_often_the_enterprise_was_reminded(browser: Browser) -> None:
    for actor in (SIGNER, STRANGER):
        found = await browser.json(f"/contracts/{ASKED}", actor)
        moments = [datetime.fromisoformat(moment) for moment in found["reminded"]]
        assert (moments, found["reminders"], found["version"]) == (REMINDED, 2, 3)
        assert datetime.fromisoformat(found["reminded_at"]) == REMINDED[-1]
    never = await browser.json(f"/contracts/{REFUSED}", STRANGER)
    assert (never["reminded"], never["reminders"], never["reminded_at"]) == ([], 0, None)


async def test_when_a_contract_is_over_the_register_closes_and_ones_own_work_stays(browser: Browser) -> None:
    assert (await browser.json("/tasks/today", FORMER))["points"] == []
    visits = (await browser.json("/visits", FORMER))["items"]
    assert len(visits) == 4
    assert {(row["enterprise_name"], row["point_name"]) for row in visits} == {("清泉化工", "总测点")}
    cycles = (await browser.json(f"/cycles?plan_id={PLAN}&limit=100", FORMER))["items"]
    assert {cycle["state"] for cycle in cycles if cycle["opens"] > "2026-11-15"} <= {"stopped", "done"}
    found = await browser.json(f"/contracts/{CONTRACT}", FORMER)
    assert (found["state"], found["ended_on"], found["words"][-1]["reason"]) == (
        "ended", "2026-11-15", "更换运维机构",
    )  # fmt: skip
