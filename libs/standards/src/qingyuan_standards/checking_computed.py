"""What a form computes from what was written: formulas over the sheet and over the rows of its tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from qingyuan_standards.forms_definition import Json
from qingyuan_standards.forms_schema import when_of
from qingyuan_standards.formulas import EXACT, FORMULAS, Column, Value

NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?")


@dataclass
class Sheet:
    """The values of a sheet with what was computed so far, before rounding."""

    values: Json
    exact: dict[str, Value] = field(default_factory=dict)
    _rows: dict[str, Sequence[Json]] = field(default_factory=dict)

    def rows(self, table: str) -> Sequence[Json]:
        """The rows of a table; whatever is no row counts as an empty one, so that numbers of rows agree."""
        if table not in self._rows:
            found = self.values.get(table)
            rows = found if isinstance(found, list) else []
            self._rows[table] = [row if isinstance(row, Mapping) else {} for row in rows]
        return self._rows[table]

    def scopes(self, of: Json) -> Iterator["Scope"]:
        """Where a computation or check applies: once for the sheet, or once for each row it names."""
        table = of.get("rows")
        scopes = (
            [Scope(self)]
            if table is None
            else (Scope(self, table, at) for at in range(len(self.rows(table))))
        )
        return (one for one in scopes if one.meets(of.get("when", {})))


@dataclass(frozen=True)
class Scope:
    """A place to look names up from: a row and then the sheet around it, or the sheet alone."""

    sheet: Sheet
    table: str | None = None
    at: int = 0

    def path(self, name: str) -> str:
        return name if self.table is None else f"{self.table}.{self.at}.{name}"

    def text(self, name: str) -> str | None:
        """As it was written; a sheet's field where the row has none of that name."""
        row = {} if self.table is None else self.sheet.rows(self.table)[self.at]
        found = row.get(name, self.sheet.values.get(name))
        return found if isinstance(found, str) else None

    def value(self, name: str) -> Value | None:
        """A computed value, or the number that was written; a text that is no number has no value."""
        for path in (self.path(name), name):
            if path in self.sheet.exact:
                return self.sheet.exact[path]
        written = self.text(name)
        return Decimal(written) if written is not None and NUMBER.fullmatch(written) else None

    def number(self, name: str) -> Decimal | None:
        found = self.value(name)
        return found if isinstance(found, Decimal) else None

    def column(self, name: str) -> Column:
        table, column = name.split(".")
        return [Scope(self.sheet, table, at).value(column) for at in range(len(self.sheet.rows(table)))]

    def meets(self, conditions: Mapping[str, Sequence[str]]) -> bool:
        return all(self.text(name) in accepted for name, accepted in conditions.items())


def compute(form: Json, sheet: Sheet) -> None:
    """Fill `sheet.exact` in the order of the form's list: a later one may use an earlier one."""
    for one in form["computed"]:
        for scope in sheet.scopes(one):
            value = _within(form, one, scope) if one["formula"] == "within" else _formula(form, one, scope)
            if value is not None:
                sheet.exact[scope.path(one["field"])] = value


def _formula(form: Json, one: Json, scope: Scope) -> Value | None:
    formula = FORMULAS[one["formula"]]
    table = {"table": form["tables"][one["table"]]} if formula.table else {}
    if formula.takes == "columns":
        columns = {argument: scope.column(name) for argument, name in one["of"].items()}
        return formula.function(**columns, **table)
    read = scope.number if formula.takes == "numbers" else lambda name: when_of(scope.text(name))
    arguments: dict[str, Any] = {argument: read(name) for argument, name in one["of"].items()}
    return None if None in arguments.values() else formula.function(**arguments)


@dataclass(frozen=True)
class Judged:
    """What a band says of a sheet or row: which value it judges, and by how much that may be off."""

    band: Json
    value: Decimal
    limit: Decimal

    @property
    def beyond(self) -> bool:
        return self.value.copy_abs() > self.limit


def judged_by_band(form: Json, bands: str, by: str, scope: Scope) -> Judged | None:
    """By the band that holds for this scope and in which the value `by` lies; None where there is none or no value."""
    level = scope.number(by)
    for band in form["bands"][bands]:
        if level is not None and scope.meets(band["when"]) and _lies(level, band):
            value = scope.number(band["judges"])
            return None if value is None else Judged(band, value, Decimal(band["limit"]))
    return None


def _lies(level: Decimal, band: Json) -> bool:
    return (
        ("from" not in band or level >= Decimal(band["from"]))
        and ("above" not in band or level > Decimal(band["above"]))
        and ("below" not in band or level < Decimal(band["below"]))
        and ("to" not in band or level <= Decimal(band["to"]))
    )


def _within(form: Json, one: Json, scope: Scope) -> Value | None:
    judged = judged_by_band(form, one["bands"], one["of"]["by"], scope)
    return None if judged is None else "否" if judged.beyond else "是"


def near(judged: Judged, step: str) -> bool:
    """Within the limit, yet by less than one step of what is shown: to be looked at."""
    return not judged.beyond and EXACT.subtract(judged.limit, judged.value.copy_abs()) < Decimal(step)
