"""Contracts in force that overlap with one: same enterprise, common days, and common points where points are agreed.

A contract that waits for its enterprise has no points yet, so all points of the other one are named. Row-level security
decides which contracts the asker sees: an operator never learns of another's.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection


async def overlapping(connection: Connection, contract_id: UUID) -> Sequence[Any]:
    """The other contracts, by their first day; `contents` is what plans of both have in windows with common days."""
    return await connection.fetch(_OVERLAPPING, contract_id)


_OVERLAPPING: Final = """
    with this as (
        select *, least(last_day, ended_on) as until from work.contract
         where id = $1 and state in ('submitted', 'confirmed', 'ended')
    ), other as (
        select o.id, o.operator_id, o.number, o.operator_name, o.first_day, least(o.last_day, o.ended_on) as last_day,
               case when this.state = 'submitted' then o.points
                    else array(select unnest(o.points) intersect select unnest(this.points)) end as points
          from this join work.contract o on o.enterprise_id = this.enterprise_id and o.id <> this.id
         where o.state in ('confirmed', 'ended')
           and o.first_day <= this.until and least(o.last_day, o.ended_on) >= this.first_day
    )
    select *, array(
               select distinct theirs.content
                 from work.plan other_plan
                 join work.cycle theirs on theirs.plan_id = other_plan.id and not theirs.stopped
                 join work.cycle mine on mine.point_id = theirs.point_id and mine.content = theirs.content
                      and not mine.stopped and mine.opens <= theirs.closes and mine.closes >= theirs.opens
                 join work.plan own_plan on own_plan.id = mine.plan_id and own_plan.contract_id = $1
                where other_plan.contract_id = other.id
                order by 1) as contents
      from other where cardinality(points) > 0
     order by first_day, number, id
"""
