"""A visit or a sheet on which nothing was done is marked 空 and fulfils no cycle, also where it was recorded before that was refused."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from printed import shown
from pydantic import JsonValue
from qingyuan_events.tasks import SheetRevisionV3
from sample_facts import SampleFacts
from views.printing.record import record
from views.work import visit_rows, visits
from working_day_facts import TECHNICIAN, ConfirmationFacts, VisitFacts, sheet

EMPTY: Mapping[str, JsonValue] = {"checked_on": "2026-11-23"}
DONE: Mapping[str, JsonValue] = {"checks": [{"factor": "COD", "standard": "50", "measured": "49"}]}


def standard_check(name: str, values: Mapping[str, JsonValue], *after: UUID) -> SheetRevisionV3:
    return sheet(name, "standard_check", after=after).model_copy(
        update={"form": "standard_check", "values": dict(values)}
    )


def folded(facts: VisitFacts) -> visits.Visit:
    recorded = [fact for fact in facts.sample.recorded if fact.stream == facts.stream]
    visit = visits.begin(recorded[0])
    for fact in recorded:
        visits.evolve(visit, fact)
    return visit


def counting(facts: VisitFacts) -> list[str]:
    """The contents of the sheets that count as work done."""
    return [row[8] for row in visit_rows.sheet_rows(folded(facts)) if row[10]]


def marks(facts: VisitFacts) -> Any:
    return shown(facts.sample.recorded, facts.id)["marks"]


@pytest.mark.parametrize(
    ("sheets", "contents", "marked"),
    [
        ((), [], True),
        ((standard_check("check", EMPTY),), [], True),
        ((standard_check("check", DONE),), ["standard_check"], False),
        ((standard_check("check", EMPTY), sheet("patrol")), ["patrol"], False),
    ],
)
def test_only_a_sheet_on_which_work_is_recorded_counts(
    sheets: tuple[SheetRevisionV3, ...], contents: list[str], marked: bool
) -> None:
    facts = VisitFacts(SampleFacts(), "visit").whole(*sheets)
    assert counting(facts) == contents
    assert ("empty" in marks(facts)) == marked


def test_quarterly_maintenance_without_an_item_of_the_quarter_is_work_but_fulfils_no_cycle_of_it() -> None:
    for values, fulfilled in (
        ({"pump_draws": "正常"}, []),
        ({"cell_tight": "正常"}, ["quarterly_maintenance"]),
    ):
        facts = VisitFacts(SampleFacts(), "visit").whole(sheet("q", "quarterly_maintenance", **values))
        assert counting(facts) == fulfilled
        assert "empty" not in marks(facts)


def test_a_visit_that_is_not_complete_is_not_marked_as_empty() -> None:
    facts = VisitFacts(SampleFacts(), "visit")
    facts.signs_in()
    assert marks(facts) == []


def test_a_correction_that_brings_the_result_counts() -> None:
    facts = VisitFacts(SampleFacts(), "visit").whole(standard_check("check", EMPTY))
    facts.corrects_sheet(standard_check("check'", DONE, facts.sheets[0].revision_id))
    assert counting(facts) == ["standard_check"]
    assert marks(facts) == []


def test_a_form_that_is_not_known_any_more_counts_as_work() -> None:
    unknown = standard_check("check", EMPTY).model_copy(update={"form_version": 99})
    assert counting(VisitFacts(SampleFacts(), "visit").whole(unknown)) == ["standard_check"]


def test_the_printed_record_says_that_the_visit_is_empty() -> None:
    facts = VisitFacts(SampleFacts(), "visit").whole()
    ConfirmationFacts(facts).signs()
    header = record(shown(facts.sample.recorded, facts.id), {}, "https://qingyuan.example", {})["header"]
    assert ["标记", "空（无运维记录）"] in header


def test_the_printed_record_says_what_filings_say_against_the_visit_with_the_paper_as_evidence() -> None:
    facts = VisitFacts(SampleFacts(), "visit").whole()
    ConfirmationFacts(facts).signs()
    paper = {
        "kind": "competence_certificate",
        "number": "YW-1",
        "valid_to": "2026-12-10",
        "revoked_from": "2026-11-12",
    }
    certificates = [
        {"account": str(TECHNICIAN), "mark": "certificate_missing", "paper": paper},
        {"account": str(UUID(int=42)), "mark": "not_filed_person", "paper": None},
        {"account": str(UUID(int=43)), "mark": None, "paper": paper},
    ]
    visit = shown(facts.sample.recorded, facts.id, certificates, ("certificate_missing", "not_filed_person"))
    printed = record(visit, {}, "https://qingyuan.example", {TECHNICIAN: "张三"})
    assert ["标记", "空（无运维记录）、证书未覆盖当日、人员未备案"] in printed["header"]
    assert {"title": "人员证书", "rows": [
        ["张三", "证书未覆盖当日：运维能力评定证书YW-1，有效期至 2026-12-10，自 2026-11-12 起已撤销"],
        ["姓名未取得", "人员未备案：没有已备案的运维能力评定证书"],
    ]} in printed["sections"]  # fmt: skip


def test_the_printed_record_names_the_devices_and_the_paper_that_does_not_cover_the_day() -> None:
    facts = VisitFacts(SampleFacts(), "visit").whole()
    ConfirmationFacts(facts).signs()
    paper = {"kind": "calibration", "number": "JZ-1", "valid_to": "2026-10-31", "revoked_from": None}
    analyser = {
        "name": "烟气分析仪 GA-21",
        "serial_number": "SN-1",
        "mark": "calibration_missing",
        "paper": paper,
    }
    without = {"name": "流量计", "serial_number": "SN-3", "mark": "calibration_missing", "paper": None}
    typed = {"name": "皮托管", "serial_number": "PT-9", "mark": None, "paper": None}
    devices = [analyser, without, typed]
    visit = shown(facts.sample.recorded, facts.id, (), ("calibration_missing",), devices)
    printed = record(visit, {}, "https://qingyuan.example", {})
    assert ["使用设备", "烟气分析仪 GA-21（SN-1）、流量计（SN-3）、皮托管（PT-9）"] in printed["header"]
    assert ["标记", "空（无运维记录）、设备检定校准未覆盖当日"] in printed["header"]
    assert {"title": "设备检定校准", "rows": [
        ["烟气分析仪 GA-21（SN-1）", "设备检定校准未覆盖当日：校准证书JZ-1，有效期至 2026-10-31"],
        ["流量计（SN-3）", "设备检定校准未覆盖当日：没有已备案的检定或校准证书"],
    ]} in printed["sections"]  # fmt: skip


def test_the_printed_record_shows_the_real_times_of_a_back_fill_and_none_where_they_were_not_asked_for() -> (
    None
):
    facts = VisitFacts(SampleFacts(), "visit")
    facts.backfills()
    facts.whole()
    ConfirmationFacts(facts).signs()
    visit = shown(facts.sample.recorded, facts.id)
    assert ["实际到达时间（补录）", "2026-11-23 09:00"] in _backfilled(visit)
    assert ["实际离开时间（补录）", "2026-11-23 11:30"] in _backfilled(visit)
    visit["backfill"] |= {"arrived_at": None, "left_at": None}
    assert not [row for row in _backfilled(visit) if row[0].startswith("实际")]


def _backfilled(visit: Any) -> list[list[str]]:
    sections = record(visit, {}, "https://qingyuan.example", {})["sections"]
    return next(section["rows"] for section in sections if section["title"] == "补录")


def _patrol_at(local: str) -> SheetRevisionV3:
    return sheet("patrol").model_copy(update={"values": {"patrolled_at": local}})


def test_a_patrol_after_the_sign_out_is_noticed_on_the_page_and_in_print_and_is_not_signed() -> None:
    facts = VisitFacts(SampleFacts(), "visit").whole(_patrol_at("2026-11-23T12:00"))
    ConfirmationFacts(facts).signs()
    visit = shown(facts.sample.recorded, facts.id)
    (finding,) = visit["findings"]
    assert (finding["field"], finding["rule"], finding["level"]) == (
        "patrolled_at",
        "FORM-AFTER-LEAVING",
        "warning",
    )
    sections = record(visit, {}, "https://qingyuan.example", {})["sections"]
    assert [section["rows"] for section in sections if section["title"] == "核对提示"] == [
        [["水污染源在线监测系统巡检维护记录表", finding["sentence"]]]
    ]
    assert visit["content"]["sha256"] == facts.content_so_far()["content_sha256"]


def test_times_within_the_visit_are_not_noticed_and_of_a_back_fill_the_real_times_count() -> None:
    within = VisitFacts(SampleFacts(), "visit").whole(_patrol_at("2026-11-23T09:30"))
    assert shown(within.sample.recorded, within.id)["findings"] == []
    later = VisitFacts(SampleFacts(), "visit")
    later.backfills()
    later.whole(_patrol_at("2026-11-23T11:15"))
    assert shown(later.sample.recorded, later.id)["findings"] == []
