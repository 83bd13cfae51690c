"""Which visit did the work of which cycle. Worked out anew for whatever a fact touched, so order does not matter.

A cycle is done by the earliest day of a complete visit of the plan's operator at the point, in the window, whose
standing sheets contain the content. What a visit says it was meant for is a hint for people and proves nothing.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection


async def settle(
    connection: Connection, plans: Sequence[UUID], days: Sequence[tuple[UUID, date]]
) -> set[tuple[UUID, date]]:
    """Settle the cycles of `plans`, and those of points whose window holds a day on which something changed.

    Answers with enterprise and closing day of every cycle that changed.
    """
    changed: list[Any] = []
    if plans:
        changed += await connection.fetch(_SETTLE_PLANS, list(plans))
    if days:
        points, dates = zip(*days, strict=True)
        changed += await connection.fetch(_SETTLE_DAYS, list(points), list(dates))
    return {(row["enterprise_id"], row["closes"]) for row in changed}


def _settling(touched: str) -> str:
    """The statement for those cycles `c` that a condition touches."""
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
           where {touched}
      ) found
     where (c.plan_id, c.item, c.number, c.point_id)
         = (found.plan_id, found.item, found.number, found.point_id)
       and (c.visit_id, c.done_on) is distinct from (found.visit_id, found.day)
    returning c.enterprise_id, c.closes
"""


_SETTLE_PLANS: Final = _settling("c.plan_id = any($1)")
_SETTLE_DAYS: Final = _settling(
    "exists (select from unnest($1::uuid[], $2::date[]) as t(point_id, day)"
    " where t.point_id = c.point_id and t.day between c.opens and c.closes)"
    " and c.point_id = any($1)"
)
