"""Reports over HTTP: from the draft to the acceptance, what is refused on the way, and what a retry hears."""

import uuid
from datetime import timedelta

import pytest
from report_calls import Person, ServiceUnderTest, code_of, fields_of
from report_samples import DOCUMENT, ELSEWHERE, PDF, POINT, SCAN, document

THREE_OUT = document((("123", "60"), ("120", "60"), ("121", "60")))
TOO_FEW = document((("123", "120"), ("120", "118")))


async def test_a_report_is_drafted_handed_in_checked_by_itself_and_accepted(
    service: ServiceUnderTest, wang: Person, lin: Person
) -> None:
    report = await wang.drafts()
    await wang.does(f"/reports/{report}/submission")
    assert (await wang.get(f"/reports/{report}")).json()["status"] == "submitted"
    await service.works()
    shown = (await lin.get(f"/reports/{report}")).json()
    assert (shown["status"], shown["round"], shown["version"]) == ("checked", 1, 5)
    (verdict,) = shown["verdicts"]
    assert (verdict["result"], verdict["blocking"], verdict["findings"]) == ("pass", False, [])
    assert verdict["verdict"]["document_sha256"] == shown["submission"]["document_sha256"]
    await lin.does(f"/reports/{report}/acceptance", {"round": 1, "remark": "数据完整"})
    assert (await wang.get(f"/reports/{report}")).json()["status"] == "accepted"
    assert service.types(report) == [
        "drafted", "file_attached", "original_attached", "submitted", "checked", "accepted",
    ]  # fmt: skip


async def test_a_draft_is_kept_as_typed_and_told_what_it_lacks(wang: Person) -> None:
    half = document((("123", ""), ("120,5", "118")))
    del half["number"]
    answer = await wang.post("/reports", {"document": half})
    assert answer.status_code == 202, answer.text
    notes = {(note["field"], note["rule"]) for note in answer.json()["notes"]}
    assert ("document.points.0.factors.0.pairs.1.reference", "number.comma") in notes
    assert ("document.number", "field.required") in notes
    report = answer.json()["stream"].removeprefix("report-")
    assert (await wang.get(f"/reports/{report}")).json()["document"] == half
    refused = await wang.post(f"/reports/{report}/submission")
    assert notes | {("file", "required"), ("originals", "required")} == fields_of(refused)


async def test_without_original_records_it_stays_a_draft(wang: Person) -> None:
    report = await wang.makes("/reports", {"document": DOCUMENT})
    await wang.does(f"/reports/{report}/file", wang.file(PDF))
    refused = await wang.post(f"/reports/{report}/submission")
    assert code_of(refused) == (422, "command.invalid")
    assert fields_of(refused) == {("originals", "required")}


@pytest.mark.parametrize(
    ("changed", "field", "rule"),
    [
        ({"points": []}, "document.points", "required"),
        ({"points": "DA001"}, "document.points", "required"),
        ({"points": [{"id": "DA001-1", "factors": []}]}, "document.points.0.id", "point"),
        ({"points": [{"id": str(POINT)}] * 21}, "document.points", "too-many"),
        ({"exemptions": []}, "document.exemptions", "granted"),
        ({"about": {"note": "a\x00b"}}, "document.about.note", "control-character"),
        ({"about": 1.5}, "document.about", "text"),
        ({"about": "长" * 70_000}, "document", "too-large"),
    ],
)
async def test_what_cannot_even_be_a_draft(
    wang: Person, changed: dict[str, object], field: str, rule: str
) -> None:
    refused = await wang.post("/reports", {"document": DOCUMENT | changed})
    assert code_of(refused) == (422, "command.invalid")
    assert fields_of(refused) == {(field, rule)}


async def test_a_point_without_a_contract_does_not_exist_for_an_operator(people: dict[str, Person]) -> None:
    elsewhere = document(point=ELSEWHERE.point_id)
    for person, what in (("operator", elsewhere), ("another operator", DOCUMENT)):
        refused = await people[person].post("/reports", {"document": what})
        assert code_of(refused) == (404, "point.missing")
    unknown = await people["operator"].post("/reports", {"document": document(point=uuid.uuid4())})
    assert code_of(unknown) == (404, "point.missing")


async def test_the_contract_must_cover_the_day_of_the_work(wang: Person) -> None:
    later = {"from": "2026-12-03T09:00", "to": "2026-12-03T11:00"}
    report = await wang.drafts(document(performed=later))
    refused = await wang.post(f"/reports/{report}/submission")
    assert ("document.points.0.id", "contract") in fields_of(refused)


async def test_a_number_is_claimed_once_for_each_operator_and_free_again_after_a_withdrawal(
    wang: Person,
) -> None:
    first, second = await wang.drafts(), await wang.drafts(document(number="lc-2026-1103"))
    await wang.does(f"/reports/{first}/submission")
    refused = await wang.post(f"/reports/{second}/submission")
    assert code_of(refused) == (409, "report-number.taken")
    await wang.does(f"/reports/{first}/withdrawal", {"reason": "选错点位"})
    await wang.does(f"/reports/{second}/submission")


