"""The SELECTs behind the lists of the working day. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.domain.bounds import Moment
from sqlalchemy import Select, Text, any_, case, func, select, true

from views.shared.composed import Condition, Conditions, Statement, equals, fixed, parameter
from views.shared.cursors import Count
from views.shared.pages import List, Listing, by_name, filters_of, within
from views.shared.scope import Scope
from views.tables.confirmations import CONFIRMATION
from views.tables.work import CONTRACT, CYCLE, PLAN, SHEET, VISIT
from views.work.query_models import ContractQuery, CycleQuery, PlanQuery, VisitQuery

IMPLAUSIBLE_TRAVEL: Final = "implausible_travel"

_visit, _confirmation = VISIT.alias("v"), CONFIRMATION.alias("c")
_standing: Final = _confirmation.c.state != fixed("voided")
_signed: Final = fixed("signed")

_CONFIRMED: Final[Conditions] = {
    "unsigned": (_visit.c.state == fixed("complete")) & _confirmation.c.state.is_distinct_from(_signed),
    "signed_late": (_confirmation.c.state == _signed) & _confirmation.c.late,
    "disputed": _confirmation.c.disputed & _standing,
    "escalated": _confirmation.c.escalated & _standing,
    "originals_late": _confirmation.c.originals_late & _standing,
}
"""Figures of the board that speak of confirmations. Disputed, escalated and late originals mean: at any time, and not void."""

_MARKED: Final[Conditions] = {IMPLAUSIBLE_TRAVEL: _visit.c.implausible}
"""A mark that is not among a visit's own: it follows from other visits too."""


def _select_visits(conditions: Sequence[Condition], limit: int) -> Select[Any]:
    columns = (_confirmation.c[name] for name in ("due_at", "signed_at", "late"))
    return (
        select(
            _visit,
            _confirmation.c.id.label("confirmation_id"),
            _confirmation.c.state.label("confirmation_state"),
            *columns,
        )
        .join_from(_visit, _confirmation, _confirmation.c.visit_id == _visit.c.id, isouter=True)
        .where(*conditions)
        .order_by(_visit.c.day.desc(), _visit.c.id.desc())
        .limit(fixed(limit))
    )


_VISITS: Final = Listing(
    _visit,
    _select_visits,
    within(_visit.c.day)
    | equals(_visit, "id", "operator_id", "enterprise_id", "point_id", "district", "state", "backfilled")
    | {
        "mark": parameter("mark", Text) == any_(_visit.c.marks),
        "confirmation": _confirmation.c.state == parameter("confirmation"),
    }
    | _MARKED
    | _CONFIRMED,
    {"day": date, "id": UUID},
)


def visits(scope: Scope, asked: VisitQuery) -> List:
    """Newest first."""
    filters = by_name(filters_of(asked), "mark", _MARKED)
    return _VISITS.page(scope, asked, by_name(filters, "confirmation", _CONFIRMED))


def one_visit(scope: Scope, visit_id: UUID) -> Statement:
    return _VISITS.one(scope, visit_id)


_cycle: Final = CYCLE.alias("k")
_done: Final = _cycle.c.visit_id.is_not(None)
_due: Final = _cycle.c.visit_id.is_(None) & ~_cycle.c.stopped
_over: Final = _cycle.c.closes < parameter("today")

_STATE: Final = case(
    (_done, fixed("done")),
    (_cycle.c.stopped, fixed("stopped")),
    (_over, fixed("missed")),
    else_=fixed("open"),
)
"""What was done stays done even when the plan is stopped before it; whether the rest is missed, the day decides."""

_CYCLE_STATES: Final[Conditions] = {
    "done": _done,
    "stopped": _cycle.c.visit_id.is_(None) & _cycle.c.stopped,
    "missed": _due & _over,
    "open": _due & (_cycle.c.closes >= parameter("today")),
    "planned": _done | ~_cycle.c.stopped,
}
_CYCLE_ORDER: Final = {"closes": date, "plan_id": UUID, "item": Count, "number": Count, "point_id": UUID}


def _select_cycles(conditions: Sequence[Condition], limit: int) -> Select[Any]:
    """The rows of the page come first: when the work was last done is looked up for them and for no others."""
    shown = (
        select(_cycle, _STATE.label("state"))
        .where(*conditions)
        .order_by(*(_cycle.c[name] for name in _CYCLE_ORDER))
        .limit(fixed(limit))
        .subquery("k")
    )
    sheet = SHEET.alias("s")
    last = (
        select(sheet.c.day)
        .where(
            sheet.c.counts,
            *(sheet.c[name] == shown.c[name] for name in ("point_id", "content", "operator_id")),
        )
        .order_by(sheet.c.day.desc())
        .limit(fixed(1))
        .lateral("last")
    )
    return (
        select(shown, last.c.day.label("last_done"))
        .join_from(shown, last, true(), isouter=True)
        .order_by(*(shown.c[name] for name in _CYCLE_ORDER))
    )


_CYCLES: Final = Listing(
    _cycle,
    _select_cycles,
    within(_cycle.c.closes)
    | equals(_cycle, "plan_id", "operator_id", "enterprise_id", "point_id", "district")
    | _CYCLE_STATES,
    _CYCLE_ORDER,
    newest_first=False,
)


def cycles(scope: Scope, asked: CycleQuery, today: date) -> List:
    """Those that close first come first."""
    return _CYCLES.page(scope, asked, by_name(filters_of(asked), "state", _CYCLE_STATES), today=today)


_contract, _plan = CONTRACT.alias("k"), PLAN.alias("k")


def _select_contracts(conditions: Sequence[Condition], limit: int) -> Select[Any]:
    plan = PLAN.alias("p")
    plans = (
        select(func.count()).select_from(plan).where(plan.c.contract_id == _contract.c.id).scalar_subquery()
    )
    return (
        select(_contract, plans.label("plans"))
        .where(*conditions)
        .order_by(_contract.c.submitted.desc(), _contract.c.id.desc())
        .limit(fixed(limit))
    )


_CONTRACTS: Final = Listing(
    _contract,
    _select_contracts,
    equals(_contract, "enterprise_id", "operator_id", "state"),
    {"submitted": Moment, "id": UUID},
)


def contracts(scope: Scope, asked: ContractQuery) -> List:
    """Newest first."""
    return _CONTRACTS.page(scope, asked, filters_of(asked))


def _select_plans(conditions: Sequence[Condition], limit: int) -> Select[Any]:
    return (
        select(_plan)
        .where(*conditions)
        .order_by(_plan.c.published.desc(), _plan.c.id.desc())
        .limit(fixed(limit))
    )


_PLANS: Final = Listing(
    _plan,
    _select_plans,
    equals(_plan, "contract_id", "enterprise_id", "operator_id"),
    {"published": Moment, "id": UUID},
)


def plans(scope: Scope, asked: PlanQuery) -> List:
    """Newest first."""
    return _PLANS.page(scope, asked, filters_of(asked))
