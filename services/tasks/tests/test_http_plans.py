"""Contracts and plans over HTTP, on the fakes that pass the contract suites: who may, what is refused, repeats."""

import time
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from conforming import Conforming
from fastapi import FastAPI
from plan_samples import ACCOUNT, OPERATOR, OTHER_OPERATOR, attachment
from qingyuan_events import Actor
from qingyuan_events.tasks import PlanPublished
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer
from tasks.main import SERVICE
from tasks.register_copy.memory import MemoryRegisterCopy
from tasks.shared.repository import Repository
from visit_samples import ENTERPRISE, POINT, TOWN, enterprise

KEY = EveryIssuer()
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
NOWHERE = str(UUID(int=404))
CONTRACT: dict[str, Any] = {
    "enterprise_id": str(ENTERPRISE),
    "particulars": {
        "number": "LC-2026-018",
        "name": "2026 年度运维合同(二期)",
        "first_day": "2026-01-01",
        "last_day": "2026-12-31",
        "amount": "186000.00",
    },
    "files": [attachment.model_dump(mode="json")],
}
PLAN: dict[str, Any] = {
    "name": "12 月运维计划",
    "points": [str(POINT)],
    "assignees": [{"account": str(ACCOUNT), "certificate_to": "2028-06-30"}],
    "devices": [{"name": "便携式仪", "serial_number": "DX-2201", "calibrated_to": "2027-03-31"}],
    "first_day": "2026-12-01",
    "last_day": "2026-12-15",
    "items": [{"content": "patrol", "rule": "FREQ=WEEKLY", "gap_days_max": 7, "basis": "WF-WEEK"}],
}
WINDOWS = [
    {"number": 1, "opens": "2026-12-01", "closes": "2026-12-07"},
    {"number": 2, "opens": "2026-12-08", "closes": "2026-12-14"},
]


class Person:
    def __init__(
        self,
        http: httpx.AsyncClient,
        kind: str | None,
        organisation: UUID | None = None,
        role: str | None = "manager",
    ) -> None:
        self._http = http
        self._headers: dict[str, str] = {}
        if kind:
            own_role = role if kind == "operator" else None
            actor = Actor(
                account=uuid.uuid4(), kind=kind, organisation=organisation, district="310118", role=own_role
            )
            token = issue(actor, KEY, now=time.time(), organisation_name="上海绿测环境运维有限公司")
            self._headers = {"Authorization": f"Bearer {token}"}

    async def post(self, path: str, body: dict[str, Any], *, key: str | None = None) -> httpx.Response:
        headers = self._headers | {"Idempotency-Key": key or str(uuid.uuid4())}
        return await self._http.post(path, json=body, headers=headers)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self._http.get(path, headers=self._headers | headers)

    async def makes(self, path: str, body: dict[str, Any]) -> str:
        answer = await self.post(path, body)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["stream"]).split("-", 1)[1]


@pytest.fixture
def app() -> FastAPI:
    app = SERVICE.twin(lambda: NOON, KEY)
    register = app.state.repository.register
    assert isinstance(register, MemoryRegisterCopy)
    register.apply(*TOWN)
    return app


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=Conforming(app), base_url="http://tasks") as client:
        yield client


@pytest.fixture
def operator(http: httpx.AsyncClient) -> Person:
    return Person(http, "operator", OPERATOR)


@pytest.fixture
def enterprise_account(http: httpx.AsyncClient) -> Person:
    return Person(http, "enterprise", ENTERPRISE)


@pytest.fixture
async def contract_id(operator: Person, enterprise_account: Person) -> str:
    """A contract that its enterprise has confirmed."""
    made = await operator.makes("/contracts", CONTRACT)
    await enterprise_account.makes(f"/contracts/{made}/confirmation", {"points": [str(POINT)]})
    return made


def kinds(http: httpx.AsyncClient, *names: str) -> list[Person]:
    of: dict[str, UUID | None] = {"enterprise": ENTERPRISE, "regulator": None, "administrator": None}
    return [Person(http, name, of.get(name)) for name in names]


