"""The SELECTs behind the lists of contracts and plans. Pure.

Where a contract or a plan stands depends on the day, as its page says it; the columns `standing` are the same rule.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.domain.bounds import Moment
from sqlalchemy import Date, FromClause, Select, case, func, select

from views.shared.composed import Condition, Conditions, equals, fixed, parameter
from views.shared.pages import List, Listing, filters_of
from views.shared.scope import Scope
from views.tables.work import CONTRACT, PLAN
from views.work.query_models import ContractQuery, PlanQuery

SOON_DAYS: Final = 60
"""So many days before its end a contract is said to expire soon; a convenience of the pages, no legal figure."""

_contract, _plan = CONTRACT.alias("k"), PLAN.alias("k")
_CONTRACT_ORDER: Final = {"submitted": Moment, "id": UUID}
_PLAN_ORDER: Final = {"published": Moment, "id": UUID}
_TODAY, _SOON = parameter("today", Date()), parameter("soon", Date())


def _overlapping(row: FromClause, ended: str) -> Conditions:
    """Those that have at least one day in common with the period."""
    last_day = func.coalesce(row.c[ended], row.c.last_day)
    return {
        "first_day": last_day >= parameter("first_day", Date()),
        "last_day": row.c.first_day <= parameter("last_day"),
    }


_ended: Final = (_contract.c.state == fixed("ended")) & _contract.c.ended_on.is_not(None)
_CONTRACT_STANDING: Final = case(
    (_contract.c.state.in_([fixed("submitted"), fixed("declined")]), _contract.c.state),
    (_ended & (_contract.c.ended_on < _TODAY), fixed("terminated")),
    (_ended, fixed("ending")),
    (_contract.c.first_day > _TODAY, fixed("upcoming")),
    (_contract.c.last_day < _TODAY, fixed("expired")),
    (_contract.c.last_day <= _SOON, fixed("expiring")),
    else_=fixed("in_force"),
)


def _select_contracts(conditions: Sequence[Condition], limit: int) -> Select[Any]:
    plan = PLAN.alias("p")
    plans = (
        select(func.count()).select_from(plan).where(plan.c.contract_id == _contract.c.id).scalar_subquery()
    )
    return (
        select(_contract, plans.label("plans"), _CONTRACT_STANDING.label("standing"))
        .where(*conditions)
        .order_by(*(_contract.c[name].desc() for name in _CONTRACT_ORDER))
        .limit(fixed(limit))
    )


_CONTRACTS: Final = Listing(
    _contract,
    _select_contracts,
    equals(_contract, "enterprise_id", "operator_id", "state")
    | {"standing": parameter("standing") == _CONTRACT_STANDING}
    | _overlapping(_contract, "ended_on"),
    _CONTRACT_ORDER,
)


def contracts(scope: Scope, query: ContractQuery, today: date) -> List:
    """Sorted newest first."""
    soon = today + timedelta(days=SOON_DAYS)
    return _CONTRACTS.page(scope, query, filters_of(query), today=today, soon=soon)


_PLAN_STANDING: Final = case(
    (_plan.c.stopped_on < _TODAY, fixed("stopped")),
    (_plan.c.first_day > _TODAY, fixed("upcoming")),
    (_plan.c.last_day < _TODAY, fixed("over")),
    else_=fixed("running"),
)


def _select_plans(conditions: Sequence[Condition], limit: int) -> Select[Any]:
    return (
        select(_plan, _PLAN_STANDING.label("standing"))
        .where(*conditions)
        .order_by(*(_plan.c[name].desc() for name in _PLAN_ORDER))
        .limit(fixed(limit))
    )


_PLANS: Final = Listing(
    _plan,
    _select_plans,
    equals(_plan, "contract_id", "enterprise_id", "operator_id")
    | {"standing": parameter("standing") == _PLAN_STANDING}
    | _overlapping(_plan, "stopped_on"),
    _PLAN_ORDER,
)


def plans(scope: Scope, query: PlanQuery, today: date) -> List:
    """Sorted newest first."""
    return _PLANS.page(scope, query, filters_of(query), today=today)
