"""Findings of an import: each problem and note with the cell, row and column that Excel shows. Plain data."""

from typing import Any

from qingyuan_runtime.domain.decider import Problem

from registry.importing.columns import title_of

Finding = dict[str, Any]


def finding(sheet: str, row: int, problem: Problem, *, cell: str = "", column: str = "") -> Finding:
    return {
        "sheet": sheet,
        "row": row,
        "column": column,
        "cell": cell,
        "field": problem.field.removeprefix("particulars."),
        "rule": problem.rule,
        "sentence": problem.sentence,
    }


def at_field(sheet: str, kind: str, row: int, problem: Problem, column_letters: dict[str, str]) -> Finding:
    """`column_letters`: the letter of each field's column in the sheet."""
    bare = problem.field.removeprefix("particulars.").partition(".")[0]
    letter = column_letters.get(bare, "")
    return finding(
        sheet, row, problem, cell=f"{letter}{row}" if letter else "", column=title_of(kind, problem.field)
    )
