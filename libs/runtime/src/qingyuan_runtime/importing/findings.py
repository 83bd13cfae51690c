"""Findings of an import: each problem and note with the cell, row and column that Excel shows. Plain data."""

from typing import Any

from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.importing.layout import SheetLayout, bare_field

Finding = dict[str, Any]


def finding(sheet: str, row: int, problem: Problem, *, cell: str = "", column: str = "") -> Finding:
    return {
        "sheet": sheet,
        "row": row,
        "column": column,
        "cell": cell,
        "field": bare_field(problem.field),
        "rule": problem.rule,
        "sentence": problem.sentence,
    }


def at_field(
    sheet: str, layout: SheetLayout, row: int, problem: Problem, column_letters: dict[str, str]
) -> Finding:
    """`sheet`: its name in the file. `column_letters`: the letter of each field's column in it."""
    column = layout.column(problem.field)
    letter = column_letters.get(column.field, "") if column else ""
    return finding(
        sheet, row, problem, cell=f"{letter}{row}" if letter else "", column=layout.title(problem.field)
    )
