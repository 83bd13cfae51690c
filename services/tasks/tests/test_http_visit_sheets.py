"""Sheets of a visit over HTTP: what is recorded with them, and what is refused."""

from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from qingyuan_runtime.domain import text
from visit_calls import SIGN_OUT, Phone, event_types
from visit_samples import (
    ANALYSER,
    FIRST,
    OTHER_SHEET,
    SAMPLER,
    SECOND,
    THIRD,
    VISIT,
    patrol,
)


async def test_the_findings_of_a_sheet_are_recorded_with_it(app: FastAPI, phone: Phone) -> None:
    await phone.send("sheets")
    fact: Any = (await app.state.repository.store.read(f"visit-{VISIT}"))[1].fact
    assert [(finding.field, finding.level) for finding in fact.sheet.findings] == [
        ("room_humidity", "warning")
    ]


@pytest.mark.parametrize(("sent", "kept"), [(["pump_draws"], ("pump_draws",)), ([], None)])
async def test_the_sheet_says_which_fields_were_filled_by_group(
    app: FastAPI, phone: Phone, sent: list[str], kept: tuple[str, ...] | None
) -> None:
    answer = await phone.sheet(filled_by_group=sent)
    assert answer.status_code == 202, answer.text
    fact: Any = (await app.state.repository.store.read(f"visit-{VISIT}"))[1].fact
    assert fact.sheet.filled_by_group == kept


CHECK: dict[str, Any] = {
    "form": "standard_check",
    "content": "standard_check",
    "values": {
        "instrument": "COD分析仪 CODmax",
        "place": "污水总测点",
        "checked_on": "2026-11-24",
        "checks": [{"factor": "COD", "standard": "50", "measured": "49"}],
    },
}


def taken(
    *fields: str, version: Any = 3, instrument: UUID = ANALYSER, times: int = 1
) -> list[dict[str, Any]]:
    return [{"instrument_id": str(instrument), "version": version, "fields": fields}] * times


async def test_the_sheet_says_what_the_register_gave_and_how_long_it_took(app: FastAPI, phone: Phone) -> None:
    said = taken("instrument", "checks.0.factor", version=7)
    answer = await phone.sheet(**CHECK, taken=said, filled_seconds=95)
    assert answer.status_code == 202, answer.text
    recorded: Any = (await app.state.repository.store.read(f"visit-{VISIT}"))[1].fact
    assert recorded.type == "visit.sheet_recorded.v3"
    (given,) = recorded.sheet.taken
    assert (given.instrument_id, given.version) == (ANALYSER, 7)
    assert given.fields == ("instrument", "checks.0.factor")
    assert recorded.sheet.filled_seconds == 95


async def test_a_field_may_name_several_instruments_and_a_row_only_one(phone: Phone) -> None:
    both = {**CHECK, "instruments": [str(ANALYSER), str(SAMPLER)]}
    of_sampler = {"instrument": SAMPLER, "version": 2}
    for said in (
        taken("instrument", "checks.0.factor") + taken("checks.0.factor", **of_sampler),
        taken("instrument", "checks.0.factor") + taken("instrument", "checks.0.factor", **of_sampler),
    ):
        answer = await phone.sheet(**both, taken=said)
        assert (answer.status_code, answer.json()["code"]) == (422, "sheet.invalid"), answer.text
        (error,) = answer.json()["errors"]
        at = len(said[1]["fields"]) - 1
        assert (error["field"], error["rule"]) == (f"sheet.taken.1.fields.{at}", "one-instrument")
    answer = await phone.sheet(
        **both, taken=taken("instrument", "checks.0.factor") + taken("instrument", **of_sampler)
    )
    assert answer.status_code == 202, answer.text


@pytest.mark.parametrize(
    "path", ["checks.0.measured", "checks.0.standard", "place", "checked_on", "checks", "checks.x.factor"]
)
async def test_only_what_an_instrument_gives_is_taken_from_the_register(
    app: FastAPI, phone: Phone, path: str
) -> None:
    """A measured result that is printed as taken from the register would seem to be nobody's work."""
    answer = await phone.sheet(**CHECK, taken=taken("instrument", path))
    assert (answer.status_code, answer.json()["code"]) == (422, "sheet.invalid"), answer.text
    (error,) = answer.json()["errors"]
    assert (error["field"], error["rule"]) == ("sheet.taken.0.fields.1", "of-register")
    assert await event_types(app) == []


