"""Reads the rows of a workbook, and reports everything in it that is not read. Formulas are never executed."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.importing import heading as headings
from qingyuan_runtime.importing import unread
from qingyuan_runtime.importing.cells import FieldCell, value_of
from qingyuan_runtime.importing.findings import Finding, at_field, finding
from qingyuan_runtime.importing.heading import Heading
from qingyuan_runtime.importing.layout import SheetLayout, WorkbookLayout
from qingyuan_runtime.importing.parts import NotAWorkbook, Package, SheetPart, open_package
from qingyuan_runtime.importing.sheets import Cell, column_letters, read_sheet
from qingyuan_runtime.importing.sizes import UNREADABLE, Unreadable, require_bounded_size
from qingyuan_runtime.importing.template import is_example_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`number` is the row's number as Excel shows it; `problems` and `notes` are those of its single cells."""

    sheet: str
    kind: str
    number: int
    values: dict[str, Any]
    problems: list[Finding]
    notes: list[Finding]


@dataclass(slots=True)
class Reading:
    """All that was read of a workbook, as plain data. `column_letters`: sheet → field → letter of its column."""

    rows: list[Row] = field(default_factory=list)
    column_letters: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    left_out: int = 0
    sheets_not_read: list[str] = field(default_factory=list)


def read(content: bytes, workbook: WorkbookLayout) -> Reading:
    """Every filled row of every known sheet. Raises `Unreadable`."""
    require_bounded_size(content)
    try:
        package = open_package(ZipFile(BytesIO(content)))
        reading = Reading()
        for part in package.sheets:
            _read_sheet(package, part, workbook, reading)
    except (NotAWorkbook, BadZipFile, ParseError, ExpatError, LookupError, ValueError) as error:
        raise Unreadable(UNREADABLE) from error
    if not reading.rows and not reading.problems:
        raise Unreadable(_nothing(reading))
    return reading


def _nothing(reading: Reading) -> str:
    others = "、".join(reading.sheets_not_read[:5])
    unread = f"没有读取的工作表：{others}。" if others else ""
    return f"文件中没有可导入的行；请使用下载的模板，工作表名称和表头不要改动。{unread}"


def _read_sheet(package: Package, part: SheetPart, workbook: WorkbookLayout, reading: Reading) -> None:
    layout = headings.layout_of(part.name, workbook)
    sheet = read_sheet(package, part, workbook.max_rows if layout else 0)
    if not sheet.rows:
        return
    if layout is None:
        _skip_sheet(part, min(sheet.rows), reading)
        return
    if part.name in reading.column_letters:
        raise Unreadable(f"有两个工作表都叫“{part.name}”，请改名或删除一个。")
    heading = headings.heading_of(layout, sheet)
    if heading is None:
        raise Unreadable(f"工作表“{part.name}”的表头不是模板的表头。")
    reading.column_letters[part.name] = {
        name: column_letters(column) for column, name in heading.fields.items()
    }
    for number in sorted(row for row in sheet.rows if row > heading.row):
        _read_row(_RowPosition(package, part.name, layout, heading, number), sheet.rows[number], reading)
    reading.problems += unread.problems(part, layout, heading, sheet)
    reading.notes += unread.notes(part, layout, heading, sheet)
    if len(reading.rows) > workbook.max_rows:
        raise Unreadable(f"一次最多导入 {workbook.max_rows} 行，请分几个文件导入。")


def _skip_sheet(part: SheetPart, first_row: int, reading: Reading) -> None:
    reading.sheets_not_read.append(part.name)
    sentence = f"工作表“{part.name}”不是模板中的工作表，里面的内容没有读取。"
    reading.notes.append(finding(part.name, first_row, Problem("", "sheet-not-read", sentence)))


@dataclass(frozen=True, slots=True)
class _RowPosition:
    package: Package
    sheet: str
    layout: SheetLayout
    heading: Heading
    number: int


def _read_row(position: _RowPosition, cells: list[Cell], reading: Reading) -> None:
    if reason := _why_left_out(position, cells):
        if reason.sentence:
            reading.left_out += 1
            reading.notes.append(finding(position.sheet, position.number, reason, cell=cells[0].reference))
        return
    row = Row(
        sheet=position.sheet,
        kind=position.layout.kind,
        number=position.number,
        values={},
        problems=[],
        notes=[],
    )
    for cell in cells:
        if name := position.heading.fields.get(cell.column):
            _read_cell(position, name, cell, row)
    if any(value is not None for value in row.values.values()) or row.problems:
        reading.rows.append(row)


def _why_left_out(position: _RowPosition, cells: list[Cell]) -> Problem | None:
    """The template's own example row is left out without a note and not counted, because the person did not write it."""
    if cells[0].text.strip().startswith(("#", "＃")):
        is_example = is_example_row(position.layout, [cell.text for cell in cells])
        sentence = "" if is_example else "这一行以 # 开头，按示例处理，没有读取。"
        return Problem("", "row-left-out", sentence)
    if not any(cell.column in position.heading.fields for cell in cells):
        return Problem("", "row-left-out", "这一行只在模板以外的列中有内容，没有读取。")
    return None


def _read_cell(position: _RowPosition, name: str, cell: Cell, row: Row) -> None:
    column = position.layout.column(name)
    assert column is not None
    found = value_of(FieldCell(column, cell, position.package.since_1904))
    row.values[name] = found.value
    letter = {name: column_letters(cell.column)}
    for problem, findings in ((found.problem, row.problems), (found.note, row.notes)):
        if problem:
            findings.append(at_field(position.sheet, position.layout, position.number, problem, letter))
