"""What is told of an import: each problem and each note at its cell, with the row and column that Excel shows. Plain data."""

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


def at_field(sheet: str, kind: str, row: int, problem: Problem, letters: dict[str, str]) -> Finding:
    """`letters`: the sheet's columns by field."""
    bare = problem.field.removeprefix("particulars.").partition(".")[0]
    letter = letters.get(bare, "")
    return finding(
        sheet, row, problem, cell=f"{letter}{row}" if letter else "", column=title_of(kind, problem.field)
    )
