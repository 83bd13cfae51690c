"""Computes a form's figures from the values of a sheet: formulas over the sheet and over the rows of its tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from qingyuan_standards.forms_definition import Json
from qingyuan_standards.formulas import EXACT, FORMULAS, Column, Value
from qingyuan_standards.local_times import when_of

NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?")


@dataclass
class Sheet:
    """The values of a sheet, and the figures computed so far (`exact`, before rounding)."""

    values: Json
    exact: dict[str, Value] = field(default_factory=dict)
    _rows: dict[str, Sequence[Json]] = field(default_factory=dict)

    def rows(self, table: str) -> Sequence[Json]:
        """The rows of a table. An entry that is no row counts as an empty one, so that row numbers stay the same."""
        if table not in self._rows:
            value = self.values.get(table)
            rows = value if isinstance(value, list) else []
            self._rows[table] = [row if isinstance(row, Mapping) else {} for row in rows]
        return self._rows[table]

    def scopes(self, of: Json) -> Iterator["Scope"]:
        """Where a computation or a check applies: once to the sheet, or to each row of its table."""
        table = of.get("rows")
        scopes = (
            [Scope(self)]
            if table is None
            else (Scope(self, table, at) for at in range(len(self.rows(table))))
        )
        return (scope for scope in scopes if scope.meets(of.get("when", {})))


@dataclass(frozen=True)
class Scope:
    """Where field names are looked up: in a row and then in the sheet, or in the sheet only."""

    sheet: Sheet
    table: str | None = None
    at: int = 0

    def path(self, name: str) -> str:
        return name if self.table is None else f"{self.table}.{self.at}.{name}"

    def text(self, name: str) -> str | None:
        """The value as written, from the row or else from the sheet."""
        row = {} if self.table is None else self.sheet.rows(self.table)[self.at]
        written = row.get(name, self.sheet.values.get(name))
        return written if isinstance(written, str) else None

    def value(self, name: str) -> Value | None:
        """The computed value, or the number that was written; None for a text that is no number."""
        for path in (self.path(name), name):
            if path in self.sheet.exact:
                return self.sheet.exact[path]
        written = self.text(name)
        return Decimal(written) if written is not None and NUMBER.fullmatch(written) else None

    def number(self, name: str) -> Decimal | None:
        value = self.value(name)
        return value if isinstance(value, Decimal) else None

    def column(self, name: str) -> Column:
        table, column = name.split(".")
        return [Scope(self.sheet, table, at).value(column) for at in range(len(self.sheet.rows(table)))]

    def meets(self, conditions: Mapping[str, Sequence[str]]) -> bool:
        return all(self.text(name) in accepted for name, accepted in conditions.items())


def compute(form: Json, sheet: Sheet) -> None:
    """Fill `sheet.exact` in the order of the form's list, since a computation may use earlier ones."""
    for computed in form["computed"]:
        compute_value = _within if computed["formula"] == "within" else _formula
        for scope in sheet.scopes(computed):
            value = compute_value(form, computed, scope)
            if value is not None:
                sheet.exact[scope.path(computed["field"])] = value


def _formula(form: Json, computed: Json, scope: Scope) -> Value | None:
    formula = FORMULAS[computed["formula"]]
    table = {"table": form["tables"][computed["table"]]} if formula.table else {}
    if formula.takes == "columns":
        columns = {argument: scope.column(name) for argument, name in computed["of"].items()}
        return formula.function(**columns, **table)
    read = scope.number if formula.takes == "numbers" else lambda name: when_of(scope.text(name))
    arguments: dict[str, Any] = {argument: read(name) for argument, name in computed["of"].items()}
    return None if None in arguments.values() else formula.function(**arguments)


@dataclass(frozen=True)
class Judged:
    """A band applied to a sheet or row: the value that it limits, and the limit."""

    band: Json
    value: Decimal
    limit: Decimal

    @property
    def beyond(self) -> bool:
        return self.value.copy_abs() > self.limit


def judged_by_band(form: Json, bands: str, by: str, scope: Scope) -> Judged | None:
    """Apply the band whose conditions hold and which contains the value `by`. None without such a band or value."""
    level = scope.number(by)
    for band in form["bands"][bands]:
        if level is not None and scope.meets(band["when"]) and _contains(level, band):
            value = scope.number(band["judges"])
            return None if value is None else Judged(band, value, Decimal(band["limit"]))
    return None


def _contains(level: Decimal, band: Json) -> bool:
    return (
        ("from" not in band or level >= Decimal(band["from"]))
        and ("above" not in band or level > Decimal(band["above"]))
        and ("below" not in band or level < Decimal(band["below"]))
        and ("to" not in band or level <= Decimal(band["to"]))
    )


def _within(form: Json, computed: Json, scope: Scope) -> Value | None:
    judged = judged_by_band(form, computed["bands"], computed["of"]["by"], scope)
    return None if judged is None else "否" if judged.beyond else "是"


def near(judged: Judged, step: str) -> bool:
    """Within the limit, but by less than one step of the displayed digits, so that rounding may hide the difference."""
    return not judged.beyond and EXACT.subtract(judged.limit, judged.value.copy_abs()) < Decimal(step)
