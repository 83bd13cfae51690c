"""The sheets of the demo are about the instruments that measure their factors, and say what was taken of the register."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from qingyuan_cli.seeding import town
from qingyuan_cli.seeding.history.commands import steps
from qingyuan_cli.seeding.history.planning import REPLACEMENTS, WORK
from qingyuan_cli.seeding.history.registered import OTHER
from qingyuan_cli.seeding.todays_visits import POINTS, sheet_of, stay_at
from qingyuan_events.tasks import SheetRevisionV3
from qingyuan_standards import forms
from qingyuan_standards.days import SHANGHAI
from qingyuan_standards.register_fields import REGISTER_FIELDS, is_of_instrument
from tasks.domain.visits.taken import taken_problems
from test_demo_history import FACTS, TOWN

Json = dict[str, Any]
MONDAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 16, tzinfo=SHANGHAI)
PARTICULARS: dict[str, Any] = {
    str(getattr(fact, "instrument_id", "")): getattr(fact, "particulars", None) for fact in FACTS
}


def sheets_of_history() -> list[Json]:
    return [step.body["sheet"] for step in steps(MONDAY, TOWN) if "sheet" in step.body]


def todays_point(code: str) -> Json:
    outlet = next(outlet for outlet in town.OUTLETS if outlet["code"] == code)
    instruments = [
        {"id": str(UUID(int=number)), "version": 3} | particulars
        for number, particulars in enumerate(town.instruments("1", outlet))
    ]
    return {"code": code, "name": outlet["name"], "medium": outlet["medium"], "instruments": instruments}


def todays_sheets() -> list[Json]:
    points = [todays_point(code) for code in POINTS]
    return [
        sheet_of(UUID(int=1), point, content, stay_at(point["code"], NOW))
        for point in points
        for content, *_ in WORK[point["medium"]][:2]
    ]


def choice_of(instrument: str) -> str:
    return REGISTER_FIELDS.factors[PARTICULARS[instrument].factor].choice


def test_each_row_is_taken_of_the_instrument_that_measures_its_factor() -> None:
    seen = set()
    for sheet in sheets_of_history():
        for taken in sheet["taken"]:
            for table, row, column in (path.split(".") for path in taken["fields"] if "." in path):
                if column != "factor":
                    continue
                factor = sheet["values"][table][int(row)]["factor"]
                assert factor in (choice_of(taken["instrument_id"]), OTHER)
                seen.add(factor)
    assert seen >= {"COD", "氨氮", "总磷", "总氮", "SO2", "NOx", "O2", "颗粒物"}


def test_a_sheet_of_several_factors_names_the_instruments_of_all() -> None:
    checks = [sheet for sheet in sheets_of_history() if len(sheet["values"].get("checks", ())) == 4]
    assert checks
    for sheet in checks:
        assert {choice_of(each) for each in sheet["instruments"]} == {"COD", "氨氮", "总磷", "总氮"}
        assert sheet["values"]["instrument"].endswith("等 4 台")


def test_each_row_of_a_calibration_names_its_own_analyser() -> None:
    calibrations = [sheet for sheet in sheets_of_history() if sheet["form"] == "calibration"]
    assert calibrations
    for sheet in calibrations:
        assert all(row["factor"] in row["analyser"] for row in sheet["values"]["readings"])


def test_a_repair_is_of_the_instrument_that_is_replaced() -> None:
    repairs = [sheet for sheet in sheets_of_history() if sheet["form"] == "repair"]
    factors = [[PARTICULARS[each].factor for each in sheet["instruments"]] for sheet in repairs]
    assert factors == [[replacement.factor] for replacement in sorted(REPLACEMENTS, key=lambda r: r.week)]


def test_a_solution_or_gas_is_of_the_analyser_that_needs_it() -> None:
    for sheet in sheets_of_history():
        if sheet["form"] == "reference_materials":
            named = {"w01018": "COD 标准溶液", "a21026": "二氧化硫标准气体"}
            (instrument,) = sheet["instruments"]
            assert sheet["values"]["items"][0]["name"] == named[PARTICULARS[instrument].factor]


@pytest.mark.parametrize("sheet", todays_sheets(), ids=lambda sheet: sheet["form"])
def test_a_sheet_of_the_present_day_says_what_it_took_of_which_version(sheet: Json) -> None:
    form = forms.form(sheet["form"], sheet["form_version"])
    assert forms.check(form, sheet["values"]).problems == ()
    assert [taken["instrument_id"] for taken in sheet["taken"]] == sheet["instruments"] != []
    assert {taken["version"] for taken in sheet["taken"]} == {3}
    paths = {path for taken in sheet["taken"] for path in taken["fields"]}
    assert paths
    assert all(is_of_instrument(sheet["form"], path) for path in paths)
    moments = {"by": UUID(int=9), "received_at": NOW, "computed": {}}
    assert list(taken_problems(SheetRevisionV3.model_validate(sheet | moments))) == []
