"""Whether the times on a sheet lie within the visit that it belongs to. Findings, since a person may have good reasons.

They follow from other parts of the visit, which may arrive after the sheet, so they are no part of the sheet. The same in
`web/src/sheets/times.ts`; the cases of `corpus/times/` hold both to it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from qingyuan_standards.checking_findings import Finding
from qingyuan_standards.checking_schema import Path, label_of
from qingyuan_standards.days import SHANGHAI
from qingyuan_standards.forms_definition import Form, property_at
from qingyuan_standards.local_times import when_of
from qingyuan_standards.work_rules import WORK_RULES, TimeRule, rows_of


def outside(
    form: Form, values: Mapping[str, Any], arrived_at: datetime | None, left_at: datetime | None
) -> tuple[Finding, ...]:
    """To the minute, or to the day where a field holds days. A visit without a time is open on that side."""
    bounds = _local(arrived_at), _local(left_at)
    return tuple(
        _finding(form, path, value, judged)
        for name in WORK_RULES.times.fields.get(form.name, ())
        for path, value in _written(values, name)
        if (judged := _judged(value, *bounds))
    )


def _local(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}" if moment else None


def _judged(value: str, arrived_at: str | None, left_at: str | None) -> tuple[TimeRule, str] | None:
    """The rule that a time breaks, and the bound."""
    if arrived_at and value < arrived_at[: len(value)]:
        return WORK_RULES.times.before, arrived_at[: len(value)]
    if left_at and value > left_at[: len(value)]:
        return WORK_RULES.times.after, left_at[: len(value)]
    return None


def _written(values: Mapping[str, Any], name: str) -> Iterator[tuple[Path, str]]:
    table, _, column = name.partition(".")
    found: list[tuple[Path, object]] = (
        [((table, at, column), row.get(column)) for at, row in enumerate(rows_of(values, table))]
        if column
        else [((name,), values.get(name))]
    )
    yield from ((path, value) for path, value in found if isinstance(value, str) and when_of(value))


def _finding(form: Form, path: Path, value: str, judged: tuple[TimeRule, str]) -> Finding:
    rule, bound = judged
    label = label_of(path, {"title": "", **(property_at(form.document["schema"], path) or {})})
    sentence = rule.sentence.replace("{value}", _shown(value)).replace("{limit}", _shown(bound))
    return Finding(".".join(map(str, path)), rule.rule, rule.level, label + sentence)


def _shown(time: str) -> str:
    return time.replace("T", " ")