async def test_a_rule_that_blocks_keeps_it_from_being_accepted_until_it_is_corrected(
    service: ServiceUnderTest, wang: Person, lin: Person
) -> None:
    report = await wang.hands_in(TOO_FEW)
    refused = await lin.post(f"/reports/{report}/acceptance", {"round": 1})
    assert code_of(refused) == (409, "report.blocked")
    reasons = [{"code": "W-N", "at": "/points/0/factors/0", "text": "数据对不足"}, {"text": "请补充"}]
    await lin.does(f"/reports/{report}/return", {"round": 1, "reasons": reasons})
    closed = await wang.post(f"/reports/{report}/submission")
    assert code_of(closed) == (409, "report.not-submittable")
    await wang.does(f"/reports/{report}/document", {"document": DOCUMENT})
    await wang.does(f"/reports/{report}/resubmission", {"answer": "已补充一对数据"})
    await service.works()
    stale = await lin.post(f"/reports/{report}/acceptance", {"round": 1})
    assert code_of(stale) == (409, "report.other-round")
    await lin.does(f"/reports/{report}/acceptance", {"round": 2})
    shown = (await wang.get(f"/reports/{report}")).json()
    assert [verdict["round"] for verdict in shown["verdicts"]] == [1, 2]
    assert [review.get("reasons") is None for review in shown["reviews"]] == [False, True]


async def test_a_warning_blocks_nothing(wang: Person, lin: Person) -> None:
    report = await wang.hands_in(THREE_OUT)
    (verdict,) = (await lin.get(f"/reports/{report}")).json()["verdicts"]
    assert (verdict["result"], verdict["blocking"]) == ("fail", False)
    await lin.does(f"/reports/{report}/acceptance", {"round": 1})


async def test_a_return_names_what_the_verdict_has(wang: Person, lin: Person) -> None:
    report = await wang.hands_in()
    wrong = [{"code": "W-N", "at": "/points/9", "text": "没有"}, {"text": ""}]
    refused = await lin.post(f"/reports/{report}/return", {"round": 1, "reasons": wrong})
    assert fields_of(refused) == {("reasons.0.code", "known"), ("reasons.1.text", "required")}
    empty = await lin.post(f"/reports/{report}/return", {"round": 1, "reasons": []})
    assert fields_of(empty) == {("reasons", "required")}


async def test_nothing_is_reviewed_before_it_is_checked(wang: Person, lin: Person) -> None:
    report = await wang.drafts()
    await wang.does(f"/reports/{report}/submission")
    for what, body in (
        ("acceptance", {"round": 1}),
        ("return", {"round": 1, "reasons": [{"text": "试"}]}),
        ("reevaluation", {"reason": "试"}),
    ):
        refused = await lin.post(f"/reports/{report}/{what}", body)
        assert code_of(refused)[0] == 409, what


async def test_what_is_handed_in_is_not_changed(wang: Person) -> None:
    report = await wang.hands_in()
    other = document((("123", "121"), ("120", "118"), ("121", "118")))
    for what, body in (
        ("document", {"document": other}),
        ("file", wang.file(PDF)),
        ("originals", wang.file(SCAN, title="又一份")),
        ("submission", None),
    ):
        refused = await wang.post(f"/reports/{report}/{what}", body)
        assert refused.status_code == 409, what


async def test_files_are_stored_before_they_are_named(wang: Person) -> None:
    report = await wang.makes("/reports", {"document": DOCUMENT})
    nowhere = {"evidence": wang.evidence(frozenset())}
    refused = await wang.post(f"/reports/{report}/file", wang.file(PDF) | nowhere)
    assert fields_of(refused) == {("file", "stored")}
    picture = await wang.post(f"/reports/{report}/file", wang.file(SCAN))
    assert fields_of(picture) == {("file", "document")}
    refused = await wang.post(f"/reports/{report}/originals", wang.file(SCAN, title="") | nowhere)
    assert fields_of(refused) == {("title", "required"), ("file", "stored")}
    forged = await wang.post(f"/reports/{report}/file", wang.file(PDF) | {"evidence": "x"})
    assert code_of(forged) == (409, "evidence.wrong")


async def test_an_original_is_named_once_and_can_be_taken_out_of_a_draft(wang: Person) -> None:
    report = await wang.drafts()
    again = await wang.post(f"/reports/{report}/originals", wang.file(SCAN, title="又一次"))
    assert fields_of(again) == {("file", "repeated")}
    (original,) = (await wang.get(f"/reports/{report}")).json()["originals"]
    path = f"/reports/{report}/originals/{original['original_id']}/removal"
    await wang.does(path, {"reason": "传错文件"})
    assert (await wang.get(f"/reports/{report}")).json()["originals"] == []
    assert code_of(await wang.post(path, {"reason": "传错文件"})) == (404, "original.missing")


