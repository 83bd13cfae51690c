"""Checks a sheet against its form. Pure, never raises, and gives the same result as the page (the test corpus proves it)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qingyuan_standards.checking_computed import Sheet, compute
from qingyuan_standards.checking_findings import Finding, findings_of
from qingyuan_standards.checking_schema import Problem, problems_of
from qingyuan_standards.forms_definition import Form, Json
from qingyuan_standards.formulas import shown

SPACE = " \t\r\n\u3000"


@dataclass(frozen=True)
class Checked:
    """A sheet with `problems` is refused. `computed` (by dotted path) and `findings` are only shown beside it."""

    problems: tuple[Problem, ...]
    computed: Mapping[str, str]
    findings: tuple[Finding, ...]


def check(form: Form, values: Any) -> Checked:
    """The problems of the values, the figures computed from them, and the findings of the rules. Never raises.

    A blank (null, or a text of spaces) counts as no value. Figures are computed from all values that can be read, so a
    page can check a sheet that is only partly filled in.
    """
    schema = form.document["schema"]
    written = _fields(schema, values) if isinstance(values, Mapping) else _flat(values)
    problems = problems_of(form, written)
    if not isinstance(written, Mapping):
        return Checked(problems, {}, ())
    sheet = Sheet(written)
    compute(form.document, sheet)
    return Checked(problems, _shown(form, sheet), findings_of(form.document, sheet))


def _fields(owner: Json, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values in the fields of a sheet or a row, without blanks."""
    fields = {name: _value(owner["properties"].get(name), value) for name, value in values.items()}
    return {name: value for name, value in fields.items() if value is not None}


def _value(schema: Json | None, value: Any) -> Any:
    """None for a blank. Blank rows at the end of a table are removed. Fields unknown to the form stay, to be refused."""
    if schema is None:
        return "…"
    if "items" not in schema or not isinstance(value, list):
        return _flat(value)
    rows = [_fields(schema["items"], row) if isinstance(row, Mapping) else _flat(row) for row in value]
    while rows and rows[-1] in ({}, None):
        rows.pop()
    return rows or None


def _flat(value: Any) -> Any:
    """A text, or None for a blank. Anything else stays, to be refused; lists and objects become empty ones."""
    if isinstance(value, Mapping | list):
        return {} if isinstance(value, Mapping) else []
    return None if isinstance(value, str) and not value.strip(SPACE) else value


def _shown(form: Form, sheet: Sheet) -> dict[str, str]:
    digits = {_path(computed): computed["digits"] for computed in form.document["computed"]}
    result = {}
    for path, value in sheet.exact.items():
        plain = ".".join(step for step in path.split(".") if not (step.isascii() and step.isdigit()))
        result[path] = value if isinstance(value, str) else shown(value, digits[plain])
    return result


def _path(computed: Mapping[str, Any]) -> str:
    return f"{computed['rows']}.{computed['field']}" if "rows" in computed else str(computed["field"])
