"""Reading the cells of a workbook: no value that a person sees is lost or changed without a finding at its cell."""

from datetime import date
from decimal import Decimal
from typing import Any

import poison
import pytest
from qingyuan_runtime.importing import formats
from workbooks import BRAND, GAS, SERIAL, at, cell, findings, made, read, row, titles


@pytest.mark.parametrize("number", [1234567890123456, 123456789012345678])
def test_a_number_of_more_than_fifteen_digits_is_a_problem(number: int) -> None:
    assert findings(made(row(serial_number=number))) == {cell(SERIAL, 2): "digits-lost"}


def test_digits_are_counted_in_the_text_that_the_file_holds() -> None:
    """Other programs write numbers as Excel never does: with all digits, or with an exponent."""
    for raw in (b"123456789012345678", b"1.2345678901234568E+17", b"1E+300"):
        content = made(row(serial_number=765432))
        content = poison.changed(
            content,
            poison.SHEET,
            lambda part, raw=raw: part.replace(b"<v>765432</v>", b"<v>" + raw + b"</v>"),
        )
        assert findings(content) == {cell(SERIAL, 2): "digits-lost"}


def test_fifteen_digits_are_kept_and_a_number_as_code_is_noted() -> None:
    reading = read(made(row(serial_number=123456789012345)))
    assert reading.rows[0].values["serial_number"] == "123456789012345"
    assert [note["rule"] for note in reading.rows[0].notes] == ["number-as-code"]


@pytest.mark.parametrize("code", ["000000", '"SN"0', "#,##0", "0.0", "0000-0000", "[DBNum1]0", "0%"])
def test_characters_that_only_the_format_shows_are_a_problem(code: str) -> None:
    def change(book: Any, page: Any) -> None:
        page.write_number(1, SERIAL, 1234, book.add_format({"num_format": code}))

    assert findings(made(row(), change=change)) == {cell(SERIAL, 2): "format-only"}


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("0.00", None),
        ("General", None),
        ("0", "shown-otherwise"),
        ("0%", "percent-format"),
        ('0.00"%"', "percent-format"),
    ],
)
def test_a_measured_number_counts_as_it_is_stored(code: str, rule: str | None) -> None:
    column = at("reference_oxygen", "flue_gas_analyser")

    def change(book: Any, page: Any) -> None:
        page.write_number(1, column, 6.25, book.add_format({"num_format": code}))

    content = made(row("flue_gas_analyser"), change=change, heading=titles("flue_gas_analyser"), sheet=GAS)
    reading = read(content)
    assert [found["rule"] for found in (*reading.rows[0].problems, *reading.rows[0].notes)] == [rule] * bool(
        rule
    )
    assert reading.rows[0].values["reference_oxygen"] == (None if rule == "percent-format" else "6.25")


def test_a_number_that_excel_stores_in_seventeen_digits_is_read_as_shown() -> None:
    assert formats.plain(formats.number_of("2.2999999999999998") or Decimal(0)) == "2.3"


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!"])
def test_an_error_value_is_a_problem_that_names_it(error: str) -> None:
    content = made(row(), change=lambda _, page: page.write_formula(1, BRAND, "=A1", None, error))
    (problem,) = read(content).rows[0].problems
    assert (problem["cell"], problem["column"], problem["rule"]) == (cell(BRAND, 2), "品牌", "cell-error")
    assert error in problem["sentence"]


def test_a_formula_is_read_as_its_result_and_noted() -> None:
    content = made(row(), change=lambda _, page: page.write_formula(1, BRAND, '="a"&"b"', None, "源测"))
    assert read(content).rows[0].values["brand"] == "源测"
    assert findings(content) == {cell(BRAND, 2): "formula"}


