"""Rules × outcomes: how many reports, by the filters of the list of reports, so that each number opens its reports."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, get_args

from qingyuan_events.reports import ReportResult
from qingyuan_runtime.database.connections import Connection
from qingyuan_standards.rules import Rule, catalogue, versions
from sqlalchemy import Select, func, select

from views.reports.lists import FILTERS, filters_for, report
from views.reports.query_models import ReportFilter
from views.reports.response_models import Outcome
from views.reports.verdicts import APPLIED
from views.shared.composed import Statement, chosen, composed, sendable
from views.shared.scope import Scope, own_reports
from views.tables.reports import RULE

_rule: Final = RULE.alias("u")
_LABELS: Final = ("title", "standard", "edition", "clause", "confidence", "severity")
Row = dict[str, Any]


@composed
def _by_rule(sees: str, filters: frozenset[str]) -> Select[Any]:
    return (
        select(_rule.c.rule, _rule.c.outcome, func.count().label("reports"))
        .join_from(_rule, report, report.c.id == _rule.c.report_id)
        .where(own_reports(sees, report), *chosen(FILTERS, filters))
        .group_by(_rule.c.rule, _rule.c.outcome)
    )


@composed
def _by_result(sees: str, filters: frozenset[str]) -> Select[Any]:
    return (
        select(report.c.result, func.count().label("reports"))
        .where(own_reports(sees, report), report.c.result.is_not(None), *chosen(FILTERS, filters))
        .group_by(report.c.result)
    )


def statements(scope: Scope, query: ReportFilter) -> tuple[Statement, Statement]:
    """Counts by rule and outcome, and by result."""
    filters, more = filters_for(query)
    values = sendable(filters)
    names = frozenset(values)
    asked = values | more | {"place": scope.place}
    return _by_rule(scope.sees, names).statement(asked), _by_result(scope.sees, names).statement(asked)


async def answer(connection: Connection, scope: Scope, query: ReportFilter) -> Row:
    by_rule, by_result = statements(scope, query)
    items = _items(await connection.fetch(*by_rule))
    results = dict.fromkeys(get_args(ReportResult), 0)
    results |= {row["result"]: row["reports"] for row in await connection.fetch(*by_result)}
    return {"items": items, "reports": sum(results.values()), "results": results}


def _items(rows: Iterable[Any]) -> list[Row]:
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row["rule"], {})[row["outcome"]] = row["reports"]
    items = [_item(name, counted) for name, counted in counts.items()]
    return sorted(items, key=lambda item: (item["standard"], item["rule"]))


def _item(name: str, counted: Mapping[str, int]) -> Row:
    return {
        "rule": name,
        **labels(name),
        "reports": counted.get(APPLIED, 0),
        "outcomes": {outcome: counted.get(outcome, 0) for outcome in get_args(Outcome)},
        **{mark: counted.get(mark, 0) for mark in ("blocking", "near_limit")},
    }


def labels(name: str) -> dict[str, str]:
    """What a rule is called, in the newest catalogue that has it."""
    known = _rules().get(name)
    return {label: str(getattr(known, label)) if known else "" for label in _LABELS}


@lru_cache(1)
def _rules() -> Mapping[str, Rule]:
    return {known.id: known for version in versions() for known in catalogue(version).rules}
