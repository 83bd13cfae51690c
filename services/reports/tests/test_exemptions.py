"""Exemptions: what they take, when they hold, and what a verdict makes of them."""

from datetime import timedelta
from typing import Any

import pytest
from report_calls import Person, ServiceUnderTest, code_of, fields_of
from report_samples import ELSEWHERE, POINT, document
from test_who_may_report import GRANT

TOO_FEW = document((("123", "120"), ("120", "118")))
"""W-N blocks it: the standard wants three pairs."""


async def verdict_of(report: str, person: Person) -> dict[str, Any]:
    shown = (await person.get(f"/reports/{report}")).json()
    found: dict[str, Any] = shown["verdicts"][-1]
    return found


@pytest.mark.parametrize(
    "scope",
    [{}, {"point_id": str(POINT)}, {"factor": "w01018"}, {"point_id": str(POINT), "factor": "w01018"}],
)
async def test_an_exempted_rule_blocks_nothing_and_the_verdict_names_the_exemption(
    wang: Person, lin: Person, scope: dict[str, str]
) -> None:
    granted = await lin.makes("/exemptions", GRANT | scope)
    report = await wang.hands_in(TOO_FEW)
    verdict = await verdict_of(report, wang)
    assert verdict["blocking"] is False
    (applied,) = verdict["exemptions"]
    assert (applied["exemption_id"], applied["rule"]) == (granted, "W-N")
    await lin.does(f"/reports/{report}/acceptance", {"round": 1})


@pytest.mark.parametrize(
    "change",
    [
        {"first_day": "2026-11-04"},
        {"first_day": "2026-10-01", "last_day": "2026-11-02"},
        {"factor": "w21003"},
        {"rule": "W-M3"},
    ],
)
async def test_an_exemption_for_other_days_factors_or_rules_changes_nothing(
    wang: Person, lin: Person, change: dict[str, str]
) -> None:
    await lin.does("/exemptions", GRANT | change)
    verdict = await verdict_of(await wang.hands_in(TOO_FEW), wang)
    assert verdict["blocking"] is True


async def test_one_of_another_report_or_one_that_ended_before_changes_nothing(
    service: ServiceUnderTest, wang: Person, lin: Person
) -> None:
    other = await wang.hands_in(document(number="LC-0"))
    await lin.does("/exemptions", GRANT | {"report_id": other})
    service.now -= timedelta(days=3)
    ended = await lin.makes("/exemptions", GRANT)
    await lin.does(f"/exemptions/{ended}/ending", {"last_day": "2026-11-02", "reason": "改造已完成"})
    verdict = await verdict_of(await wang.hands_in(TOO_FEW), wang)
    assert (verdict["blocking"], verdict["exemptions"]) == (True, [])


async def test_an_exemption_granted_later_counts_by_a_reevaluation_beside_the_first_verdict(
    wang: Person, lin: Person
) -> None:
    report = await wang.hands_in(TOO_FEW)
    await lin.does("/exemptions", GRANT | {"report_id": report})
    assert code_of(await lin.post(f"/reports/{report}/acceptance", {"round": 1})) == (409, "report.blocked")
    await lin.does(f"/reports/{report}/reevaluation", {"reason": "已授予豁免"})
    again = await lin.post(f"/reports/{report}/reevaluation", {"reason": "再来一次"})
    assert code_of(again) == (409, "reevaluation.same")
    shown = (await wang.get(f"/reports/{report}")).json()
    assert [verdict["blocking"] for verdict in shown["verdicts"]] == [True, False]
    assert shown["verdicts"][1]["reason"] == "已授予豁免"
    await lin.does(f"/reports/{report}/acceptance", {"round": 1})


@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"rule": "W-NONE"}, "rule", "known"),
        ({"factor": "x"}, "factor", "known"),
        ({"reason_code": "x"}, "reason_code", "known"),
        ({"last_day": "2026-10-31"}, "last_day", "not-before-start"),
        ({"last_day": "2056-10-31"}, "last_day", "too-long"),
        ({"text": ""}, "text", "required"),
        ({"text": "长" * 1_001}, "text", "too-long"),
        ({"document_number": ""}, "document_number", "required"),
    ],
)
async def test_what_is_refused(lin: Person, change: dict[str, str], field: str, rule: str) -> None:
    refused = await lin.post("/exemptions", GRANT | change)
    assert code_of(refused) == (422, "command.invalid")
    assert fields_of(refused) == {(field, rule)}


async def test_a_point_or_report_of_another_enterprise_is_not_found(wang: Person, lin: Person) -> None:
    wrong = await lin.post("/exemptions", GRANT | {"point_id": str(ELSEWHERE.point_id)})
    assert code_of(wrong) == (404, "point.missing")
    draft = await wang.drafts()
    unseen = await lin.post("/exemptions", GRANT | {"report_id": draft})
    assert code_of(unseen) == (404, "report.missing")


async def test_it_ends_once_and_not_in_the_past(lin: Person) -> None:
    granted = await lin.makes("/exemptions", GRANT)
    path = f"/exemptions/{granted}/ending"
    for day, rule in (("2026-11-03", "not-past"), ("2026-12-31", "before-end")):
        refused = await lin.post(path, {"last_day": day, "reason": "改造已完成"})
        assert fields_of(refused) == {("last_day", rule)}
    await lin.does(path, {"last_day": "2026-11-04", "reason": "改造已完成"})
    again = await lin.post(path, {"last_day": "2026-11-05", "reason": "改造已完成"})
    assert code_of(again) == (409, "exemption.ended")


async def test_a_report_cannot_exempt_itself(wang: Person) -> None:
    forged = [{"rule": "W-N", "from": "2026-01-01", "to": "2026-12-31", "reason": "试"}]
    refused = await wang.post("/reports", {"document": TOO_FEW | {"exemptions": forged}})
    assert fields_of(refused) == {("document.exemptions", "granted")}
