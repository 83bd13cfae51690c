"""Reports what a person sees in a sheet but an import does not read, and what it reads although it is hidden. Pure."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.importing.findings import Finding, finding
from qingyuan_runtime.importing.heading import Heading, missing
from qingyuan_runtime.importing.layout import SheetLayout
from qingyuan_runtime.importing.parts import SheetPart
from qingyuan_runtime.importing.sheets import Area, Sheet, cell_reference, column_letters

NAMED: Final = 10


def problems(part: SheetPart, layout: SheetLayout, heading: Heading, sheet: Sheet) -> Iterator[Finding]:
    """What the person must correct, because something would be lost or misread."""
    filled = _filled(heading, sheet)
    findings = _SheetFindings(part.name, heading)
    for title in missing(layout, heading) if any(filled.values()) else ():
        yield findings.heading_cell(
            0, title, Problem("", "column-missing", f"缺少“{title}”一列，这一列必须填写。")
        )
    for column, title in heading.twice.items():
        if filled.get(column):
            sentence = f"“{title}”一列出现了两次，请只保留一列。"
            yield findings.heading_cell(column, title, Problem("", "column-twice", sentence))
    rows = sorted(row for row in sheet.rows if row > heading.row)
    for area in sheet.merged:
        if first := _first_read(area, heading, rows):
            sentence = f"单元格 {area} 合并了，只有第一格有内容；请取消合并，每行各自填写。"
            yield finding(part.name, first[0], Problem("", "merged", sentence), cell=cell_reference(*first))


def notes(part: SheetPart, layout: SheetLayout, heading: Heading, sheet: Sheet) -> Iterator[Finding]:
    """What was not read, and what was read although it is hidden."""
    filled = _filled(heading, sheet)
    findings = _SheetFindings(part.name, heading)
    if part.hidden:
        yield findings.row(heading.row, Problem("", "sheet-hidden", "这个工作表是隐藏的，也已读取。"))
    for number in sorted(row for row in sheet.rows if row < heading.row):
        yield findings.row(number, Problem("", "above-heading", "这一行在表头之上，没有读取。"))
    for column, rows in sorted(filled.items()):
        if column not in heading.fields and column not in heading.twice:
            title = heading.unknown.get(column, "")
            yield findings.heading_cell(column, title, _unknown(column, title, rows))
    yield from _hidden(findings, layout, filled, sheet)


def _hidden(
    findings: "_SheetFindings", layout: SheetLayout, filled: dict[int, list[int]], sheet: Sheet
) -> Iterator[Finding]:
    heading = findings.heading
    if rows := sorted(row for row in sheet.hidden_rows if row in sheet.rows and row > heading.row):
        yield findings.row(rows[0], Problem("", "rows-hidden", f"{_listed(rows)}在 Excel 中隐藏，也已读取。"))
    for column, name in heading.fields.items():
        if column in filled and any(first <= column <= last for first, last in sheet.hidden_columns):
            problem = Problem(
                name, "column-hidden", f"{column_letters(column)} 列在 Excel 中隐藏，也已读取。"
            )
            yield findings.heading_cell(column, layout.title(name), problem)


@dataclass(frozen=True, slots=True)
class _SheetFindings:
    """Makes findings of one sheet, those about a column at the cell of its title."""

    sheet: str
    heading: Heading

    def heading_cell(self, column: int, title: str, problem: Problem) -> Finding:
        row = self.heading.row
        return finding(
            self.sheet, row, problem, column=title, cell=cell_reference(row, column) if column else ""
        )

    def row(self, number: int, problem: Problem) -> Finding:
        return finding(self.sheet, number, problem)


def _unknown(column: int, title: str, rows: list[int]) -> Problem:
    described = f"“{title}”一列不是模板的列" if title else f"{column_letters(column)} 列没有表头"
    return Problem("", "column-not-read", f"{described}，其中 {len(rows)} 行的内容没有读取。")


def _filled(heading: Heading, sheet: Sheet) -> dict[int, list[int]]:
    """Column → its filled rows below the heading, without example rows."""
    found: dict[int, list[int]] = {}
    for number, cells in sheet.rows.items():
        if number > heading.row and not cells[0].text.strip().startswith(("#", "＃")):
            for cell in cells:
                found.setdefault(cell.column, []).append(number)
    return found


def _first_read(area: Area, heading: Heading, rows: list[int]) -> tuple[int, int] | None:
    """The first cell of a merged range that an import would read, if it lies in filled rows; else None.

    Only filled rows are looked at: the file may claim that the range is of any size.
    """
    columns = [column for column in sorted(heading.fields) if area.first_column <= column <= area.last_column]
    below = bisect_left(rows, area.first_row)
    if not columns or below == len(rows) or rows[below] > area.last_row:
        return None
    return rows[below], columns[0]


def _listed(rows: list[int]) -> str:
    named = "、".join(map(str, rows[:NAMED]))
    return f"第 {named} 行" + (f"等共 {len(rows)} 行" if len(rows) > NAMED else "")
