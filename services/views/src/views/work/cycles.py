"""Which visit fulfilled which cycle. Computed again for all cycles that a fact may affect, so facts may come in any order.

A cycle is fulfilled by the earliest complete visit of the plan's operator at the point, within the window, of which a
current sheet has the content. The cycles for which a visit was opened are only a hint for people and have no effect here.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection


async def assign_visits(
    connection: Connection, plans: Sequence[UUID], days: Sequence[tuple[UUID, date]]
) -> set[tuple[UUID, date]]:
    """Assign visits to the cycles of `plans`, and to those cycles of a point whose window contains one of `days`.

    Returns enterprise and closing day of each cycle that changed.
    """
    changed: list[Any] = []
    if plans:
        changed += await connection.fetch(_ASSIGN_BY_PLAN, list(plans))
    if days:
        points, dates = zip(*days, strict=True)
        changed += await connection.fetch(_ASSIGN_BY_DAY, list(points), list(dates))
    return {(row["enterprise_id"], row["closes"]) for row in changed}


def _assigning(condition: str) -> str:
    """The statement for the cycles `c` that meet a condition."""
    return f"""
    update cycle c set visit_id = found.visit_id, done_on = found.day
      from (
          select c.plan_id, c.item, c.number, c.point_id, first.visit_id, first.day
            from cycle c
            left join lateral (
                select s.visit_id, s.day from sheet s
                 where s.counts and s.point_id = c.point_id and s.content = c.content
                   and s.operator_id = c.operator_id and s.day between c.opens and c.closes
                 order by s.day, s.visit_id limit 1
            ) first on true
           where {condition}
      ) found
     where (c.plan_id, c.item, c.number, c.point_id)
         = (found.plan_id, found.item, found.number, found.point_id)
       and (c.visit_id, c.done_on) is distinct from (found.visit_id, found.day)
    returning c.enterprise_id, c.closes
"""


_ASSIGN_BY_PLAN: Final = _assigning("c.plan_id = any($1)")
_ASSIGN_BY_DAY: Final = _assigning(
    "exists (select from unnest($1::uuid[], $2::date[]) as t(point_id, day)"
    " where t.point_id = c.point_id and t.day between c.opens and c.closes)"
    " and c.point_id = any($1)"
)
