"""A sheet checked against its form. Pure, total and the same as on the page: the corpus proves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qingyuan_standards.checking_computed import Sheet, compute
from qingyuan_standards.checking_findings import Finding, findings_of
from qingyuan_standards.checking_schema import Problem, problems_of
from qingyuan_standards.forms_definition import Form
from qingyuan_standards.formulas import shown

SPACE = " \t\r\n\u3000"
DEPTH = 4
"""Of a sheet: its fields, a table, a row, a text. What lies deeper is refused whatever it holds, so it is not looked into."""


@dataclass(frozen=True)
class Checked:
    """`problems` keep a sheet from being accepted; `computed` (by dotted path) and `findings` are shown beside it."""

    problems: tuple[Problem, ...]
    computed: Mapping[str, str]
    findings: tuple[Finding, ...]


def check(form: Form, values: Any) -> Checked:
    """What is wrong with the values, what follows from them, and what the rules say. Never raises.

    A blank (null, or a text of spaces) is the same as no value. Figures are computed from whatever can be read,
    so a page may check a sheet that is half filled in.
    """
    written = filled(values)
    problems = problems_of(form, written)
    if not isinstance(written, Mapping):
        return Checked(problems, {}, ())
    sheet = Sheet(written)
    compute(form.document, sheet)
    return Checked(problems, _shown(form, sheet), findings_of(form.document, sheet))


def filled(values: Any, depth: int = DEPTH) -> Any:
    """The values without their blanks; blank rows at the end of a table go, others stay as empty rows."""
    if depth == 0:
        return "…" if isinstance(values, (Mapping, list)) else values
    if isinstance(values, Mapping):
        kept = {name: filled(value, depth - 1) for name, value in values.items()}
        return {name: value for name, value in kept.items() if not _blank(value)}
    if isinstance(values, list):
        rows = [filled(value, depth - 1) for value in values]
        while rows and rows[-1] in ({}, None, ""):
            rows.pop()
        return rows
    return "" if isinstance(values, str) and not values.strip(SPACE) else values


def _blank(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _shown(form: Form, sheet: Sheet) -> dict[str, str]:
    digits = {_path(one): one["digits"] for one in form.document["computed"]}
    result = {}
    for path, value in sheet.exact.items():
        plain = ".".join(step for step in path.split(".") if not step.isdigit())
        result[path] = value if isinstance(value, str) else shown(value, digits[plain])
    return result


def _path(computed: Mapping[str, Any]) -> str:
    return f"{computed['rows']}.{computed['field']}" if "rows" in computed else str(computed["field"])
