"""The filing service over HTTP: from nothing to 已备案, retries, and whose word is needed."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
from fastapi import FastAPI
from filing_calls import KEY, LI, NOW, ZHANG, Person, manager, plain, refusal, reviewer, submitted
from filing_samples import OPERATOR, calibration, device, person, scan_of, vehicle
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.tokens import second_factor
from test_credit import manual, training

KEYS = ("signed-on-one-screen", "signed-on-another")
FILING = f"/filings/{OPERATOR}"


def facts(app: FastAPI) -> list[str]:
    store = app.state.repository.store
    assert isinstance(store, MemoryStore)
    return [recorded.fact.type for recorded in store.everything()]


async def test_from_nothing_to_filed(app: FastAPI, operator: Person, city: Person) -> None:
    await submitted(operator)
    await city.does(f"{FILING}/opening", {"number": 1})
    await city.does(f"{FILING}/first-review", {"number": 1, "passed": True})
    await city.does(f"{FILING}/opening", {"number": 1})
    await city.does(f"{FILING}/second-review", {"number": 1, "passed": True})
    assert facts(app) == [
        "filing.begun.v1",
        "filing.basics_changed.v1",
        "filing.undertaking_given.v2",
        "resource.added.v1",
        "filing.submitted.v1",
        "filing.review_opened.v1",
        "filing.first_review_passed.v1",
        "filing.review_opened.v1",
        "filing.second_review_passed.v1",
        "filing.filed.v1",
    ]


async def test_what_is_returned_is_corrected_and_only_that_is_reviewed_again(
    app: FastAPI, operator: Person, city: Person
) -> None:
    person_id = await submitted(operator)
    await city.does(f"{FILING}/opening", {"number": 1})
    await city.does(f"{FILING}/first-review", {"number": 1, "passed": True})
    await city.does(f"{FILING}/opening", {"number": 1})
    remark = {"resource_id": person_id, "field": "papers.0", "reason": "unreadable", "text": "看不清"}
    await city.does(f"{FILING}/second-review", {"number": 1, "passed": False, "remarks": [remark]})
    corrected = operator.resource(person.model_copy(update={"title": "高级工程师"})) | {"reason": "补正"}
    await operator.does(f"/resources/{person_id}/correction", corrected)
    await operator.does("/filing/submission")
    await city.does(f"{FILING}/opening", {"number": 2})
    await city.does(f"{FILING}/second-review", {"number": 2, "passed": True})
    assert facts(app)[-1] == "filing.filed.v1"


async def test_names_are_encrypted_and_read_by_those_who_may(
    app: FastAPI, operator: Person, city: Person, http: httpx.AsyncClient
) -> None:
    person_id = await submitted(operator)
    assert (await city.get(f"{FILING}/names")).json() == {"items": [{"id": person_id, "name": "王工"}]}
    assert (await operator.get(f"{FILING}/people")).json() == {"legal_representative": ZHANG, "contact": LI}
    corrected = operator.resource(person, "王大工") | {"reason": "更正姓名"}
    await operator.does(f"/resources/{person_id}/correction", corrected)
    assert (await city.get(f"{FILING}/names")).json() == {"items": [{"id": person_id, "name": "王大工"}]}
    log = "".join(recorded.fact.model_dump_json() for recorded in app.state.repository.store.everything())
    for name in ("王工", "王大工", "张清源", "李敏"):
        assert name not in log


async def test_a_refused_command_leaves_no_key(app: FastAPI, operator: Person) -> None:
    await operator.does("/filing")
    wrong = operator.resource(person.model_copy(update={"technical_posts": ()}), "王工")
    assert (await operator.post("/resources", wrong)).status_code == 422
    assert (await operator.post("/filing/basics", operator.basics(uscc="1"))).status_code == 422
    assert app.state.repository.keys._keys == {}


async def test_a_repeated_request_gets_the_first_answer_also_when_its_tokens_have_expired(
    app: FastAPI, operator: Person
) -> None:
    repository = app.state.repository
    await operator.does("/filing")
    for path, body in (
        ("/filing/basics", operator.basics()),
        ("/filing/undertaking", await operator.undertaking()),
        ("/resources", operator.resource(person, "王工")),
        ("/credit/documents", {"document": plain(manual), "evidence": operator.evidence}),
        ("/filing/submission", None),
        ("/filing/withdrawal", None),
    ):
        first = await operator.post(path, body, key=f"once {path}")
        app.state.repository = replace(repository, clock=lambda: NOW + timedelta(days=1))
        again = await operator.post(path, body, key=f"once {path}")
        app.state.repository = repository
        assert (first.status_code, first.json()) == (202, again.json())
    assert len(facts(app)) == 7


async def test_a_second_factor_serves_one_command_also_of_two_at_once(app: FastAPI, operator: Person) -> None:
    await operator.does("/filing")
    body = await operator.undertaking()
    body_sha256 = (await operator.get("/options")).json()["undertaking"]["sha256"]
    both = await asyncio.gather(*(operator.post("/filing/undertaking", body, key=key) for key in KEYS))
    assert sorted(answer.status_code for answer in both) == [202, 409]
    served = KEYS[[answer.status_code for answer in both].index(202)]
    await operator.does("/filing/cancellation", {"reason": "x"})
    await operator.does("/filing")
    answer = await operator.post("/filing/undertaking", body)
    assert refusal(answer)[:2] == (409, "second-factor.used")
    assert answer.json()["title"] == "这次身份验证已经用过，请重新输入登录密码后签署。"
    assert (await operator.post("/filing/undertaking", body, key=served)).status_code == 202
    app.state.repository = replace(app.state.repository, clock=lambda: NOW + timedelta(seconds=1))
    anew = second_factor.issue(operator.account, [body_sha256], KEY, NOW + timedelta(seconds=1)).token
    assert (await operator.post("/filing/undertaking", body | {"second_factor": anew})).status_code == 202
    assert facts(app).count("filing.undertaking_given.v2") == 2


async def test_an_undertaking_needs_the_second_factor_of_the_person_and_of_this_text(
    operator: Person, city: Person
) -> None:
    await operator.does("/filing")
    body = await operator.undertaking()
    theirs = (await city.undertaking())["second_factor"]
    answer = await operator.post("/filing/undertaking", body | {"second_factor": theirs})
    assert refusal(answer)[:2] == (403, "second-factor.wrong")
    answer = await operator.post("/filing/undertaking", body | {"version": "2020-1"})
    assert refusal(answer)[:2] == (409, "undertaking.outdated")
    assert (await operator.post("/filing/undertaking", body)).status_code == 202


async def test_a_file_counts_only_by_the_word_of_the_files_service(operator: Person) -> None:
    await operator.does("/filing")
    body = operator.resource(device)
    assert refusal(await operator.post("/resources", body | {"evidence": None})) == (
        422,
        "command.invalid",
        ["particulars.papers.0.scan"],
    )
    assert refusal(await operator.post("/resources", body | {"evidence": "x"}))[:2] == (409, "evidence.wrong")
    assert (await operator.post("/resources", body)).status_code == 202


async def test_identifiers_belong_to_one_of_all_operators(operator: Person, http: httpx.AsyncClient) -> None:
    other = manager(http, organisation=reviewer(http).account)
    await operator.does("/filing")
    await other.does("/filing")
    vehicle_id = await operator.adds(vehicle)
    answer = await other.post("/resources", other.resource(vehicle))
    assert refusal(answer)[:2] == (409, "plate.taken")
    await operator.does(f"/resources/{vehicle_id}/ending", {"last_day": "2026-11-24", "reason": "已出售"})
    again = await other.adds(vehicle)
    plate = {"reason": "号牌填错"}
    corrected = vehicle.model_copy(update={"plate": "沪AD54321", "papers": ()})
    await other.does(f"/resources/{again}/correction", other.resource(corrected) | plate)
    await operator.adds(vehicle)
    await operator.adds(device)
    await other.adds(device.model_copy(update={"papers": ()}))
    assert refusal(await operator.post("/resources", operator.resource(device)))[1] == "device-serial.taken"


async def test_a_plate_is_kept_as_it_is_painted_however_it_was_typed(app: FastAPI, operator: Person) -> None:
    await operator.does("/filing")
    typed = vehicle.model_copy(update={"plate": " 沪ａd１２３ 45 "})
    vehicle_id = await operator.adds(typed)
    store = app.state.repository.store
    (added,) = await store.read(f"resource-{vehicle_id}")
    assert added.fact.particulars.plate == "沪AD12345"
    again = vehicle.model_copy(update={"plate": "沪ad12345", "papers": ()})
    assert refusal(await operator.post("/resources", operator.resource(again)))[1] == "plate.taken"


async def test_a_paper_is_renewed_revoked_and_a_resource_ends(operator: Person, city: Person) -> None:
    await operator.does("/filing")
    device_id = await operator.adds(device)
    new = plain(calibration) | {"paper_id": "9" * 8 + "-0000-4000-8000-000000000000", "number": "JZ-2027"}
    body = {
        "paper": new,
        "replaces": str(calibration.paper_id),
        "changed_on": "2026-11-24",
        "evidence": operator.evidence,
    }
    await operator.does(f"/resources/{device_id}/papers", body)
    void = {"first_day": "2026-03-01", "reason": "校准机构撤回"}
    await city.does(f"/resources/{device_id}/papers/{new['paper_id']}/revocation", void)
    await city.does(f"/resources/{device_id}/papers/{calibration.paper_id}/revocation", void)
    unknown = f"/resources/{device_id}/papers/{person.papers[0].paper_id}/revocation"
    assert refusal(await city.post(unknown, void))[:2] == (404, "paper.missing")
    await operator.does(f"/resources/{device_id}/ending", {"last_day": "2026-11-24", "reason": "报废"})
    again = {"last_day": "2026-11-24", "reason": "报废"}
    assert refusal(await operator.post(f"/resources/{device_id}/ending", again))[1] == "resource.ended"


async def test_the_answer_of_a_reviewer_who_saw_an_older_version_is_refused(
    operator: Person, city: Person
) -> None:
    await submitted(operator)
    await city.does(f"{FILING}/opening", {"number": 1})
    answer = await city.post(f"{FILING}/first-review", {"number": 1, "passed": True}, match=3)
    assert answer.status_code == 412


async def test_brackets_of_a_name_are_corrected_and_said(operator: Person) -> None:
    await operator.does("/filing")
    answer = await operator.post("/filing/basics", operator.basics(name="清测(上海)运维有限公司"))
    assert [note["field"] for note in answer.json()["notes"]] == ["basics.name"]


async def test_information_for_the_credit_evaluation_is_filed(
    app: FastAPI, operator: Person, http: httpx.AsyncClient
) -> None:
    document = {"document": plain(manual), "evidence": operator.evidence}
    document_id = await operator.does("/credit/documents", document)
    newer = {"document": plain(manual) | {"edition": "第 4 版"}, "reason": "改版"}
    await operator.does(f"/credit/documents/{document_id}/replacement", newer)
    other = manager(http, organisation=reviewer(http).account)
    for path, body in (("replacement", newer), ("withdrawal", {"reason": "x"})):
        assert (await other.post(f"/credit/documents/{document_id}/{path}", body)).status_code == 404
    await operator.does(f"/credit/documents/{document_id}/withdrawal", {"reason": "有误"})
    plan = {"plan": {"title": "培训计划", "file": plain(scan_of(3))}, "evidence": operator.evidence}
    await operator.does("/credit/years/2026/plan", plan)
    entry = {"entry": plain(training), "evidence": operator.evidence}
    await operator.does("/credit/years/2026/entries", entry)
    withdrawal = f"/credit/years/2026/entries/{training.entry_id}/withdrawal"
    assert refusal(await other.post(withdrawal, {"reason": "x"}))[:2] == (404, "entry.missing")
    await operator.does(withdrawal, {"reason": "重复"})
    technician = Person(http, "operator", OPERATOR, "technician")
    assert (await technician.post("/credit/documents", document)).status_code == 403
    assert len(facts(app)) == 6
