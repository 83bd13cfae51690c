"""The SELECTs behind the lists of reports and exemptions. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import AwareDatetime
from sqlalchemy import ColumnElement, Date, Select, Text, any_, exists, func, select

from views.reports import verdicts
from views.reports.query_models import ExemptionQuery, ReportFilter, ReportQuery
from views.shared.composed import Condition, Conditions, equals, fixed, parameter
from views.shared.cursors import Number
from views.shared.pages import List, Listing, by_name, filters_of, within
from views.shared.scope import Scope, own_exemptions, own_reports
from views.shared.searching import pattern
from views.tables.reports import APPLIED, EXEMPTION, POINT, REPORT, RULE

report: Final = REPORT.alias("r")
_rule, _at, _told = RULE.alias("j"), POINT.alias("p"), APPLIED.alias("x")
_exemption: Final = EXEMPTION.alias("e")


def _is(*states: str) -> Condition:
    return report.c.state.in_([fixed(state) for state in states])


_STATES: Final[Conditions] = {
    "waiting": _is("submitted", "checked"),
    "open": _is("draft", "returned"),
    "standing": ~_is("draft", "withdrawn", "superseded"),
}
"""Values of the filter `state` that stand for several states."""


def _judged(*conditions: Condition) -> Condition:
    return exists().where(_rule.c.report_id == report.c.id, *conditions)


_of_rule: Final = _rule.c.rule == parameter("rule")
_with_outcome: Final = _rule.c.outcome == parameter("outcome")
FILTERS: Final[Conditions] = (
    within(report.c.first_day)
    | equals(report, "id", "enterprise_id", "operator_id", "district", "state", "doc_type", "basis", "result", "blocking")
    | _STATES
    | {
        "point_id": report.c.id.in_(select(_at.c.report_id).where(_at.c.point_id == parameter("point_id"))),
        "exemption_id": report.c.id.in_(
            select(_told.c.report_id).where(_told.c.exemption_id == parameter("exemption_id"))
        ),
        "factor": parameter("factor", Text) == any_(report.c.factors),
        "finding": parameter("finding", Text) == any_(report.c.findings),
        "number": func.lower(report.c.number).like(parameter("number", Text)),
        "judged": _judged(_of_rule, _with_outcome),
        "any_rule": _judged(_with_outcome),
    }
)  # fmt: skip


def filters_for(query: ReportFilter) -> tuple[dict[str, Any], dict[str, Any]]:
    """The filters of a request, and the values of the parameters of those that have another name or several."""
    asked = query.model_dump(exclude={"limit", "after", "page", "order"})
    outcome, rule_id = asked.pop("outcome"), asked.pop("rule")
    filters = by_name(asked | {"number": pattern(asked["number"])}, "state", _STATES)
    if rule_id:
        return filters | {"judged": True}, {"rule": rule_id, "outcome": outcome or verdicts.APPLIED}
    return (filters | {"any_rule": True}, {"outcome": outcome}) if outcome else (filters, {})


_BY_TIME: Final = {"listed_at": AwareDatetime, "id": UUID}
_BY_URGENCY: Final = {"urgency": Number, "listed_at": AwareDatetime, "id": UUID}


def _select(
    order: Mapping[str, Any], newest_first: bool
) -> Callable[[Sequence[Condition], int], Select[Any]]:
    columns: list[ColumnElement[Any]] = [report.c[name] for name in order]

    def build(conditions: Sequence[Condition], limit: int) -> Select[Any]:
        sorted_by = [column.desc() for column in columns] if newest_first else columns
        return select(report).where(*conditions).order_by(*sorted_by).limit(fixed(limit))

    return build


_NEWEST: Final = Listing(report, _select(_BY_TIME, True), FILTERS, _BY_TIME, own=own_reports)
_QUEUE: Final = Listing(
    report, _select(_BY_URGENCY, False), FILTERS, _BY_URGENCY, newest_first=False, own=own_reports
)


def reports(scope: Scope, query: ReportQuery) -> List:
    listing = _QUEUE if query.order == "queue" else _NEWEST
    filters, more = filters_for(query)
    return listing.page(scope, query, filters, **more)


def one_report(scope: Scope, report_id: UUID) -> Any:
    return _NEWEST.one(scope, report_id)


_today: Final = parameter("today", Date)
_upcoming: Final = _exemption.c.first_day > _today
_over: Final = _exemption.c.last_day < _today
_HOLDING: Final[Conditions] = {"upcoming": _upcoming & ~_over, "over": _over, "holds": ~_upcoming & ~_over}
_EXEMPTION_ORDER: Final = {"granted_at": AwareDatetime, "id": UUID}


def _select_exemptions(conditions: Sequence[Condition], limit: int) -> Select[Any]:
    """With the number of the report that it is for, and of those whose verdict was told of it, as far as one may see them."""
    shown = (
        select(_exemption)
        .where(*conditions)
        .order_by(*(_exemption.c[name].desc() for name in _EXEMPTION_ORDER))
        .limit(fixed(limit))
        .subquery("e")
    )
    told = select(func.count()).where(_told.c.exemption_id == shown.c.id).scalar_subquery()
    named = select(report.c.number).where(report.c.id == shown.c.report_id).scalar_subquery()
    return select(shown, told.label("applied"), named.label("report_number")).order_by(
        *(shown.c[name].desc() for name in _EXEMPTION_ORDER)
    )


_EXEMPTIONS: Final = Listing(
    _exemption,
    _select_exemptions,
    equals(_exemption, "id", "rule", "enterprise_id", "point_id", "factor", "report_id", "district", "reason_code")
    | {
        "first_day": _exemption.c.last_day >= parameter("first_day"),
        "last_day": _exemption.c.first_day <= parameter("last_day"),
        "on_day": (_exemption.c.first_day <= parameter("day", Date))
        & (_exemption.c.last_day >= parameter("day", Date)),
        "of_report": _exemption.c.report_id.is_(None) | (_exemption.c.report_id == parameter("this")),
    }
    | _HOLDING,
    _EXEMPTION_ORDER,
    own=own_exemptions,
)  # fmt: skip


def exemptions(scope: Scope, query: ExemptionQuery, today: date) -> List:
    """Newest first."""
    filters = by_name(filters_of(query), "state", _HOLDING)
    more = {"today": today} if query.state else {}
    return _EXEMPTIONS.page(scope, query, filters, **more)


HELD_MOST: Final = 500


def exemptions_of(scope: Scope, found: Any) -> List:
    """Those of the report's enterprise that hold for this report, or for all, on the first day of its work."""
    filters = {"enterprise_id": found["enterprise_id"], "on_day": True, "of_report": True}
    query = ExemptionQuery(limit=HELD_MOST)
    return _EXEMPTIONS.page(scope, query, filters, day=found["first_day"], this=found["id"])