async def codes(answer: httpx.Response) -> tuple[int, str, list[str]]:
    body = answer.json()
    return answer.status_code, body["code"], [error["field"] for error in body.get("errors", [])]


async def test_a_contract_is_submitted_and_a_retry_gets_the_same_answer(operator: Person) -> None:
    first = await operator.post("/contracts", CONTRACT, key="one-of-mine")
    again = await operator.post("/contracts", CONTRACT, key="one-of-mine")
    assert (first.status_code, first.json()) == (202, again.json())
    assert first.json()["version"] == 1
    assert [note["field"] for note in first.json()["notes"]] == ["particulars.name"]


async def test_a_number_is_used_once_by_an_operator_and_again_by_another(
    http: httpx.AsyncClient, operator: Person
) -> None:
    await operator.makes("/contracts", CONTRACT)
    assert await codes(await operator.post("/contracts", CONTRACT)) == (409, "contract-number.taken", [])
    other = await Person(http, "operator", OTHER_OPERATOR).post("/contracts", CONTRACT)
    assert other.status_code == 202


async def test_a_declined_number_is_free_again_and_no_other(
    operator: Person, enterprise_account: Person
) -> None:
    taken: tuple[int, str, list[str]] = (409, "contract-number.taken", [])
    number = CONTRACT | {"enterprise_id": str(ENTERPRISE)}

    async def stands(what: str, contract: str, body: dict[str, Any]) -> tuple[int, str, list[str]]:
        """How the next request is answered."""
        await enterprise_account.makes(f"/contracts/{contract}/{what}", body)
        return await codes(await operator.post("/contracts", number))

    first = await operator.makes("/contracts", number)
    assert await codes(await operator.post("/contracts", number)) == taken
    await enterprise_account.makes(f"/contracts/{first}/refusal", {"reason": "期限不符"})
    second = await operator.makes("/contracts", number)
    assert await codes(await operator.post("/contracts", number)) == taken
    await enterprise_account.makes(f"/contracts/{second}/refusal", {"reason": "金额不符"})
    again = await operator.post("/contracts", number, key="the-third")
    third = again.json()["stream"].partition("-")[2]
    points = {"points": [str(POINT)]}
    for replaced in (first, second):
        refused = await enterprise_account.post(f"/contracts/{replaced}/confirmation", points)
        assert await codes(refused) == (409, "contract.replaced", [])
    assert await stands("confirmation", third, points) == taken
    assert await stands("ending", third, {"last_day": "2026-11-30", "reason": "更换"}) == taken
    assert (await operator.post("/contracts", number, key="the-third")).json() == again.json()


async def test_a_declined_contract_that_is_confirmed_after_all_keeps_its_number(
    operator: Person, enterprise_account: Person
) -> None:
    first = await operator.makes("/contracts", CONTRACT)
    await enterprise_account.makes(f"/contracts/{first}/refusal", {"reason": "期限不符"})
    await enterprise_account.makes(f"/contracts/{first}/confirmation", {"points": [str(POINT)]})
    assert await codes(await operator.post("/contracts", CONTRACT)) == (409, "contract-number.taken", [])


async def test_a_retry_is_answered_as_before_whatever_came_after_it(
    operator: Person, enterprise_account: Person
) -> None:
    answers: list[httpx.Response] = []
    for key in ("the-first", "the-second", "the-third"):
        for declined in answers[-1:]:
            contract = declined.json()["stream"].partition("-")[2]
            await enterprise_account.makes(f"/contracts/{contract}/refusal", {"reason": "期限不符"})
        answers.append(await operator.post("/contracts", CONTRACT, key=key))
    assert [answer.status_code for answer in answers] == [202, 202, 202]
    for key, answer in zip(("the-first", "the-second", "the-third"), answers, strict=True):
        assert (await operator.post("/contracts", CONTRACT, key=key)).json() == answer.json()


