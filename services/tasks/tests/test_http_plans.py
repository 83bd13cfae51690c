"""Plans over HTTP, on the fakes that pass the contract suites: what is recorded, what is refused, repeats."""

import httpx
from contract_calls import NOWHERE, PLAN, Person, refusal
from fastapi import FastAPI
from plan_samples import OPERATOR, OTHER_OPERATOR
from qingyuan_events.tasks import PlanPublishedV2
from tasks.shared.repository import Repository

WINDOWS = [
    {"number": 1, "opens": "2026-12-01", "closes": "2026-12-07"},
    {"number": 2, "opens": "2026-12-08", "closes": "2026-12-14"},
]
NOT_FILED = {
    "field": "assignees",
    "rule": "operator-not-filed",
    "sentence": "本机构未备案，人员和设备无法按备案核对，有效期以填写的为准。",
}


async def test_a_preview_shows_what_publishing_then_records(
    operator: Person, app: FastAPI, contract_id: str
) -> None:
    plan = PLAN | {"contract_id": contract_id}
    preview = await operator.post("/plans/preview", plan)
    expected = {
        "items": [{"content": "patrol", "windows": WINDOWS}],
        "assignees": [PLAN["assignees"][0] | {"resource_id": None}],
        "devices": [PLAN["devices"][0] | {"resource_id": None}],
        "gaps": [],
        "problems": [],
        "notes": [NOT_FILED],
        "repeats": [],
    }
    assert (preview.status_code, preview.json()) == (200, expected)
    plan_id = await operator.makes("/plans", plan)
    repository: Repository = app.state.repository
    (recorded,) = await repository.store.read(f"plan-{plan_id}")
    assert isinstance(recorded.fact, PlanPublishedV2)
    assert recorded.fact.model_dump(mode="json")["items"][0]["windows"] == WINDOWS
    assert (recorded.fact.operator_id, recorded.fact.district) == (OPERATOR, "310118")


async def test_publishing_refuses_the_problems_that_the_preview_shows(
    operator: Person, contract_id: str
) -> None:
    expired = PLAN["devices"][0] | {"calibrated_to": "2026-12-13"}
    wrong = PLAN | {"contract_id": contract_id, "devices": [expired], "last_day": "2027-01-01"}
    preview = (await operator.post("/plans/preview", wrong)).json()
    fields = [problem["field"] for problem in preview["problems"]]
    assert fields == ["last_day", "devices.0.calibrated_to"]
    assert [note["rule"] for note in preview["notes"]] == ["calendar", "operator-not-filed"]
    assert len(preview["items"][0]["windows"]) == 4
    assert refusal(await operator.post("/plans", wrong)) == (422, "command.invalid", fields)


async def test_publishing_tells_its_notes_and_a_retry_publishes_nothing_more(
    operator: Person, contract_id: str
) -> None:
    rare = PLAN["items"][0] | {"rule": "FREQ=WEEKLY;INTERVAL=2", "gap_days_max": None}
    plan = PLAN | {"contract_id": contract_id, "items": [rare]}
    first = await operator.post("/plans", plan, key="one-of-mine")
    again = await operator.post("/plans", plan, key="one-of-mine")
    assert first.json() == again.json()
    assert [note["rule"] for note in first.json()["notes"]] == ["operator-not-filed", "WF-WEEK"]


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
        assert refusal(theirs) == refusal(nowhere) == (404, "plan.missing", [])
    changed = await operator.post(f"/plans/{plan_id}/crew", crew)
    assert [note["rule"] for note in changed.json()["notes"]] == ["operator-not-filed", "certificate-unknown"]
    assert (await operator.post(f"/plans/{plan_id}/stopping", stop)).json()["version"] == 3
    assert refusal(await operator.post(f"/plans/{plan_id}/crew", crew)) == (409, "plan.stopped", [])


async def test_a_plan_under_another_operators_contract_is_refused(
    http: httpx.AsyncClient, contract_id: str
) -> None:
    plan = PLAN | {"contract_id": contract_id}
    stranger = Person(http, "operator", OTHER_OPERATOR)
    for path in ("/plans", "/plans/preview"):
        assert refusal(await stranger.post(path, plan)) == (404, "contract.missing", [])


async def test_a_plan_that_repeats_another_is_told_so_with_that_plan_and_may_be_published(
    operator: Person, contract_id: str
) -> None:
    plan = PLAN | {"contract_id": contract_id}
    first_id = await operator.makes("/plans", plan)
    sentence = "计划“12 月运维计划”（2026-12-01 至 2026-12-15）在测点“污水总测点”已有日常巡检，日期重叠，请核对是否重复。"
    preview = (await operator.post("/plans/preview", plan)).json()
    assert preview["repeats"] == [{"id": first_id, "name": "12 月运维计划", "sentence": sentence}]
    assert preview["problems"] == []
    assert [note["sentence"] for note in preview["notes"]] == [NOT_FILED["sentence"], sentence]
    again = await operator.post("/plans", plan)
    noted = [(note["rule"], note["sentence"]) for note in again.json()["notes"]]
    assert noted == [(NOT_FILED["rule"], NOT_FILED["sentence"]), ("repeats", sentence)]
