"""The SELECTs behind the lists of the working day: filter, scope and place in the list as SQL. Pure."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.domain.bounds import Moment

from views.shared.pages import List
from views.shared.scope import Scope
from views.shared.where import Count, Where, place_of
from views.work.query_models import ContractQuery, CycleQuery, PlanQuery, VisitQuery

IMPLAUSIBLE_TRAVEL: Final = "implausible_travel"


_CONFIRMED: Final = {
    "unsigned": "v.state = 'complete' and c.state is distinct from 'signed'",
    "signed_late": "c.state = 'signed' and c.late",
    "disputed": "c.disputed and c.state <> 'voided'",
    "escalated": "c.escalated and c.state <> 'voided'",
    "originals_late": "c.originals_late and c.state <> 'voided'",
}
"""Figures of the board that speak of confirmations. Disputed, escalated and late originals mean: at any time, and not void."""

_VISITS: Final = """
    select v.*, c.id as confirmation_id, c.state as confirmation_state, c.due_at, c.signed_at, c.late
      from work.visit v left join confirmations.confirmation c on c.visit_id = v.id
     where {where}
     order by v.day desc, v.id desc limit {limit}
"""


def visits(scope: Scope, asked: VisitQuery) -> List:
    """Newest first."""
    where = Where()
    where.conditions.append(scope.own("v", where.value(scope.place)))
    _narrow_visits(where, asked)
    if asked.after:
        day, last = place_of(asked.after, date, UUID)
        where.conditions.append(f"(v.day, v.id) < ({where.value(day)}, {where.value(last)})")
    sql = _VISITS.format(where=where.sql, limit=asked.limit + 1)
    return List(sql, where.parameters, ("day", "id"), asked.limit)


def _narrow_visits(where: Where, asked: VisitQuery) -> None:
    where.add("v.day >= {}", asked.first_day)
    where.add("v.day <= {}", asked.last_day)
    where.add("v.operator_id = {}", asked.operator_id)
    where.add("v.enterprise_id = {}", asked.enterprise_id)
    where.add("v.point_id = {}", asked.point_id)
    where.add("v.district = {}", asked.district)
    where.add("v.state = {}", asked.state)
    where.add("v.backfilled = {}", asked.backfilled)
    if asked.mark == IMPLAUSIBLE_TRAVEL:
        where.conditions.append("v.implausible")
    else:
        where.add("{} = any (v.marks)", asked.mark)
    if asked.confirmation in _CONFIRMED:
        where.conditions.append(_CONFIRMED[asked.confirmation])
    else:
        where.add("c.state = {}", asked.confirmation)


def one_visit(scope: Scope, visit_id: UUID) -> List:
    where = Where()
    where.conditions.append(scope.own("v", where.value(scope.place)))
    where.add("v.id = {}", visit_id)
    return List(_VISITS.format(where=where.sql, limit=1), where.parameters, ("id",), 1)


STATE_OF_CYCLE: Final = """
    case when k.visit_id is not null then 'done' when k.stopped then 'stopped'
         when k.closes < {today} then 'missed' else 'open' end
"""
"""What was done stays done even when the plan is stopped before it; whether the rest is missed, the day decides."""

_CYCLE_STATES: Final = {
    "done": "k.visit_id is not null",
    "stopped": "k.visit_id is null and k.stopped",
    "missed": "k.visit_id is null and not k.stopped and k.closes < {today}",
    "open": "k.visit_id is null and not k.stopped and k.closes >= {today}",
    "planned": "(k.visit_id is not null or not k.stopped)",
}
# The rows of the page come first: when the work was last done is looked up for them and for no others.
_CYCLES: Final = """
    select k.*, last.day as last_done
      from (
          select k.*, {state} as state from work.cycle k where {where}
           order by k.closes, k.plan_id, k.item, k.number, k.point_id limit {limit}
      ) k
      left join lateral (
          select s.day from work.sheet s
           where s.counts and s.point_id = k.point_id and s.content = k.content and s.operator_id = k.operator_id
           order by s.day desc limit 1
      ) last on true
     order by k.closes, k.plan_id, k.item, k.number, k.point_id
"""
_CYCLE_ORDER: Final = ("closes", "plan_id", "item", "number", "point_id")
_CYCLE_KINDS: Final[tuple[Any, ...]] = (date, UUID, Count, Count, UUID)


def cycles(scope: Scope, asked: CycleQuery, today: date) -> List:
    """Those that close first come first."""
    where = Where()
    now = where.value(today)
    where.conditions += [f"{now}::date is not null", scope.own("k", where.value(scope.place))]
    _narrow_cycles(where, asked, now)
    if asked.after:
        place = [where.value(one) for one in place_of(asked.after, *_CYCLE_KINDS)]
        names = ", ".join(f"k.{name}" for name in _CYCLE_ORDER)
        where.conditions.append(f"({names}) > ({', '.join(place)})")
    sql = _CYCLES.format(state=STATE_OF_CYCLE.format(today=now), where=where.sql, limit=asked.limit + 1)
    return List(sql, where.parameters, _CYCLE_ORDER, asked.limit)


def _narrow_cycles(where: Where, asked: CycleQuery, today: str) -> None:
    where.add("k.closes >= {}", asked.first_day)
    where.add("k.closes <= {}", asked.last_day)
    where.add("k.plan_id = {}", asked.plan_id)
    where.add("k.operator_id = {}", asked.operator_id)
    where.add("k.enterprise_id = {}", asked.enterprise_id)
    where.add("k.point_id = {}", asked.point_id)
    where.add("k.district = {}", asked.district)
    if asked.state:
        where.conditions.append(_CYCLE_STATES[asked.state].format(today=today))


_CONTRACTS: Final = """
    select k.*, (select count(*) from work.plan p where p.contract_id = k.id) as plans
      from work.contract k where {where} order by k.submitted desc, k.id desc limit {limit}
"""


def contracts(scope: Scope, asked: ContractQuery) -> List:
    """Newest first."""
    where = Where()
    where.conditions.append(scope.own("k", where.value(scope.place)))
    where.add("k.enterprise_id = {}", asked.enterprise_id)
    where.add("k.operator_id = {}", asked.operator_id)
    where.add("k.state = {}", asked.state)
    _after_moment(where, "k.submitted", asked.after)
    sql = _CONTRACTS.format(where=where.sql, limit=asked.limit + 1)
    return List(sql, where.parameters, ("submitted", "id"), asked.limit)


_PLANS: Final = """
    select k.* from work.plan k where {where} order by k.published desc, k.id desc limit {limit}
"""


def plans(scope: Scope, asked: PlanQuery) -> List:
    """Newest first."""
    where = Where()
    where.conditions.append(scope.own("k", where.value(scope.place)))
    where.add("k.contract_id = {}", asked.contract_id)
    where.add("k.enterprise_id = {}", asked.enterprise_id)
    where.add("k.operator_id = {}", asked.operator_id)
    _after_moment(where, "k.published", asked.after)
    sql = _PLANS.format(where=where.sql, limit=asked.limit + 1)
    return List(sql, where.parameters, ("published", "id"), asked.limit)


def _after_moment(where: Where, column: str, after: str | None) -> None:
    if after:
        moment, last = place_of(after, Moment, UUID)
        where.conditions.append(f"({column}, k.id) < ({where.value(moment)}, {where.value(last)})")
