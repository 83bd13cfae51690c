"""Reading a workbook: nothing that a person sees is lost or changed without a finding at its cell."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import poison
import pytest
from registry.importing import formats
from registry.importing.reading import read
from registry.importing.sizes import Unreadable
from workbooks import GAS, at, findings, made, row, titles

SERIAL = at("serial_number")
BRAND = at("brand")


def cell(column: int, number: int) -> str:
    return f"{chr(ord('A') + column)}{number}"


def test_a_plain_workbook_has_nothing_to_tell() -> None:
    reading = read(made(row(), row(serial_number="N1")))
    assert [(r.number, r.problems, r.notes) for r in reading.rows] == [(2, [], []), (3, [], [])]
    assert (reading.problems, reading.notes, reading.left_out, reading.sheets_not_read) == ([], [], 0, [])


@pytest.mark.parametrize("number", [1234567890123456, 123456789012345678])
def test_digits_beyond_fifteen_are_a_problem(number: int) -> None:
    assert findings(made(row(serial_number=number))) == {cell(SERIAL, 2): "digits-lost"}


def test_digits_are_counted_as_the_file_holds_them() -> None:
    """Other programs write numbers as Excel never does: with all digits, or with an exponent."""
    for raw in (b"123456789012345678", b"1.2345678901234568E+17", b"1E+300"):
        content = made(row(serial_number=765432))
        content = poison.changed(
            content,
            poison.SHEET,
            lambda part, raw=raw: part.replace(b"<v>765432</v>", b"<v>" + raw + b"</v>"),
        )
        assert findings(content) == {cell(SERIAL, 2): "digits-lost"}


def test_fifteen_digits_are_kept_and_a_number_for_a_code_is_told() -> None:
    reading = read(made(row(serial_number=123456789012345)))
    assert reading.rows[0].values["serial_number"] == "123456789012345"
    assert [note["rule"] for note in reading.rows[0].notes] == ["number-as-code"]


@pytest.mark.parametrize("code", ["000000", '"SN"0', "#,##0", "0.0", "0000-0000", "[DBNum1]0", "0%"])
def test_what_only_the_format_shows_is_a_problem(code: str) -> None:
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
def test_an_error_is_a_problem_that_names_it(error: str) -> None:
    content = made(row(), change=lambda _, page: page.write_formula(1, BRAND, "=A1", None, error))
    (problem,) = read(content).rows[0].problems
    assert (problem["cell"], problem["column"], problem["rule"]) == (cell(BRAND, 2), "品牌", "cell-error")
    assert error in problem["sentence"]


def test_a_formula_is_read_as_its_result_and_told() -> None:
    content = made(row(), change=lambda _, page: page.write_formula(1, BRAND, '="a"&"b"', None, "源测"))
    assert read(content).rows[0].values["brand"] == "源测"
    assert findings(content) == {cell(BRAND, 2): "formula"}


def test_rows_that_are_left_out_are_counted_and_told() -> None:
    rows = [row(), row(point_code="# DW001"), ["", *[""] * len(titles()), "只有备注"]]
    reading = read(made(*rows, heading=[*titles(), "", "备注"]))
    assert reading.left_out == 2
    assert [(note["row"], note["rule"]) for note in reading.notes] == [
        (3, "row-left-out"),
        (4, "row-left-out"),
        (1, "column-not-read"),
    ]


def test_the_template_s_own_example_is_left_out_without_a_word_and_a_changed_one_is_told() -> None:
    from registry.importing.template import example_row

    example = example_row("wastewater_analyser")
    assert read(made(example, row())).notes == []
    typed_over = [*example[:3], "真的型号", *example[4:]]
    assert [note["rule"] for note in read(made(typed_over, row())).notes] == ["row-left-out"]


def test_a_filled_column_that_is_not_the_template_s_is_told_and_an_empty_one_is_not() -> None:
    reading = read(made([*row(), "重要"], row(), heading=[*titles(), "备注", "空列"]))
    (note,) = reading.notes
    assert (note["row"], note["column"], note["rule"]) == (1, "备注", "column-not-read")
    assert "1 行" in note["sentence"]


def test_a_filled_column_without_a_title_is_told() -> None:
    (note,) = read(made([*row(), "重要"])).notes
    assert (note["cell"][:-1], note["rule"]) == ("U", "column-not-read")


@pytest.mark.parametrize("title", ["品\n牌", "＊品牌", "* 品 牌 ", "*品牌*", "品\u200b牌"])
def test_titles_are_known_by_what_is_seen(title: str) -> None:
    heading = [title if name == "品牌" else name for name in titles()]
    assert read(made(row(brand="源测"), heading=heading)).rows[0].values["brand"] == "源测"


def test_brackets_of_a_title_may_be_wide() -> None:
    heading = [
        name.replace("(", "（").replace(")", "）").replace("cems", "CEMS")
        for name in titles("flue_gas_analyser")
    ]
    reading = read(made(row("flue_gas_analyser"), heading=heading, sheet=GAS))
    assert (reading.rows[0].values["reference_oxygen"], reading.rows[0].values["brand"]) == ("6", "示例品牌")


def test_a_title_that_stands_twice_is_a_problem() -> None:
    reading = read(made([*row(), "另一个"], heading=[*titles(), "品牌"]))
    assert [(p["column"], p["rule"]) for p in reading.problems] == [("品牌", "column-twice")]


def test_a_required_column_that_is_missing_is_told_once() -> None:
    without = [*titles()[:BRAND], *titles()[BRAND + 1 :]]
    reading = read(made([*row()[:BRAND], *row()[BRAND + 1 :]], heading=without))
    assert [(p["column"], p["rule"]) for p in reading.problems] == [("品牌", "column-missing")]


def test_sheets_that_are_not_read_are_named_if_there_is_something_in_them() -> None:
    def change(book: Any, _: Any) -> None:
        book.add_worksheet("补充仪器").write(0, 0, "一台")
        book.add_worksheet("空表")

    reading = read(made(row(), change=change))
    assert reading.sheets_not_read == ["补充仪器"]
    assert [note["rule"] for note in reading.notes] == ["sheet-not-read"]


def test_a_workbook_of_other_sheets_alone_says_which() -> None:
    with pytest.raises(Unreadable, match="Sheet1"):
        read(made(row(), sheet="Sheet1"))


@pytest.mark.parametrize("first", [1, 4])
def test_rows_have_excel_s_own_numbers_where_the_heading_is_not_the_first(first: int) -> None:
    reading = read(made(row(), row(serial_number=1.5), first=first))
    assert [r.number for r in reading.rows] == [first + 2, first + 3]
    assert f"{cell(SERIAL, first + 3)}" in {
        found["cell"] for r in reading.rows for found in (*r.problems, *r.notes)
    }


def test_columns_have_excel_s_own_letters_where_the_first_is_empty() -> None:
    reading = read(made(["", *row(brand=True)], heading=["", *titles()]))
    assert reading.rows[0].problems[0]["cell"] == cell(BRAND + 1, 2)


def test_what_stands_above_the_heading_is_told() -> None:
    content = made(row(), first=2, change=lambda _, page: page.write(0, 0, "某某公司仪器清单"))
    assert findings(content) == {"1": "above-heading"}


def test_hidden_rows_columns_and_sheets_are_read_and_told() -> None:
    def change(book: Any, page: Any) -> None:
        page.set_row(2, None, None, {"hidden": True})
        page.set_column(BRAND, BRAND, None, None, {"hidden": True})
        other = book.add_worksheet("front")
        other.activate()
        other.set_first_sheet()
        page.hide()

    content = made(row(), row(serial_number="N"), change=change)
    assert len(read(content).rows) == 2
    assert {note["rule"] for note in read(content).notes} == {"rows-hidden", "column-hidden", "sheet-hidden"}


def test_merged_cells_are_a_problem_where_rows_are_read() -> None:
    content = made(row(), row(), change=lambda _, page: page.merge_range(1, BRAND, 2, BRAND, "源测"))
    reading = read(content)
    assert [(p["cell"], p["rule"]) for p in reading.problems] == [(cell(BRAND, 2), "merged")]
    assert "E2:E3" in reading.problems[0]["sentence"]
    beside = made(row(), change=lambda _, page: page.merge_range(10, 0, 12, 3, ""))
    assert read(beside).problems == []


@pytest.mark.parametrize("since_1904", [False, True])
def test_a_date_is_the_same_day_in_both_systems(since_1904: bool) -> None:
    column = at("valid_from")

    def change(book: Any, page: Any) -> None:
        page.write_datetime(1, column, date(2026, 1, 5), book.add_format({"num_format": "yyyy/m/d"}))

    content = made(row(), change=change, date_1904=since_1904)
    assert read(content).rows[0].values["valid_from"] == "2026-01-05"
    assert findings(content) == {}


def test_an_hour_that_is_not_kept_is_told_and_a_bare_number_is_no_date() -> None:
    column = at("valid_from")

    def change(book: Any, page: Any) -> None:
        page.write_number(1, column, 46027.5, book.add_format({"num_format": "yyyy/m/d"}))
        page.write_number(2, column, 46027)

    assert findings(made(row(), row(), change=change)) == {
        cell(column, 2): "time-left-out",
        cell(column, 3): "date",
    }


def test_a_code_that_excel_made_a_date_of_is_a_problem() -> None:
    def change(book: Any, page: Any) -> None:
        page.write_number(1, SERIAL, 46027, book.add_format({"num_format": 'm"月"d"日"'}))

    assert findings(made(row(), change=change)) == {cell(SERIAL, 2): "turned-into-day"}


def test_truth_is_for_choices_alone() -> None:
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
def test_text_that_is_changed_is_told(typed: str, kept: str | None, rule: str | None) -> None:
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


def test_a_workbook_by_another_program_reads_the_same() -> None:
    book = openpyxl.load_workbook(BytesIO(made(row(serial_number="007"), row(serial_number=1.5))))
    out = BytesIO()
    book.save(out)
    assert [r.values["serial_number"] for r in read(out.getvalue()).rows] == ["007", "1.5"]


def test_rows_and_cells_need_not_say_where_they_stand() -> None:
    import re

    bare = poison.changed(
        made(row(), row(brand=True)), poison.SHEET, lambda part: re.sub(rb' r="[A-Z]*[0-9]+"', b"", part)
    )
    reading = read(bare)
    assert [r.number for r in reading.rows] == [2, 3]
    assert reading.rows[0].values["point_code"] == "DW001"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/sharedStrings.xml", poison.SHEET])
@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_every_part(part: str, coding: str) -> None:
    def with_type(content: bytes) -> bytes:
        text = content.decode().partition("?>")[2]
        return f"<?xml version='1.0' encoding='{coding}'?><!DOCTYPE x [<!ENTITY a 'b'>]>{text}".encode(coding)

    with pytest.raises(Unreadable):
        read(poison.changed(made(row()), part, with_type))


def test_a_package_that_is_no_workbook_is_refused() -> None:
    out = BytesIO()
    with ZipFile(out, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    with pytest.raises(Unreadable):
        read(out.getvalue())


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
def test_what_excel_shows(number: str, code: str, shown: str | None) -> None:
    assert formats.shown(Decimal(number), code) == shown


def test_days_of_excel() -> None:
    days = {
        1: date(1900, 1, 1),
        59: date(1900, 2, 28),
        60: None,
        61: date(1900, 3, 1),
        0: None,
        3_000_000: None,
    }
    assert {n: formats.day_of(Decimal(n), since_1904=False) for n in days} == days