async def test_a_contract_over_what_is_not_there_is_refused(operator: Person) -> None:
    nowhere = await operator.post("/contracts", CONTRACT | {"enterprise_id": NOWHERE})
    assert await codes(nowhere) == (404, "enterprise.missing", [])
    for field, value in (("colour", "red"), ("operator_name", "别家公司"), ("points", [str(POINT)])):
        shapeless = CONTRACT | {"particulars": CONTRACT["particulars"] | {field: value}}
        answer = await operator.post("/contracts", shapeless)
        assert await codes(answer) == (422, "request.malformed", [f"particulars.{field}"])


async def test_a_contract_names_its_operator_as_accounts_does(operator: Person, app: FastAPI) -> None:
    contract_id = await operator.makes("/contracts", CONTRACT)
    (recorded,) = await app.state.repository.store.read(f"contract-{contract_id}")
    terms = recorded.fact.terms
    assert (terms.operator_name, terms.enterprise_name) == (
        "上海绿测环境运维有限公司",
        "上海清泉化工有限公司",
    )


async def test_nothing_is_planned_until_the_enterprise_has_confirmed(
    operator: Person, enterprise_account: Person
) -> None:
    contract_id = await operator.makes("/contracts", CONTRACT)
    plan = PLAN | {"contract_id": contract_id}
    for path in ("/plans/preview", "/plans"):
        assert await codes(await operator.post(path, plan)) == (409, "contract.unconfirmed", [])
    path = f"/contracts/{contract_id}/confirmation"
    wrong = await enterprise_account.post(path, {"points": [NOWHERE]})
    assert await codes(wrong) == (422, "command.invalid", ["points.0"])
    await enterprise_account.makes(path, {"points": [str(POINT)]})
    assert (await operator.post("/plans", plan)).status_code == 202


ANSWERS: dict[str, dict[str, Any]] = {
    "confirmation": {"points": [str(POINT)]},
    "refusal": {"reason": "不是我们的合同"},
    "ending": {"last_day": "2026-11-30", "reason": "更换运维机构"},
}


@pytest.mark.parametrize("what", ANSWERS)
async def test_only_the_enterprise_of_a_contract_answers_it(
    http: httpx.AsyncClient, operator: Person, what: str
) -> None:
    path = f"/contracts/{await operator.makes('/contracts', CONTRACT)}/{what}"
    for person in [operator, *kinds(http, "regulator", "administrator"), Person(http, "enterprise")]:
        assert (await person.post(path, ANSWERS[what])).status_code == 403
    another = Person(http, "enterprise", OTHER_OPERATOR)
    assert await codes(await another.post(path, ANSWERS[what])) == (404, "contract.missing", [])
    assert (await Person(http, None).post(path, ANSWERS[what])).status_code == 401


async def test_a_declined_contract_says_why_and_an_ended_one_takes_no_plan_beyond_its_end(
    operator: Person, enterprise_account: Person, contract_id: str
) -> None:
    declined = await enterprise_account.post(f"/contracts/{contract_id}/refusal", ANSWERS["refusal"])
    assert await codes(declined) == (409, "contract.confirmed", [])
    await enterprise_account.makes(f"/contracts/{contract_id}/ending", ANSWERS["ending"])
    answer = await operator.post("/plans", PLAN | {"contract_id": contract_id})
    assert await codes(answer) == (422, "command.invalid", ["last_day"])


async def test_a_technician_writes_no_contract_and_no_plan(
    http: httpx.AsyncClient, operator: Person, contract_id: str
) -> None:
    plan = PLAN | {"contract_id": contract_id}
    plan_id = await operator.makes("/plans", plan)
    paths = PATHS | {
        f"/contracts/{contract_id}/supplement": {"text": "补充"},
        f"/plans/{plan_id}/stopping": {"last_day": "2026-12-07", "reason": "停产"},
    }
    for role in ("technician", None):
        person = Person(http, "operator", OPERATOR, role)
        for path, body in paths.items():
            assert await codes(await person.post(path, body)) == (403, "role.manager-only", []), path