@pytest.mark.parametrize("since_1904", [False, True])
def test_a_date_is_the_same_day_in_the_date_systems_of_1900_and_1904(since_1904: bool) -> None:
    column = at("valid_from")

    def change(book: Any, page: Any) -> None:
        page.write_datetime(1, column, date(2026, 1, 5), book.add_format({"num_format": "yyyy/m/d"}))

    content = made(row(), change=change, date_1904=since_1904)
    assert read(content).rows[0].values["valid_from"] == "2026-01-05"
    assert findings(content) == {}


def test_a_time_of_day_is_left_out_with_a_note_and_a_bare_number_is_no_date() -> None:
    column = at("valid_from")

    def change(book: Any, page: Any) -> None:
        page.write_number(1, column, 46027.5, book.add_format({"num_format": "yyyy/m/d"}))
        page.write_number(2, column, 46027)

    assert findings(made(row(), row(), change=change)) == {
        cell(column, 2): "time-left-out",
        cell(column, 3): "date",
    }


def test_a_code_that_excel_turned_into_a_date_is_a_problem() -> None:
    def change(book: Any, page: Any) -> None:
        page.write_number(1, SERIAL, 46027, book.add_format({"num_format": 'm"月"d"日"'}))

    assert findings(made(row(), change=change)) == {cell(SERIAL, 2): "turned-into-day"}


def test_a_logical_value_is_read_only_for_yes_or_no_fields() -> None:
    mixed = at("mixed_sampling", "sampler")
    good = made(row("sampler", mixed_sampling=True), heading=titles("sampler"), sheet="自动采样器")
    assert (read(good).rows[0].values["mixed_sampling"], findings(good)) == (True, {})
    bad = made(row("sampler", mixed_sampling="yes"), heading=titles("sampler"), sheet="自动采样器")
    assert findings(bad) == {cell(mixed, 2): "choice"}
    assert findings(made(row(brand=True))) == {cell(BRAND, 2): "logical"}


@pytest.mark.parametrize(
    ("typed", "kept", "rule"),
    [
        ("ＳＮ００９", "SN009", "text-changed"),
        ("SN\u200b009", "SN009", "text-changed"),
        ("  SN009  ", "SN009", None),
        ("SN009\u2028", "SN009", "text-changed"),
        ("SN\n009", None, "line-break"),
    ],
)
def test_a_text_that_is_changed_has_a_finding(typed: str, kept: str | None, rule: str | None) -> None:
    content = made(row(serial_number=typed))
    assert read(content).rows[0].values["serial_number"] == kept
    assert findings(content) == ({cell(SERIAL, 2): rule} if rule else {})


def test_rich_text_is_read_whole_and_without_its_pronunciation() -> None:
    def change(book: Any, page: Any) -> None:
        page.write_rich_string(1, BRAND, "源", book.add_format({"bold": True}), "测")

    content = made(row(), change=change)
    spoken = b"<rPh sb='0' eb='1'><t>yuan</t></rPh></si>"
    content = poison.changed(content, "xl/sharedStrings.xml", lambda part: part.replace(b"</si>", spoken))
    assert read(content).rows[0].values["brand"] == "源测"


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        ("123", "000000", "000123"),
        ("0.06", "0%", "6%"),
        ("1234567.5", "#,##0.00", "1,234,567.50"),
        ("6", 'General"mg/L"', "6mg/L"),
        ("-3", "0.0;[Red]-0.0", "-3.0"),
        ("0", "0;-0;零", None),
        ("5", "[DBNum1]0", None),
        ("0.5", "# ?/?", None),
    ],
)
def test_a_number_is_shown_as_excel_shows_it_or_not_at_all(number: str, code: str, shown: str | None) -> None:
    assert formats.shown(Decimal(number), code) == shown


def test_a_number_is_the_day_that_excel_shows_or_none() -> None:
    days = {
        1: date(1900, 1, 1),
        59: date(1900, 2, 28),
        60: None,
        61: date(1900, 3, 1),
        0: None,
        3_000_000: None,
    }
    assert {n: formats.day_of(Decimal(n), since_1904=False) for n in days} == days
