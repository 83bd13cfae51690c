"""What a person sees in a sheet and an import does not read, or reads although it is not seen. Each is said. Pure."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from qingyuan_runtime.domain.decider import Problem

from registry.importing.columns import title_of
from registry.importing.findings import Finding, finding
from registry.importing.heading import Heading, missing
from registry.importing.parts import SheetPart
from registry.importing.sheets import Area, Sheet, letters, place

NAMED: Final = 10


def problems(part: SheetPart, kind: str, heading: Heading, sheet: Sheet) -> Iterator[Finding]:
    """What must be put right, since something would be lost or misread."""
    filled = _filled(heading, sheet)
    at = _At(part.name, heading)
    for title in missing(kind, heading) if any(filled.values()) else ():
        yield at.heading_cell(0, title, Problem("", "column-missing", f"缺少“{title}”一列，这一列必须填写。"))
    for column, title in heading.twice.items():
        if filled.get(column):
            sentence = f"“{title}”一列出现了两次，请只保留一列。"
            yield at.heading_cell(column, title, Problem("", "column-twice", sentence))
    rows = sorted(row for row in sheet.rows if row > heading.row)
    for area in sheet.merged:
        if first := _first_read(area, heading, rows):
            sentence = f"单元格 {area} 合并了，只有第一格有内容；请取消合并，每行各自填写。"
            yield finding(part.name, first[0], Problem("", "merged", sentence), cell=place(*first))


def notes(part: SheetPart, kind: str, heading: Heading, sheet: Sheet) -> Iterator[Finding]:
    """What was not read, and what was read although nobody sees it."""
    filled = _filled(heading, sheet)
    at = _At(part.name, heading)
    if part.hidden:
        yield at.row(heading.row, Problem("", "sheet-hidden", "这个工作表是隐藏的，也已读取。"))
    for number in sorted(row for row in sheet.rows if row < heading.row):
        yield at.row(number, Problem("", "above-heading", "这一行在表头之上，没有读取。"))
    for column, rows in sorted(filled.items()):
        if column not in heading.fields and column not in heading.twice:
            title = heading.unknown.get(column, "")
            yield at.heading_cell(column, title, _unknown(column, title, rows))
    yield from _hidden(at, kind, filled, sheet)


def _hidden(at: "_At", kind: str, filled: dict[int, list[int]], sheet: Sheet) -> Iterator[Finding]:
    heading = at.heading
    if rows := sorted(row for row in sheet.hidden_rows if row in sheet.rows and row > heading.row):
        yield at.row(rows[0], Problem("", "rows-hidden", f"{_named(rows)}在 Excel 中隐藏，也已读取。"))
    for column, name in heading.fields.items():
        if column in filled and any(first <= column <= last for first, last in sheet.hidden_columns):
            problem = Problem(name, "column-hidden", f"{letters(column)} 列在 Excel 中隐藏，也已读取。")
            yield at.heading_cell(column, title_of(kind, name), problem)


@dataclass(frozen=True, slots=True)
class _At:
    """Where findings of the heading stand."""

    sheet: str
    heading: Heading

    def heading_cell(self, column: int, title: str, problem: Problem) -> Finding:
        row = self.heading.row
        return finding(self.sheet, row, problem, column=title, cell=place(row, column) if column else "")

    def row(self, number: int, problem: Problem) -> Finding:
        return finding(self.sheet, number, problem)


def _unknown(column: int, title: str, rows: list[int]) -> Problem:
    named = f"“{title}”一列不是模板的列" if title else f"{letters(column)} 列没有表头"
    return Problem("", "column-not-read", f"{named}，其中 {len(rows)} 行的内容没有读取。")


def _filled(heading: Heading, sheet: Sheet) -> dict[int, list[int]]:
    """Below the heading, leaving out the examples: column → rows with something in it."""
    found: dict[int, list[int]] = {}
    for number, cells in sheet.rows.items():
        if number > heading.row and not cells[0].text.strip().startswith(("#", "＃")):
            for cell in cells:
                found.setdefault(cell.column, []).append(number)
    return found


def _first_read(area: Area, heading: Heading, rows: list[int]) -> tuple[int, int] | None:
    """The first cell of a merged range that an import would read, if it lies in filled rows; else None.

    Only filled rows are gone through: a range may say that it ends anywhere.
    """
    columns = [column for column in sorted(heading.fields) if area.first_column <= column <= area.last_column]
    below = bisect_left(rows, area.first_row)
    if not columns or below == len(rows) or rows[below] > area.last_row:
        return None
    return rows[below], columns[0]


def _named(rows: list[int]) -> str:
    named = "、".join(map(str, rows[:NAMED]))
    return f"第 {named} 行" + (f"等共 {len(rows)} 行" if len(rows) > NAMED else "")