async def test_a_sheet_need_not_say_what_the_register_gave(app: FastAPI, phone: Phone) -> None:
    answer = await phone.sheet(taken=[])
    assert answer.status_code == 202, answer.text
    recorded: Any = (await app.state.repository.store.read(f"visit-{VISIT}"))[1].fact
    assert (recorded.sheet.taken, recorded.sheet.filled_seconds) == (None, None)


@pytest.mark.parametrize("checks", [None, [{"factor": "COD", "standard": "50", "measured": " "}]])
async def test_a_standard_check_without_a_result_is_refused_and_can_be_mended(
    app: FastAPI, phone: Phone, checks: Any
) -> None:
    """A phone of before may have finished it: it mends the same revision, and the visit goes on."""
    check = {"form": "standard_check", "content": "standard_check"}
    answer = await phone.sheet(
        **check, values={"checked_on": "2026-11-24"} | ({"checks": checks} if checks else {})
    )
    assert answer.status_code == 422, answer.text
    if checks is None:
        assert answer.json()["code"] == "sheet.empty"
        (error,) = answer.json()["errors"]
        assert (error["field"], error["rule"]) == ("sheet.values.checks", "no-work")
        assert "标样核查" in error["sentence"]
    mended = [{"factor": "COD", "standard": "50", "measured": "-1"}]
    answer = await phone.sheet(**check, values={"checked_on": "2026-11-24", "checks": mended})
    assert answer.status_code == 202, answer.text
    fact: Any = (await app.state.repository.store.read(f"visit-{VISIT}"))[1].fact
    assert "FORM-NEGATIVE" in {finding.rule for finding in fact.sheet.findings}


async def test_every_wrong_field_of_a_sheet_is_named(phone: Phone) -> None:
    wrong = patrol(pump_draws="也许", flow_total="abc")
    answer = await phone.sheet(values=wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "sheet.invalid")
    fields = [error["field"] for error in answer.json()["errors"]]
    assert fields == ["sheet.values.flow_total", "sheet.values.pump_draws"]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"form_version": 99}, "form.unknown", "sheet.form"),
        ({"form": "nothing"}, "form.unknown", "sheet.form"),
        ({"content": "nothing"}, "sheet.invalid", "sheet.content"),
        ({"content": "repair"}, "sheet.invalid", "sheet.content"),
        ({"instruments": [str(UUID(int=99))]}, "sheet.invalid", "sheet.instruments"),
        ({"supersedes": [str(FIRST)]}, "sheet.invalid", "sheet.supersedes"),
        ({"values": patrol(flow_total=1.5)}, "sheet.invalid", "sheet.values.flow_total"),
        ({"values": patrol(flow_total=2**53)}, "sheet.invalid", "sheet.values.flow_total"),
        ({"values": patrol(model="a\x00")}, "sheet.invalid", "sheet.values.model"),
        ({"values": patrol(model="\ud800")}, "sheet.invalid", "sheet.values.model"),
        ({"values": patrol() | {"\ud800": "x"}}, "sheet.invalid", "sheet.values"),
        ({"values": patrol(model=float("nan"))}, "sheet.invalid", "sheet.values.model"),
        ({"values": patrol(model="长" * 30_000)}, "sheet.invalid", "sheet.values"),
        ({"values": patrol() | {"不": "x"}}, "sheet.invalid", "sheet.values.不"),
        ({"claimed_at": "2026-11-24T09:00:00"}, "request.malformed", "sheet.claimed_at"),
        ({"supersedes": [str(UUID(int=n)) for n in range(101)]}, "request.malformed", "sheet.supersedes"),
        ({"reason": "字" * 1_001}, "request.malformed", "sheet.reason"),
        ({"computed": {"zero": "1"}}, "request.malformed", "sheet.computed"),
        ({"filled_by_group": ["nothing"]}, "sheet.invalid", "sheet.filled_by_group"),
        ({"filled_by_group": ["model"]}, "sheet.invalid", "sheet.filled_by_group"),
        (
            {"values": patrol(drain_clear="不适用"), "filled_by_group": ["pump_draws", "drain_clear"]},
            "sheet.invalid",
            "sheet.filled_by_group",
        ),
        ({"filled_by_group": ["pump_draws"] * 101}, "request.malformed", "sheet.filled_by_group"),
        ({"taken": taken("nothing")}, "sheet.invalid", "sheet.taken.0.fields.0"),
        ({"taken": taken("model")}, "sheet.invalid", "sheet.taken.0.fields.0"),
        ({"taken": taken(instrument=SAMPLER)}, "sheet.invalid", "sheet.taken.0.instrument_id"),
        ({"taken": taken(times=2)}, "sheet.invalid", "sheet.taken.1.instrument_id"),
        ({"taken": taken(version=0)}, "request.malformed", "sheet.taken.0.version"),
        ({"taken": taken(version=1.5)}, "request.malformed", "sheet.taken.0.version"),
        ({"taken": taken(version=10_001)}, "request.malformed", "sheet.taken.0.version"),
        ({"taken": taken("a" * 101)}, "request.malformed", "sheet.taken.0.fields.0"),
        ({"filled_seconds": -1}, "request.malformed", "sheet.filled_seconds"),
        ({"filled_seconds": 86_401}, "request.malformed", "sheet.filled_seconds"),
    ],
)
async def test_an_invalid_sheet_is_refused_and_the_field_is_named(
    app: FastAPI, phone: Phone, changes: dict[str, Any], code: str, field: str
) -> None:
    answer = await phone.sheet(**changes)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await event_types(app) == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"model": "a\x00"}, text.SENTENCES["control_character"]),
        ({"model": "e" + "\u0301" * 40}, text.SENTENCES["stacked_marks"]),
        ({"a\x00": "x", "b\x00": "y"}, f"栏目名称：{text.SENTENCES['control_character']}"),
    ],
)
async def test_unreadable_texts_of_a_sheet_are_refused_with_the_sentences_of_all_texts(
    phone: Phone, values: dict[str, str], sentence: str
) -> None:
    answer = await phone.sheet(values=patrol() | values)
    assert [error["sentence"] for error in answer.json()["errors"]] == [sentence]


