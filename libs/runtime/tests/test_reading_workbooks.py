"""Reading a workbook by a layout that no service has: the contract of the engine, apart from what is imported."""

import re
import time
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
import xlsxwriter
from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.importing.findings import at_field
from qingyuan_runtime.importing.layout import DAY_ASKED, Column, SheetLayout, WorkbookLayout
from qingyuan_runtime.importing.reading import Reading, read
from qingyuan_runtime.importing.sizes import MAX_TEXT, TEXT_TOO_LONG, TOO_LARGE, UNREADABLE, Unreadable
from qingyuan_runtime.importing.template import example_row, template

TODAY: Final = date(2026, 11, 24)
SKILLS: Final = Column(
    "技能", "skills", words={"读": "read", "写": "write"}, choices=("读", "写"), several=True
)
PEOPLE: Final = SheetLayout(
    kind="person",
    name="人员",
    columns=(
        Column("姓名", "name", True),
        Column("编号", "code", type="code"),
        Column("入职日期", "joined_on", type="day"),
        Column("有效期止", "papers.0.valid_to", type="day"),
        SKILLS,
    ),
    heading="name",
    example={"name": "张三", "joined_on": DAY_ASKED, "skills": "读、写"},
)
WORKBOOK: Final = WorkbookLayout((PEOPLE,), max_rows=3)
TITLES: Final = [column.title for column in PEOPLE.columns]


def made(*rows: Sequence[Any], sheet: str = "人员") -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet(sheet)
    for number, cells in enumerate((TITLES, *rows)):
        page.write_row(number, 0, cells)
    book.close()
    return out.getvalue()


def rules(reading: Reading) -> dict[str, str]:
    rows = [found for row in reading.rows for found in (*row.problems, *row.notes)]
    return {found["cell"]: found["rule"] for found in (*reading.problems, *reading.notes, *rows)}


def test_a_row_is_read_by_the_fields_of_its_columns() -> None:
    (row,) = read(made(["王工", "007", "2026-01-01", "", "读，写、绣花"]), WORKBOOK).rows
    assert (row.kind, row.number) == ("person", 2)
    assert row.values == {
        "name": "王工",
        "code": "007",
        "joined_on": "2026-01-01",
        "skills": ["read", "write", "绣花"],
    }


def test_a_formula_counts_by_its_result_and_is_noted() -> None:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("人员")
    page.write_row(0, 0, TITLES)
    page.write_formula(1, 0, "=UPPER(1)", None, "王工")
    page.write_formula(2, 0, "=UPPER(1)", None, "")
    book.close()
    reading = read(out.getvalue(), WORKBOOK)
    assert reading.rows[0].values == {"name": "王工"}
    assert rules(reading) == {"A2": "formula", "A3": "formula-without-result"}


def test_more_rows_than_the_layout_allows_are_refused_by_number() -> None:
    assert len(read(made(*[["王工"]] * 3), WORKBOOK).rows) == 3
    with pytest.raises(Unreadable, match="一次最多导入 3 行"):
        read(made(*[["王工"]] * 4), WORKBOOK)