async def test_a_supplement_goes_to_the_own_contract_only(http: httpx.AsyncClient, operator: Person) -> None:
    path = f"/contracts/{await operator.makes('/contracts', CONTRACT)}/supplement"
    added = await operator.post(path, {"text": "补充协议", "files": []})
    assert (added.status_code, added.json()["version"]) == (202, 2)
    theirs = await Person(http, "operator", OTHER_OPERATOR).post(path, {"text": "补充协议", "files": []})
    assert await codes(theirs) == (404, "contract.missing", [])
    nowhere = await operator.post(f"/contracts/{NOWHERE}/supplement", {"text": "补充协议"})
    assert await codes(nowhere) == (404, "contract.missing", [])


async def test_a_preview_shows_what_publishing_then_records(
    operator: Person, app: FastAPI, contract_id: str
) -> None:
    plan = PLAN | {"contract_id": contract_id}
    preview = await operator.post("/plans/preview", plan)
    expected = {"items": [{"content": "patrol", "windows": WINDOWS}], "problems": [], "notes": []}
    assert (preview.status_code, preview.json()) == (200, expected)
    plan_id = await operator.makes("/plans", plan)
    repository: Repository = app.state.repository
    (recorded,) = await repository.store.read(f"plan-{plan_id}")
    assert isinstance(recorded.fact, PlanPublished)
    assert recorded.fact.model_dump(mode="json")["items"][0]["windows"] == WINDOWS
    assert (recorded.fact.operator_id, recorded.fact.district) == (OPERATOR, "310118")


async def test_what_the_preview_complains_of_is_what_publishing_refuses(
    operator: Person, contract_id: str
) -> None:
    worn = PLAN["devices"][0] | {"calibrated_to": "2026-12-13"}
    wrong = PLAN | {"contract_id": contract_id, "devices": [worn], "last_day": "2027-01-01"}
    preview = (await operator.post("/plans/preview", wrong)).json()
    fields = [problem["field"] for problem in preview["problems"]]
    assert fields == ["last_day", "devices.0.calibrated_to"]
    assert [note["rule"] for note in preview["notes"]] == ["calendar"]
    assert len(preview["items"][0]["windows"]) == 4
    assert await codes(await operator.post("/plans", wrong)) == (422, "command.invalid", fields)


async def test_publishing_tells_its_notes_and_a_retry_publishes_nothing_more(
    operator: Person, contract_id: str
) -> None:
    rare = PLAN["items"][0] | {"rule": "FREQ=WEEKLY;INTERVAL=2", "gap_days_max": None}
    plan = PLAN | {"contract_id": contract_id, "items": [rare]}
    first = await operator.post("/plans", plan, key="one-of-mine")
    again = await operator.post("/plans", plan, key="one-of-mine")
    assert first.json() == again.json()
    assert [note["rule"] for note in first.json()["notes"]] == ["WF-WEEK"]


async def test_crew_and_end_of_a_plan_change_by_its_operator_only(
    http: httpx.AsyncClient, operator: Person, contract_id: str
) -> None:
    plan_id = await operator.makes("/plans", PLAN | {"contract_id": contract_id})
    crew = {"assignees": [{"account": NOWHERE}], "devices": [], "reason": "换班"}
    stop = {"last_day": "2026-12-07", "reason": "停产"}
    stranger = Person(http, "operator", OTHER_OPERATOR)
    for what, body in (("crew", crew), ("stopping", stop)):
        theirs = await stranger.post(f"/plans/{plan_id}/{what}", body)
        nowhere = await operator.post(f"/plans/{NOWHERE}/{what}", body)
        assert await codes(theirs) == await codes(nowhere) == (404, "plan.missing", [])
    changed = await operator.post(f"/plans/{plan_id}/crew", crew)
    assert [note["rule"] for note in changed.json()["notes"]] == ["certificate-unknown"]
    assert (await operator.post(f"/plans/{plan_id}/stopping", stop)).json()["version"] == 3
    assert await codes(await operator.post(f"/plans/{plan_id}/crew", crew)) == (409, "plan.stopped", [])


