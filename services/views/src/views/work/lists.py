"""The SELECTs behind the lists of the working day. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import AwareDatetime
from sqlalchemy import Select, Text, any_, case, exists, select, true

from views.shared.composed import Condition, Conditions, Statement, equals, fixed, parameter
from views.shared.confirmed import narrowing
from views.shared.cursors import Number
from views.shared.pages import List, Listing, by_name, filters_of, within
from views.shared.scope import Scope
from views.shared.voided import at_voided_point
from views.tables.confirmations import CONFIRMATION
from views.tables.work import CYCLE, SHEET, VISIT
from views.work import filing_marks
from views.work.other_contracts import with_other_contracts
from views.work.query_models import CycleQuery, ReliedQuery, VisitQuery

IMPLAUSIBLE_TRAVEL: Final = "implausible_travel"

_visit, _confirmation = VISIT.alias("v"), CONFIRMATION.alias("c")

_CONFIRMED: Final[Conditions] = narrowing(_confirmation) | {
    "unsigned": (_visit.c.state == fixed("complete"))
    & _confirmation.c.state.is_distinct_from(fixed("signed")),
}
"""What concerns the confirmation of a visit; one that was never requested is unsigned, too."""

_MARKED: Final[Conditions] = {IMPLAUSIBLE_TRAVEL: _visit.c.implausible, "obstructed": _visit.c.obstructed} | (
    filing_marks.marks(_visit)
)
"""Marks that are not in the column `marks`: they depend on other visits or on filings, too, or are a column of their own."""


_VISIT_STATES: Final[Conditions] = {"not_aborted": _visit.c.state != fixed("aborted")}
"""What is no state of a visit, but can be asked for as one."""

_VISIT_ORDER: Final = {"day": date, "began_at": AwareDatetime, "id": UUID}  # a phone's clock may say anything


_confirmed_visits: Final = _visit.join(_confirmation, _confirmation.c.visit_id == _visit.c.id, isouter=True)


def _select_visits(conditions: Sequence[Condition], limit: int) -> Select[Any]:
    columns = (_confirmation.c[name] for name in ("due_at", "signed_at", "late"))
    return (
        select(
            _visit,
            _confirmation.c.id.label("confirmation_id"),
            _confirmation.c.state.label("confirmation_state"),
            *columns,
            *filing_marks.columns(_visit),
        )
        .select_from(_confirmed_visits)
        .where(*conditions)
        .order_by(*(_visit.c[name].desc() for name in _VISIT_ORDER))
        .limit(fixed(limit))
    )


_VISITS: Final = Listing(
    _visit,
    _select_visits,
    within(_visit.c.day)
    | equals(_visit, "id", "operator_id", "enterprise_id", "point_id", "district", "state", "backfilled")
    | {
        "mark": parameter("mark", Text) == any_(_visit.c.marks),
        "technician_id": _visit.c.by == parameter("technician_id"),
        "content": parameter("content", Text) == any_(_visit.c.contents),
        "confirmation": _confirmation.c.state == parameter("confirmation"),
    }
    | {"relied_on": filing_marks.relied_on(_visit)}
    | _VISIT_STATES
    | _MARKED
    | _CONFIRMED,
    _VISIT_ORDER,
    joined=_confirmed_visits,
)


def visits(scope: Scope, query: VisitQuery) -> List:
    """Sorted newest first, those of one day by their sign-in."""
    filters = by_name(filters_of(query), "mark", _MARKED)
    filters = by_name(filters, "state", _VISIT_STATES)
    return _VISITS.page(scope, query, by_name(filters, "confirmation", _CONFIRMED))


def relying_visits(scope: Scope, query: ReliedQuery, paper: Any) -> List:
    """The visits that relied on a paper for a day on which it does not hold; `paper`: a row of `filed_paper`."""
    names = ("account_id", "resource_id", "stated_first", "stated_last", "first_day", "last_day")
    more = {name: paper[name] for name in names}
    return _VISITS.page(scope, query, {"relied_on": True, "operator_id": paper["operator_id"]}, **more)


def one_visit(scope: Scope, visit_id: UUID) -> Statement:
    return _VISITS.one(scope, visit_id)


_cycle: Final = CYCLE.alias("k")
_done: Final = _cycle.c.visit_id.is_not(None)
_stopped: Final = _cycle.c.stopped | at_voided_point(_cycle)
_due: Final = _cycle.c.visit_id.is_(None) & ~_stopped
_over: Final = _cycle.c.closes < parameter("today")

_STATE: Final = case(
    (_done, fixed("done")),
    (_stopped, fixed("stopped")),
    (_over, fixed("missed")),
    else_=fixed("open"),
)
"""A cycle that is done stays so even if its plan is stopped or its point voided later. Whether another one is missed depends on the day."""

_CYCLE_STATES: Final[Conditions] = {
    "done": _done,
    "stopped": _cycle.c.visit_id.is_(None) & _stopped,
    "missed": _due & _over,
    "open": _due & (_cycle.c.closes >= parameter("today")),
    "planned": _done | ~_stopped,
}
_CYCLE_ORDER: Final = {"closes": date, "plan_id": UUID, "item": Number, "number": Number, "point_id": UUID}


def _select_cycles(conditions: Sequence[Condition], limit: int) -> Select[Any]:
    """The inner SELECT limits the rows to the page, so that the day of the last such work is read for these only."""
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
    listed = select(shown, last.c.day.label("last_done")).join_from(shown, last, true(), isouter=True)
    return with_other_contracts(listed, shown).order_by(*(shown.c[name] for name in _CYCLE_ORDER))


_CYCLES: Final = Listing(
    _cycle,
    _select_cycles,
    within(_cycle.c.closes)
    | equals(_cycle, "plan_id", "operator_id", "enterprise_id", "point_id", "content", "district")
    | {
        "technician_id": exists().where(
            _visit.c.id == _cycle.c.visit_id, _visit.c.by == parameter("technician_id")
        )
    }
    | _CYCLE_STATES,
    _CYCLE_ORDER,
    newest_first=False,
)


def cycles(scope: Scope, query: CycleQuery, today: date) -> List:
    """Sorted by closing day, earliest first."""
    return _CYCLES.page(scope, query, by_name(filters_of(query), "state", _CYCLE_STATES), today=today)