def test_two_sheets_of_one_name_are_refused_by_their_name() -> None:
    """Excel writes no such workbook. Findings and rows are told apart by the names of their sheets."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for name in ("人员", "人 员"):
        book.add_worksheet(name).write_column(0, 0, ["姓名", "王工"])
    book.close()
    assert [row.sheet for row in read(out.getvalue(), WORKBOOK).rows] == ["人员", "人 员"]
    same = changed(out.getvalue(), "xl/workbook.xml", "人 员".encode(), "人员".encode())
    with pytest.raises(Unreadable, match="有两个工作表都叫“人员”"):
        read(same, WORKBOOK)


def changed(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(content)) as book, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for part in book.infolist():
            text = book.read(part)
            made.writestr(part.filename, text.replace(old, new) if part.filename == name else text)
    return out.getvalue()


SHARED, SHEET = "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"
INLINE = b'</row><row r="3"><c r="A3" t="inlineStr"><is><t>%s</t></is></c></row></sheetData>'


@pytest.mark.parametrize(
    ("part", "old", "new", "sentence"),
    [
        (SHARED, "王工".encode(), b"x" * 120_000_000, TOO_LARGE),
        (SHARED, "王工".encode(), b"x" * (MAX_TEXT + 1), TEXT_TOO_LONG),
        (SHEET, b"</row></sheetData>", INLINE % (b"x" * 120_000_000), TOO_LARGE),
        (SHEET, b"</row></sheetData>", INLINE % (b"x" * (MAX_TEXT + 1)), TEXT_TOO_LONG),
        ("xl/styles.xml", b"</styleSheet>", b" " * 120_000_000 + b"</styleSheet>", TOO_LARGE),
    ],
)
def test_a_small_file_of_much_text_is_refused_before_it_is_parsed(
    part: str, old: bytes, new: bytes, sentence: str
) -> None:
    swollen = changed(made(["王工"]), part, old, new)
    assert len(swollen) < 256 * 1024
    begun = time.process_time()
    with pytest.raises(Unreadable, match=re.escape(sentence)):
        read(swollen, WORKBOOK)
    assert time.process_time() - begun < 0.5


def test_tags_without_an_end_are_searched_once() -> None:
    broken = changed(made(["王工"]), SHEET, b"</row></sheetData>", b"<c " * 20_000)
    begun = time.process_time()
    with pytest.raises(Unreadable, match=UNREADABLE):
        read(broken, WORKBOOK)
    assert time.process_time() - begun < 0.5


def test_the_longest_text_of_excel_is_read() -> None:
    (row,) = read(changed(made(["王工"]), SHARED, "王工".encode(), b"_x0041_" * 32_767), WORKBOOK).rows
    assert [problem["cell"] for problem in row.problems] == []
    assert row.values["name"] == "A" * 32_767


def test_a_workbook_without_a_known_sheet_is_refused_and_names_its_sheets() -> None:
    with pytest.raises(Unreadable, match="没有读取的工作表：车辆"):
        read(made(["王工"], sheet="车辆"), WORKBOOK)


def test_a_problem_is_found_at_the_column_whose_field_it_names() -> None:
    letters = {"papers.0.valid_to": "D", "joined_on": "C"}
    for field, cell, title in (
        ("particulars.papers.0.valid_to", "D7", "有效期止"),
        ("particulars.joined_on", "C7", "入职日期"),
        ("particulars.papers", "", "papers"),
    ):
        found = at_field("人员", PEOPLE, 7, Problem(field, "wrong", "不对。"), letters)
        assert (found["cell"], found["column"]) == (cell, title)


def test_the_example_has_the_day_of_asking_and_is_left_out_silently_on_every_other_day() -> None:
    assert example_row(PEOPLE, TODAY)[2] == "2026-11-24"
    for example in (example_row(PEOPLE, TODAY), example_row(PEOPLE, date(2026, 1, 1))):
        assert read(made(example, ["王工"]), WORKBOOK).notes == []
    typed_over = [*example_row(PEOPLE, TODAY)[:2], "昨天", *example_row(PEOPLE, TODAY)[3:]]
    assert rules(read(made(typed_over, ["王工"]), WORKBOOK)) == {"A2": "row-left-out"}


def test_the_template_is_read_without_rows_of_its_own_and_lists_the_choices() -> None:
    with pytest.raises(Unreadable, match="没有可导入的行"):
        read(template(WORKBOOK, TODAY), WORKBOOK)
    page = openpyxl.load_workbook(BytesIO(template(WORKBOOK, TODAY)))["人员"]
    assert [page.cell(1, column).value for column in (1, 2)] == ["*姓名", "编号"]
    (choice,) = page.data_validations.dataValidation
    assert (choice.formula1, choice.showErrorMessage) == ('"读,写"', False)
