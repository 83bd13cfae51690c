"""What a form takes from the register exists: the form, its fields and columns, the sources, the instruments."""

from datetime import date
from typing import get_args

import pytest
from qingyuan_events.register_parts import InstrumentParticulars
from qingyuan_standards.forms import Form, forms
from qingyuan_standards.register_fields import (
    REGISTER_FIELDS,
    SOURCES,
    FormSources,
    Instrument,
    is_of_instrument,
    named_by_register,
)

FORMS = {form.name: form for form in forms(date(2026, 11, 24))}
PARTICULARS = get_args(get_args(InstrumentParticulars)[0])
KINDS = {particulars.model_fields["kind"].default for particulars in PARTICULARS}
MADE_OF_SEVERAL = {"label", "name", "name_and_model"}

each_form = pytest.mark.parametrize(("name", "sources"), REGISTER_FIELDS.forms.items())


def used(sources: FormSources) -> set[str]:
    columns = {source for rows in sources.rows.values() for source in rows.columns.values()}
    return columns | {field.source for field in sources.fields.values()}


def choices(form: Form) -> set[str]:
    properties = form.document["schema"]["properties"]
    tables = [table["items"]["properties"] for table in properties.values() if "items" in table]
    return {choice for fields in [properties, *tables] for choice in fields.get("factor", {}).get("enum", ())}


def test_every_form_says_what_the_register_knows_of_it() -> None:
    assert REGISTER_FIELDS.forms.keys() == FORMS.keys()


@each_form
def test_fields_and_columns_exist(name: str, sources: FormSources) -> None:
    properties = FORMS[name].document["schema"]["properties"]
    assert sources.fields.keys() <= properties.keys()
    for table, rows in sources.rows.items():
        columns = properties[table]["items"]["properties"]
        assert {rows.by, *rows.columns} <= columns.keys()
        assert rows.by in rows.columns


@each_form
def test_what_a_new_row_starts_with_exists_and_comes_from_the_visit(name: str, sources: FormSources) -> None:
    properties = FORMS[name].document["schema"]["properties"]
    for table, columns in sources.new_rows.items():
        assert columns.keys() <= properties[table]["items"]["properties"].keys()
        assert set(columns.values()) <= {"visit.day", "visit.arrived_at"} & set(SOURCES)


@each_form
def test_sources_are_known_and_a_row_is_one_instrument(name: str, sources: FormSources) -> None:
    assert used(sources) <= set(SOURCES)
    columns = {source for rows in sources.rows.values() for source in rows.columns.values()}
    assert all(source.startswith("instrument.") for source in columns)


@each_form
def test_words_are_choices_of_the_field(name: str, sources: FormSources) -> None:
    properties = FORMS[name].document["schema"]["properties"]
    for field, source in sources.fields.items():
        assert set(source.words.values()) <= set(properties[field].get("enum", ()))


@each_form
def test_instruments_are_of_kinds_that_the_register_has(name: str, sources: FormSources) -> None:
    assert set(sources.kinds) <= KINDS
    medium = FORMS[name].medium
    assert medium == "any" or not any(
        kind.endswith("_analyser") and not kind.startswith(medium) for kind in sources.kinds
    )


def test_the_register_has_what_is_taken_from_an_instrument() -> None:
    """A part that only some kinds have stays empty for the others."""
    kept = {field for particulars in PARTICULARS for field in particulars.model_fields}
    asked = {source.removeprefix("instrument.") for source in SOURCES if source.startswith("instrument.")}
    assert asked - kept <= MADE_OF_SEVERAL


def test_factors_are_called_as_the_forms_call_them() -> None:
    """A factor that no form offers is 其他 where a form has that."""
    offered = {choice for form in FORMS.values() for choice in choices(form)}
    called = [factor.choice for factor in REGISTER_FIELDS.factors.values()]
    assert offered - {*called} == {"其他"}
    assert len({*called}) == len(called)
    named = {
        code
        for sources in REGISTER_FIELDS.forms.values()
        for code in (*sources.factors, *sources.other_factors_than)
    }
    assert named <= REGISTER_FIELDS.factors.keys()


COD = Instrument(factor="w01018", name="COD分析仪", model="CODmax", serial_number="SN-7")
AMMONIA = Instrument(factor="w21003", name="氨氮分析仪", model="NH3", serial_number=None)
DUST = Instrument(factor="a34013", name="颗粒物分析仪", model="PM-1", serial_number="P9")
SO2 = Instrument(factor="a21026", name="SO2分析仪", model="S-5", serial_number="S9")


@pytest.mark.parametrize(
    ("form", "values", "instruments", "named"),
    [
        ("standard_check", {}, [COD], {"instrument": "COD分析仪 CODmax 编号SN-7"}),
        ("standard_check", {"instrument": ""}, [COD, AMMONIA], {"instrument": "COD分析仪 CODmax 编号SN-7；氨氮分析仪 NH3"}),
        ("standard_check", {"instrument": "自己写的"}, [COD], {}),
        ("standard_check", {}, [], {}),
        ("consumables", {"model": "X"}, [COD], {"equipment": "COD分析仪", "serial_number": "SN-7"}),
        ("calibration", {}, [DUST, SO2], {"gas_model": "S-5", "particulate_model": "PM-1"}),
        ("no such form", {}, [COD], {}),
    ],
)  # fmt: skip
def test_an_empty_field_about_what_the_instrument_is_is_named_by_the_register(
    form: str, values: dict[str, str], instruments: list[Instrument], named: dict[str, str]
) -> None:
    """As in web/src/sheets/instruments.test.ts."""
    assert named_by_register(form, values, instruments) == named


@pytest.mark.parametrize(
    ("form", "path", "given"),
    [
        ("standard_check", "instrument", True),
        ("standard_check", "checks.0.factor", True),
        ("standard_check", "checks.12.factor", True),
        ("standard_check", "checks.0.measured", False),
        ("standard_check", "calibrations.0.factor", False),
        ("standard_check", "checks.factor", False),
        ("standard_check", "checks.-1.factor", False),
        ("standard_check", "checks.١.factor", False),
        ("standard_check", "place", False),
        ("standard_check", "checked_on", False),
        ("standard_check", "", False),
        ("shutdown", "place", False),
        ("no such form", "instrument", False),
    ],
)
def test_a_place_that_an_instrument_fills_is_told_from_all_others(form: str, path: str, given: bool) -> None:
    assert is_of_instrument(form, path) is given


@each_form
def test_all_that_comes_from_an_instrument_is_such_a_place(name: str, sources: FormSources) -> None:
    in_rows = [f"{table}.0.{column}" for table, rows in sources.rows.items() for column in rows.columns]
    assert all(is_of_instrument(name, path) for path in in_rows)
    for field, source in sources.fields.items():
        assert is_of_instrument(name, field) is source.source.startswith("instrument.")


def test_an_instrument_is_called_by_its_own_name_its_factor_or_the_code() -> None:
    assert REGISTER_FIELDS.name("采样器", None) == "采样器"
    assert REGISTER_FIELDS.name(None, "w01018") == "COD分析仪"
    assert REGISTER_FIELDS.name(None, "w99999") == "w99999"
    assert REGISTER_FIELDS.name(None, None) == ""