async def test_a_plan_under_anothers_contract_is_not_there(http: httpx.AsyncClient, contract_id: str) -> None:
    plan = PLAN | {"contract_id": contract_id}
    stranger = Person(http, "operator", OTHER_OPERATOR)
    for path in ("/plans", "/plans/preview"):
        assert await codes(await stranger.post(path, plan)) == (404, "contract.missing", [])


PATHS = {
    "/contracts": CONTRACT,
    f"/contracts/{NOWHERE}/supplement": {"text": "补充"},
    "/plans": PLAN | {"contract_id": NOWHERE},
    "/plans/preview": PLAN | {"contract_id": NOWHERE},
    f"/plans/{NOWHERE}/crew": {"assignees": [], "reason": "换班"},
    f"/plans/{NOWHERE}/stopping": {"last_day": "2026-12-07", "reason": "停产"},
}


@pytest.mark.parametrize("path", PATHS)
async def test_only_operators_of_an_organisation_write(http: httpx.AsyncClient, path: str) -> None:
    for person in [*kinds(http, "enterprise", "regulator", "administrator"), Person(http, "operator")]:
        assert (await person.post(path, PATHS[path])).status_code == 403
    assert (await Person(http, None).post(path, PATHS[path])).status_code == 401


async def test_an_enterprise_is_found_by_its_exact_code_and_says_its_name_alone(
    http: httpx.AsyncClient, operator: Person
) -> None:
    found = await operator.get(f"/places?uscc={enterprise.uscc}")
    assert found.json() == {"enterprise": {"id": str(ENTERPRISE), "name": "上海清泉化工有限公司"}}
    for part in ("", enterprise.uscc[:17], "91110000600037341L", "%"):
        assert await codes(await operator.get(f"/places?uscc={part}")) == (404, "enterprise.missing", [])


async def test_places_are_for_operators_and_the_office(http: httpx.AsyncClient) -> None:
    path = f"/places?uscc={enterprise.uscc}"
    (office,) = kinds(http, "administrator")
    assert (await office.get(path)).status_code == 200
    for person in kinds(http, "enterprise", "regulator"):
        assert (await person.get(path)).status_code == 403
    assert (await Person(http, None).get(path)).status_code == 401


async def test_the_standards_are_one_document_that_is_sent_once(http: httpx.AsyncClient) -> None:
    for person in kinds(http, "enterprise", "regulator", "administrator"):
        whole = await person.get("/forms")
        etag = whole.headers["etag"]
        assert whole.status_code == 200
        assert not etag.startswith("W/")
        for known in (etag, f"W/{etag}", f'"other", {etag}'):
            same = await person.get("/forms", **{"If-None-Match": known})
            assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
        assert (await person.get("/forms", **{"If-None-Match": '"other"'})).content == whole.content
    assert (await Person(http, None).get("/forms")).status_code == 401


async def test_the_standards_hold_what_a_page_needs_of_the_day(operator: Person) -> None:
    body = (await operator.get("/forms")).json()
    assert {"patrol", "calibration", "comparison"} <= {content["code"] for content in body["contents"]}
    assert {"WF-WEEK", "VER-M"} <= {interval["rule_id"] for interval in body["intervals"]}
    assert (
        {"fence_radius_m", "clock_tolerance_s"} <= body["settings"].keys() == body["settings_sources"].keys()
    )
    assert body["calendar"]["holidays"]["2026-10-01"] == "国庆节"
    assert "2026-10-10" in body["calendar"]["workdays"]
    assert all({"form", "version", "schema", "layout"} <= form.keys() for form in body["forms"])
    earlier = (await operator.get("/forms?day=2019-01-01")).json()
    assert "WF-WEEK" not in {interval["rule_id"] for interval in earlier["intervals"]}
    assert (await operator.get("/forms?day=tomorrow")).status_code == 422