async def test_a_revision_does_not_supersede_that_of_another_sheet(phone: Phone) -> None:
    await phone.sheet()
    answer = await phone.sheet(sheet_id=str(OTHER_SHEET), revision_id=str(SECOND), supersedes=[str(FIRST)])
    assert [error["field"] for error in answer.json()["errors"]] == ["sheet.supersedes"]


async def test_revisions_do_not_supersede_each_other_in_a_circle(phone: Phone) -> None:
    await phone.sheet(supersedes=[str(SECOND)])
    answer = await phone.sheet(revision_id=str(SECOND), supersedes=[str(FIRST)])
    assert [error["field"] for error in answer.json()["errors"]] == ["sheet.supersedes"]


async def test_a_correction_keeps_the_form_and_may_change_the_content_that_the_form_is_for(
    phone: Phone,
) -> None:
    """A check that the visit was completed with would otherwise become a repair."""
    completing = {**SIGN_OUT, "photos": []}
    assert (await phone.sheet(**CHECK)).status_code == 202
    assert (await phone.send("sign-in")).status_code == 202
    assert (await phone.send("sign-out", sign_out=completing)).status_code == 202
    later = {"revision_id": str(SECOND), "supersedes": [str(FIRST)], "reason": "记错"}
    repair = {"form": "repair", "content": "repair", "values": {}, "instruments": []}
    for changed in ({**repair, **later}, {**repair, "revision_id": str(SECOND)}):
        answer = await phone.sheet(**changed)
        assert (answer.status_code, answer.json()["code"]) == (422, "sheet.other-form"), answer.text
        (error,) = answer.json()["errors"]
        assert (error["field"], error["rule"]) == ("sheet.form", "same-form")
        assert "另填一张" in error["sentence"]
    readings = [{"factor": "COD", "point": "第一点", "standard": "0", "signal": "1.2"}]
    calibrated = {**CHECK, "content": "calibration", "values": {**CHECK["values"], "calibrations": readings}}
    answer = await phone.sheet(**calibrated, **later)
    assert answer.status_code == 202, answer.text
    answer = await phone.sheet(**{**CHECK, **later, "revision_id": str(THIRD), "content": "repair"})
    assert [error["field"] for error in answer.json()["errors"]] == ["sheet.content"]
