"""Reading the sheets, columns and rows of a workbook: what is not read, or not where it should be, becomes a finding."""

from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import poison
import pytest
from qingyuan_runtime.importing.sizes import Unreadable
from qingyuan_runtime.importing.template import example_row
from registry.importing.columns import WORKBOOK
from workbooks import BRAND, GAS, SERIAL, cell, findings, made, read, row, titles


def test_a_plain_workbook_has_no_findings() -> None:
    reading = read(made(row(), row(serial_number="N1")))
    assert [(r.number, r.problems, r.notes) for r in reading.rows] == [(2, [], []), (3, [], [])]
    assert (reading.problems, reading.notes, reading.left_out, reading.sheets_not_read) == ([], [], 0, [])


def test_rows_that_are_left_out_are_counted_and_noted() -> None:
    rows = [row(), row(point_code="# DW001"), ["", *[""] * len(titles()), "只有备注"]]
    reading = read(made(*rows, heading=[*titles(), "", "备注"]))
    assert reading.left_out == 2
    assert [(note["row"], note["rule"]) for note in reading.notes] == [
        (3, "row-left-out"),
        (4, "row-left-out"),
        (1, "column-not-read"),
    ]


def test_the_templates_example_is_left_out_without_a_note_and_a_changed_one_with_a_note() -> None:
    example = example_row(WORKBOOK.sheet("wastewater_analyser"), date(2026, 11, 24))
    assert read(made(example, row())).notes == []
    typed_over = [*example[:3], "真的型号", *example[4:]]
    assert [note["rule"] for note in read(made(typed_over, row())).notes] == ["row-left-out"]


def test_a_filled_column_that_is_not_the_templates_is_noted_and_an_empty_one_is_not() -> None:
    reading = read(made([*row(), "重要"], row(), heading=[*titles(), "备注", "空列"]))
    (note,) = reading.notes
    assert (note["row"], note["column"], note["rule"]) == (1, "备注", "column-not-read")
    assert "1 行" in note["sentence"]


def test_a_filled_column_without_a_title_is_noted() -> None:
    (note,) = read(made([*row(), "重要"])).notes
    assert (note["cell"][:-1], note["rule"]) == ("U", "column-not-read")


@pytest.mark.parametrize("title", ["品\n牌", "＊品牌", "* 品 牌 ", "*品牌*", "品\u200b牌"])
def test_a_title_is_recognised_in_spite_of_stars_spaces_and_invisible_characters(title: str) -> None:
    heading = [title if name == "品牌" else name for name in titles()]
    assert read(made(row(brand="源测"), heading=heading)).rows[0].values["brand"] == "源测"


def test_a_title_is_recognised_with_full_width_brackets_and_in_either_case() -> None:
    heading = [
        name.replace("(", "（").replace(")", "）").replace("cems", "CEMS")
        for name in titles("flue_gas_analyser")
    ]
    reading = read(made(row("flue_gas_analyser"), heading=heading, sheet=GAS))
    assert (reading.rows[0].values["reference_oxygen"], reading.rows[0].values["brand"]) == ("6", "示例品牌")


def test_a_title_that_occurs_twice_is_a_problem() -> None:
    reading = read(made([*row(), "另一个"], heading=[*titles(), "品牌"]))
    assert [(p["column"], p["rule"]) for p in reading.problems] == [("品牌", "column-twice")]


def test_a_missing_required_column_is_one_problem() -> None:
    without = [*titles()[:BRAND], *titles()[BRAND + 1 :]]
    reading = read(made([*row()[:BRAND], *row()[BRAND + 1 :]], heading=without))
    assert [(p["column"], p["rule"]) for p in reading.problems] == [("品牌", "column-missing")]


def test_a_sheet_that_is_not_read_is_noted_unless_it_is_empty() -> None:
    def change(book: Any, _: Any) -> None:
        book.add_worksheet("补充仪器").write(0, 0, "一台")
        book.add_worksheet("空表")

    reading = read(made(row(), change=change))
    assert reading.sheets_not_read == ["补充仪器"]
    assert [note["rule"] for note in reading.notes] == ["sheet-not-read"]


def test_a_workbook_with_only_other_sheets_is_refused_and_they_are_named() -> None:
    with pytest.raises(Unreadable, match="Sheet1"):
        read(made(row(), sheet="Sheet1"))


@pytest.mark.parametrize("first", [1, 4])
def test_rows_have_the_numbers_of_excel_even_if_the_heading_is_not_the_first(first: int) -> None:
    reading = read(made(row(), row(serial_number=1.5), first=first))
    assert [r.number for r in reading.rows] == [first + 2, first + 3]
    assert f"{cell(SERIAL, first + 3)}" in {
        found["cell"] for r in reading.rows for found in (*r.problems, *r.notes)
    }


def test_columns_have_the_letters_of_excel_even_if_the_first_is_empty() -> None:
    reading = read(made(["", *row(brand=True)], heading=["", *titles()]))
    assert reading.rows[0].problems[0]["cell"] == cell(BRAND + 1, 2)


def test_content_above_the_heading_is_noted() -> None:
    content = made(row(), first=2, change=lambda _, page: page.write(0, 0, "某某公司仪器清单"))
    assert findings(content) == {"1": "above-heading"}


def test_hidden_rows_columns_and_sheets_are_read_and_noted() -> None:
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


def test_merged_cells_are_a_problem_only_in_rows_that_are_read() -> None:
    content = made(row(), row(), change=lambda _, page: page.merge_range(1, BRAND, 2, BRAND, "源测"))
    reading = read(content)
    assert [(p["cell"], p["rule"]) for p in reading.problems] == [(cell(BRAND, 2), "merged")]
    assert "E2:E3" in reading.problems[0]["sentence"]
    beside = made(row(), change=lambda _, page: page.merge_range(10, 0, 12, 3, ""))
    assert read(beside).problems == []


def test_a_workbook_by_another_program_reads_the_same() -> None:
    book = openpyxl.load_workbook(BytesIO(made(row(serial_number="007"), row(serial_number=1.5))))
    out = BytesIO()
    book.save(out)
    assert [r.values["serial_number"] for r in read(out.getvalue()).rows] == ["007", "1.5"]


def test_rows_and_cells_without_references_are_read_in_order() -> None:
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
