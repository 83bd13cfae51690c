"""What a sheet must hold to count as the work that it is about, and what else is noticed about it as a whole.

The forms never change, and some may be sent almost blank; `work_rules.json` says which fields show that the work was done.
The same in `web/src/sheets/work.ts`; the cases of `corpus/work/` hold both to it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import Any, Final

from qingyuan_standards.checking_computed import NUMBER
from qingyuan_standards.checking_findings import Finding
from qingyuan_standards.checking_schema import Problem
from qingyuan_standards.forms_definition import Form, Json, Level, property_at

NO_WORK: Final = "no-work"
"""The rule of a sheet that is refused because nothing on it shows that its work was done."""
_SPACE: Final = " \t\r\n\u3000"


@dataclass(frozen=True)
class WorkRule:
    """A sheet of this form (None: any form) for this content has a value in one of these fields.

    A field is a name or `table.column`. `every_days` stands for the fields of the groups that are due that often.
    """

    content: str
    rule: str
    sentence: str
    form: str | None
    any_of: tuple[str, ...]
    every_days: int | None


@dataclass(frozen=True)
class InapplicableRule:
    """A sheet for this content is noticed where all its items have this answer; what the form does not require may be blank."""

    content: str
    answer: str
    rule: str
    sentence: str


@dataclass(frozen=True)
class NegativeRule:
    """Columns of tables, by form, in which a value below 0 is noticed; not where the factor is one of `not_for`."""

    rule: str
    sentence: str
    columns: Mapping[str, tuple[str, ...]]
    not_for: tuple[str, ...]


@dataclass(frozen=True)
class TimeRule:
    """What is said of a time that is before the arrival, or after the departure."""

    rule: str
    level: Level
    sentence: str


@dataclass(frozen=True)
class TimeRules:
    """`fields` are those of each form that say when the work was done; see `work_times`."""

    before: TimeRule
    after: TimeRule
    fields: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class WorkRules:
    """A sheet that breaks a rule of `needed` is refused; `expected`, `inapplicable`, `negative` and `times` give findings."""

    needed: tuple[WorkRule, ...]
    expected: tuple[WorkRule, ...]
    inapplicable: InapplicableRule
    negative: NegativeRule
    times: TimeRules


def lacking(form: Form, content: str, values: Mapping[str, Any]) -> tuple[Problem, ...]:
    """The problem of a sheet on which nothing shows that its work was done."""
    return tuple(
        Problem(_fields(rule, form)[0].split(".")[0], rule.rule, rule.sentence)
        for rule in _broken(WORK_RULES.needed, form, content, values)
    )


def findings(form: Form, content: str, values: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What is noticed about a sheet beyond the checks of its form. Nothing of it refuses the sheet."""
    missing = (
        Finding(_fields(rule, form)[0].split(".")[0], rule.rule, "warning", rule.sentence)
        for rule in _broken(WORK_RULES.expected, form, content, values)
    )
    return (*missing, *_inapplicable(form, content, values), *_negative(form, values))


def fulfils(form: Form, content: str, values: Mapping[str, Any]) -> bool:
    """Whether a sheet counts as the work of a plan: work is recorded, of maintenance one of the items due that often.

    A sheet for quarterly maintenance with the daily items alone records work, but not that of the quarter.
    """
    of_period = (rule for rule in WORK_RULES.expected if rule.every_days is not None)
    return not any(_broken((*WORK_RULES.needed, *of_period), form, content, values))


def _broken(
    rules: Iterable[WorkRule], form: Form, content: str, values: Mapping[str, Any]
) -> Iterator[WorkRule]:
    for rule in rules:
        if rule.content != content or rule.form not in (None, form.name):
            continue
        fields = _fields(rule, form)
        if fields and not any(_is_answered(values, field) for field in fields):
            yield rule


def _fields(rule: WorkRule, form: Form) -> tuple[str, ...]:
    if rule.every_days is None:
        return rule.any_of
    groups = (part for part in form.document["layout"] if part.get("every_days") == rule.every_days)
    return tuple(field for group in groups for field in group["fields"])


def _is_answered(values: Mapping[str, Any], field: str) -> bool:
    table, _, column = field.partition(".")
    if not column:
        return _is_written(values.get(table))
    return any(_is_written(row.get(column)) for row in rows_of(values, table))


def rows_of(values: Mapping[str, Any], table: str) -> list[Json]:
    """An entry that is no row counts as an empty one, so that row numbers stay the same."""
    rows = values.get(table)
    return [row if isinstance(row, Mapping) else {} for row in rows] if isinstance(rows, list) else []


def _is_written(value: object) -> bool:
    return isinstance(value, str) and value.strip(_SPACE) != ""


def _inapplicable(form: Form, content: str, values: Mapping[str, Any]) -> Iterator[Finding]:
    rule, schema = WORK_RULES.inapplicable, form.document["schema"]
    items = [name for name in schema["properties"] if _may_be_answered(form, name, rule.answer)]
    left = [name for name in items if values.get(name) != rule.answer]
    may_be_blank = all(name not in schema["required"] and not _is_written(values.get(name)) for name in left)
    if content == rule.content and len(left) < len(items) and may_be_blank:
        yield Finding(items[0], rule.rule, "warning", rule.sentence)


def _may_be_answered(form: Form, field: str, answer: str) -> bool:
    return answer in (property_at(form.document["schema"], (field,)) or {}).get("enum", ())


def _negative(form: Form, values: Mapping[str, Any]) -> Iterator[Finding]:
    rule = WORK_RULES.negative
    for path in rule.columns.get(form.name, ()):
        table, column = path.split(".")
        title = (property_at(form.document["schema"], (table, 0, column)) or {}).get("title", "")
        for at, row in enumerate(rows_of(values, table)):
            if (row.get("factor") or values.get("factor")) in rule.not_for or not _is_below_zero(
                row.get(column)
            ):
                continue
            sentence = f"“{title}”" + rule.sentence.replace("{value}", row[column])
            yield Finding(f"{table}.{at}.{column}", rule.rule, "warning", sentence)


def _is_below_zero(value: object) -> bool:
    return isinstance(value, str) and NUMBER.fullmatch(value) is not None and Decimal(value) < 0


def _work_rule(written: Mapping[str, Any]) -> WorkRule:
    return WorkRule(
        content=written["content"],
        rule=written.get("rule", NO_WORK),
        sentence=written["sentence"],
        form=written.get("form"),
        any_of=tuple(written.get("any_of", ())),
        every_days=written.get("every_days"),
    )


def _load() -> WorkRules:
    document = json.loads((files("qingyuan_standards") / "work_rules.json").read_text("utf-8"))
    negative, times = document["negative"], document["times"]
    columns = {form: tuple(names) for form, names in negative["columns"].items()}
    return WorkRules(
        needed=tuple(map(_work_rule, document["needed"])),
        expected=tuple(map(_work_rule, document["expected"])),
        inapplicable=InapplicableRule(**document["inapplicable"]),
        negative=NegativeRule(negative["rule"], negative["sentence"], columns, tuple(negative["not_for"])),
        times=TimeRules(
            before=TimeRule(**times["before"]),
            after=TimeRule(**times["after"]),
            fields={form: tuple(names) for form, names in times["fields"].items()},
        ),
    )


WORK_RULES: Final = _load()