async def test_a_retry_gets_the_first_receipt_also_when_its_tokens_have_expired(
    service: ServiceUnderTest, wang: Person, lin: Person
) -> None:
    drafting = [await wang.post("/reports", {"document": DOCUMENT}, key="draft-0001") for _ in range(2)]
    assert drafting[0].json() == drafting[1].json()
    report = drafting[0].json()["stream"].removeprefix("report-")
    body = wang.file(PDF)
    first = await wang.post(f"/reports/{report}/file", body, key="file-00001")
    service.now += timedelta(hours=2)
    assert (await wang.post(f"/reports/{report}/file", body, key="file-00001")).json() == first.json()
    await wang.does(f"/reports/{report}/originals", wang.file(SCAN, title="记录"))
    submitting = [await wang.post(f"/reports/{report}/submission", key="submit-001") for _ in range(2)]
    await service.works()
    submitting.append(await wang.post(f"/reports/{report}/submission", key="submit-001"))
    assert [answer.json()["version"] for answer in submitting] == [4, 4, 4]
    accepting = [
        await lin.post(f"/reports/{report}/acceptance", {"round": 1}, key="accept-001") for _ in range(2)
    ]
    assert [answer.json()["version"] for answer in accepting] == [6, 6]
    assert service.types(report).count("checked") == 1


async def test_somebody_elses_change_in_between_is_not_overwritten(wang: Person) -> None:
    report = await wang.makes("/reports", {"document": DOCUMENT})
    other = document(number="LC-2")
    stale = await wang.post(f"/reports/{report}/document", {"document": other}, **{"If-Match": '"7"'})
    assert code_of(stale) == (412, "version.mismatch")
    unchanged = await wang.post(f"/reports/{report}/document", {"document": DOCUMENT})
    assert code_of(unchanged) == (409, "correction.empty")


async def test_a_report_that_is_accepted_takes_the_place_of_the_one_it_replaces(
    service: ServiceUnderTest, wang: Person, lin: Person
) -> None:
    old = await wang.hands_in()
    too_early = await wang.post("/reports", {"document": document(number="LC-2"), "replaces": old})
    assert fields_of(too_early) == {("replaces", "accepted")}
    await lin.does(f"/reports/{old}/acceptance", {"round": 1})
    new = await wang.hands_in(document(number="LC-2"), replaces=old)
    await lin.does(f"/reports/{new}/acceptance", {"round": 1})
    await service.works()
    shown = (await wang.get(f"/reports/{old}")).json()
    assert (shown["status"], shown["superseded_by"]) == ("superseded", new)
    (verdict,) = (await wang.get(f"/reports/{new}")).json()["verdicts"]
    assert verdict["findings"] == [], "the pairs of what it replaces are not copied"


async def test_what_a_returned_report_becomes_is_seen_by_others_when_it_is_handed_in_again(
    service: ServiceUnderTest, wang: Person, lin: Person
) -> None:
    report = await wang.hands_in(TOO_FEW)
    reasons = [{"code": "W-N", "at": "/points/0/factors/0", "text": "数据对不足"}]
    await lin.does(f"/reports/{report}/return", {"round": 1, "reasons": reasons})
    await wang.does(f"/reports/{report}/document", {"document": DOCUMENT})
    assert (await wang.get(f"/reports/{report}")).json()["document"] == DOCUMENT
    assert (await lin.get(f"/reports/{report}")).json()["document"] == TOO_FEW
    unchanged = await lin.post(f"/reports/{report}/reevaluation", {"reason": "复核"})
    assert code_of(unchanged) == (409, "reevaluation.same"), "it is about what was handed in"
    await wang.does(f"/reports/{report}/resubmission", {"answer": "已补充"})
    assert (await lin.get(f"/reports/{report}")).json()["document"] == DOCUMENT


async def test_parallels_are_taken_as_deep_as_they_are_and_nonsense_that_is_deeper_is_refused(
    wang: Person,
) -> None:
    whole = document()
    pair = whole["points"][0]["factors"][0]["pairs"][0]
    del pair["reference"]
    pair["parallels"] = ["123", "124"]
    answer = await wang.post("/reports", {"document": whole})
    assert (answer.status_code, answer.json().get("notes")) == (202, None)
    deep: object = "底"
    for _ in range(12):
        deep = [deep]
    refused = await wang.post("/reports", {"document": whole | {"about": deep}})
    assert fields_of(refused) == {("document", "too_deep")}


async def test_the_lists_for_forms(lin: Person) -> None:
    said = (await lin.get("/options")).json()
    assert "W-N" in {rule["rule"] for rule in said["rules"]}
    assert {"process", "instrument", "site", "standard", "other"} == {
        reason["code"] for reason in said["exemption_reasons"]
    }
