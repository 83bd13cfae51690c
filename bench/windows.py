"""Thousands of planned windows of one operator, put into the tables of `work` as its plans would."""

from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection

PLANS: Final = 252
POINTS: Final = 4
"""Of each plan."""
ASSIGNEES: Final = 6
WEEKS: Final = 5
"""Of which each has a window for every point; the last days of all lie within 30 days."""

_PLANS: Final = """
    insert into work.plan (id, version, enterprise_id, operator_id, district, contract_id, name, first_day, last_day,
        published, detail)
    select md5('plan' || n)::uuid, 1, gen_random_uuid(), $1, '310118', gen_random_uuid(), '计划', $3::date, $3::date + 365, $2,
           json_build_object('crews', json_build_array(json_build_object('assignees',
               (select json_agg(json_build_object('account', ($5::uuid[])[1 + (n * 7 + a) % cardinality($5::uuid[])]))
                  from generate_series(1, $6::integer) a))), 'padding', repeat('窗口', 5000))
      from generate_series(1, $4::integer) n
"""
_CYCLES: Final = """
    insert into work.cycle (plan_id, item, number, point_id, enterprise_id, operator_id, district, content, opens, closes,
        stopped)
    select md5('plan' || n)::uuid, 0, week, md5(n || ' ' || p)::uuid, gen_random_uuid(), $1, '310118', 'patrol',
           $2::date + week * 7 - 6, $2::date + week * 7, false
      from generate_series(1, $3::integer) n, generate_series(1, $4::integer) p, generate_series(0, $5::integer - 1) week
"""


async def plan_windows(connection: Connection, operator_id: UUID, accounts: list[UUID], today: date) -> int:
    """Returns how many. `accounts`: in turn the people of the plans."""
    published = datetime(today.year, 1, 1, tzinfo=UTC)
    await connection.execute(_PLANS, operator_id, published, today, PLANS, accounts, ASSIGNEES)
    await connection.execute(_CYCLES, operator_id, today, PLANS, POINTS, WEEKS)
    await connection.execute("analyze work.plan, work.cycle")
    return PLANS * POINTS * WEEKS
