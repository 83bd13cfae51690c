"""The SELECTs behind the lists of the working day: filter, scope and place in the list as SQL. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.domain.bounds import Moment

from views.shared.pages import List
from views.shared.scope import Scope
from views.shared.where import Count, Where, place_of

IMPLAUSIBLE_TRAVEL: Final = "implausible_travel"


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """What a list of visits is narrowed to; absent means: not narrowed. Days are included at both ends."""

    first_day: date | None = None
    last_day: date | None = None
    operator_id: UUID | None = None
    enterprise_id: UUID | None = None
    point_id: UUID | None = None
    district: str | None = None
    state: str | None = None
    mark: str | None = None
    backfilled: bool | None = None
    confirmation: str | None = None


@dataclass(frozen=True, slots=True)
class CycleFilter:
    """A cycle belongs to the day on which it closes, so each is counted in one period and only one."""

    first_day: date | None = None
    last_day: date | None = None
    plan_id: UUID | None = None
    operator_id: UUID | None = None
    enterprise_id: UUID | None = None
    point_id: UUID | None = None
    district: str | None = None
    state: str | None = None


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


def visits(scope: Scope, wanted: VisitFilter, limit: int, after: str | None = None) -> List:
    """Newest first."""
    where = Where()
    where.conditions.append(scope.own("v", where.value(scope.place)))
    _narrow_visits(where, wanted)
    if after:
        day, last = place_of(after, date, UUID)
        where.conditions.append(f"(v.day, v.id) < ({where.value(day)}, {where.value(last)})")
    sql = _VISITS.format(where=where.sql, limit=limit + 1)
    return List(sql, where.parameters, ("day", "id"), limit)


def _narrow_visits(where: Where, wanted: VisitFilter) -> None:
    where.add("v.day >= {}", wanted.first_day)
    where.add("v.day <= {}", wanted.last_day)
    where.add("v.operator_id = {}", wanted.operator_id)
    where.add("v.enterprise_id = {}", wanted.enterprise_id)
    where.add("v.point_id = {}", wanted.point_id)
    where.add("v.district = {}", wanted.district)
    where.add("v.state = {}", wanted.state)
    where.add("v.backfilled = {}", wanted.backfilled)
    if wanted.mark == IMPLAUSIBLE_TRAVEL:
        where.conditions.append("v.implausible")
    else:
        where.add("{} = any (v.marks)", wanted.mark)
    if wanted.confirmation in _CONFIRMED:
        where.conditions.append(_CONFIRMED[wanted.confirmation])
    else:
        where.add("c.state = {}", wanted.confirmation)


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


def cycles(scope: Scope, wanted: CycleFilter, today: date, limit: int, after: str | None = None) -> List:
    """Those that close first come first."""
    where = Where()
    now = where.value(today)
    where.conditions += [f"{now}::date is not null", scope.own("k", where.value(scope.place))]
    _narrow_cycles(where, wanted, now)
    if after:
        place = [where.value(one) for one in place_of(after, *_CYCLE_KINDS)]
        names = ", ".join(f"k.{name}" for name in _CYCLE_ORDER)
        where.conditions.append(f"({names}) > ({', '.join(place)})")
    sql = _CYCLES.format(state=STATE_OF_CYCLE.format(today=now), where=where.sql, limit=limit + 1)
    return List(sql, where.parameters, _CYCLE_ORDER, limit)


def _narrow_cycles(where: Where, wanted: CycleFilter, today: str) -> None:
    where.add("k.closes >= {}", wanted.first_day)
    where.add("k.closes <= {}", wanted.last_day)
    where.add("k.plan_id = {}", wanted.plan_id)
    where.add("k.operator_id = {}", wanted.operator_id)
    where.add("k.enterprise_id = {}", wanted.enterprise_id)
    where.add("k.point_id = {}", wanted.point_id)
    where.add("k.district = {}", wanted.district)
    if wanted.state:
        where.conditions.append(_CYCLE_STATES[wanted.state].format(today=today))


_CONTRACTS: Final = """
    select k.*, (select count(*) from work.plan p where p.contract_id = k.id) as plans
      from work.contract k where {where} order by k.submitted desc, k.id desc limit {limit}
"""


def contracts(
    scope: Scope,
    *,
    enterprise_id: UUID | None = None,
    operator_id: UUID | None = None,
    state: str | None = None,
    limit: int,
    after: str | None = None,
) -> List:
    """Newest first."""
    where = Where()
    where.conditions.append(scope.own("k", where.value(scope.place)))
    where.add("k.enterprise_id = {}", enterprise_id)
    where.add("k.operator_id = {}", operator_id)
    where.add("k.state = {}", state)
    _after_moment(where, "k.submitted", after)
    sql = _CONTRACTS.format(where=where.sql, limit=limit + 1)
    return List(sql, where.parameters, ("submitted", "id"), limit)


_PLANS: Final = """
    select k.* from work.plan k where {where} order by k.published desc, k.id desc limit {limit}
"""


def plans(
    scope: Scope,
    *,
    contract_id: UUID | None = None,
    enterprise_id: UUID | None = None,
    operator_id: UUID | None = None,
    limit: int,
    after: str | None = None,
) -> List:
    """Newest first."""
    where = Where()
    where.conditions.append(scope.own("k", where.value(scope.place)))
    where.add("k.contract_id = {}", contract_id)
    where.add("k.enterprise_id = {}", enterprise_id)
    where.add("k.operator_id = {}", operator_id)
    _after_moment(where, "k.published", after)
    sql = _PLANS.format(where=where.sql, limit=limit + 1)
    return List(sql, where.parameters, ("published", "id"), limit)


def _after_moment(where: Where, column: str, after: str | None) -> None:
    if after:
        moment, last = place_of(after, Moment, UUID)
        where.conditions.append(f"({column}, k.id) < ({where.value(moment)}, {where.value(last)})")
