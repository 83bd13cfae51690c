"""The regulator's board, the lists behind it and a technician's day, over a year of a city, under row-level security.

3,000 enterprises, 6,000 points, 20 operators, 300,000 visits with 1,500,000 sheets, 420,000 cycles. The rows are what
the projections write, made by SQL because folding 3 million facts takes longer than a bench may; the tallies are counted
by the projections' own statements, and the board is compared with a plain count of the rows before it is timed.
"""

import time
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Connection, Pool, open_pool
from qingyuan_runtime.following.rebuilding import ensure_live
from views.board.figures import CONFIRMATIONS, CYCLES, VISITS, count_again
from views.board.queries import BoardQueries
from views.board.query_models import BoardQuery
from views.models import MODELS
from views.shared.scope import Scope
from views.work import today
from views.work.queries import WorkQueries
from views.work.query_models import CycleQuery, VisitQuery

from bench.servers import Servers, percentiles, say

FIRST, TODAY = date(2025, 11, 25), date(2026, 11, 24)
ENTERPRISES, POINTS, ROUNDS, SHEETS = 3_000, 6_000, 50, 5
TIMES = 60

OWN = """
    md5('e' || p / 2)::uuid as enterprise_id, md5('o' || p % 20)::uuid as operator_id,
    (array['310101','310104','310105','310106','310107','310109','310110','310112',
           '310113','310114','310115','310116','310117','310118','310120','310151'])[(p / 2) % 16 + 1] as district
"""
REGISTER = f"""
    insert into register.entry
    select md5('e' || n)::uuid, 'enterprise', md5('e' || n)::uuid, null::uuid, null, null, 1, 'in_use', null::uuid, null::uuid,
           '上海第' || n || '化工有限公司', '', jsonb_build_object('name', '上海第' || n || '化工有限公司', 'address', '路'),
           now(), now() from generate_series(0, {ENTERPRISES - 1}) n
    union all
    select md5('p' || p)::uuid, 'monitoring_point', md5('e' || p / 2)::uuid, md5('p' || p)::uuid, 'wastewater', null, 1,
           'in_use', null, null, '总测点', '', '{{"name": "总测点", "code": "DW001", "medium": "wastewater"}}',
           now(), now() from generate_series(0, {POINTS - 1}) p;
    insert into register.district_of
    select distinct enterprise_id, district from (select {OWN} from generate_series(0, {POINTS - 1}) p) own
"""
CONTRACTS = f"""
    insert into work.contract (id, version, enterprise_id, operator_id, district, number, operator_name, enterprise_name,
        state, points, first_day, last_day, submitted, reminders, detail)
    select md5('c' || p)::uuid, 1, enterprise_id, operator_id, district, 'HT-' || p, '上海第' || p % 20 || '运维有限公司',
           '', 'confirmed', array[md5('p' || p)::uuid], '{FIRST}', '2026-12-31', now(), 0, '{{}}'
      from (select p, {OWN} from generate_series(0, {POINTS - 1}) p) own
"""
PLANS = f"""
    insert into work.plan
    select md5('l' || p)::uuid, 1, enterprise_id, operator_id, district, md5('c' || p)::uuid, '年度计划', '{FIRST}',
           '{TODAY}', null, now(), '{{"crews": [{{"assignees": [], "devices": []}}]}}'
      from (select p, {OWN} from generate_series(0, {POINTS - 1}) p) own
"""
CYCLES_OF_A_YEAR = f"""
    insert into work.cycle
    select md5('l' || p)::uuid, item, number, md5('p' || p)::uuid, enterprise_id, operator_id, district,
           (array['patrol','calibration','comparison'])[item + 1], closes - days + 1, closes, days, false,
           case when done then md5('v' || p || ' ' || number)::uuid end, case when done then closes end
      from (
          select p, item, number, days, date '{FIRST}' + number * days - 1 as closes, (p + number) % 10 > 0
                 and date '{FIRST}' + number * days - 1 < date '{TODAY}' as done, {OWN}
            from generate_series(0, {POINTS - 1}) p,
                 (values (0, 7, 52), (1, 30, 12), (2, 60, 6)) rule(item, days, count), generate_series(1, count) number
      ) c
"""
VISIT_OF = f"""
    select p, k, date '{FIRST}' + k * 7 + p % 7 as day, md5('v' || p || ' ' || k)::uuid as id, {OWN}
      from generate_series(0, {POINTS - 1}) p, generate_series(0, {ROUNDS - 1}) k
"""
VISITS_OF_A_YEAR = f"""
    insert into work.visit (id, version, enterprise_id, operator_id, district, outlet_id, point_id, state, day, worked_on, by,
        people, contents, sheets, photos, marks, backfilled, obstructed, conflict, sign_in_at, sign_out_at, distance_m)
    select id, 12, enterprise_id, operator_id, district, md5('p' || p)::uuid, md5('p' || p)::uuid,
           case when (p + k) % 200 = 0 then 'aborted' else 'complete' end, day, day, md5('t' || p % 1000)::uuid,
           array[md5('t' || p % 1000)::uuid],
           '{{patrol,calibration}}', {SHEETS}, 5,
           case when (p + k) % 25 = 0 then '{{outside_fence}}'::text[] when (p + k) % 30 = 0 then '{{received_late}}' else '{{}}' end,
           (p + k) % 40 = 0, false, false, day + time '09:00', day + time '11:00', 38.4
      from ({VISIT_OF}) v order by day
"""
SHEET_JSON = (
    '{"form": "patrol_wastewater", "values": {"patrolled_at": "2026-11-23T09:10", "flow_total": "120.5", "drain_clear": "正常",'
    ' "pump_draws": "正常", "analyser_alarm": "正常", "appearance": "正常", "data_sent": "正常", "data_collected": "正常"}}'
)
SHEETS_OF_A_YEAR = f"""
    insert into work.sheet
    select id, md5(id::text || s)::uuid, s + 2, enterprise_id, operator_id, district, md5('p' || p)::uuid,
           (array['patrol_wastewater','calibration','standard_check','repair','consumables'])[s + 1],
           (array['patrol','calibration','standard_check','repair','consumables'])[s + 1], day, (p + k) % 200 > 0, $1::json
      from ({VISIT_OF}) v, generate_series(0, {SHEETS - 1}) s
"""
CONFIRMATIONS_OF_A_YEAR = f"""
    insert into confirmations.confirmation (id, version, enterprise_id, operator_id, district, outlet_id, point_id,
        visit_id, visit_day, state, requested_at, due_at, content_sha256, signed_at, late, signed_content_sha256, disputed,
        escalated, originals_late, detail)
    select md5('s' || id)::uuid, 3, enterprise_id, operator_id, district, md5('p' || p)::uuid, md5('p' || p)::uuid, id, day,
           case when signed then 'signed' else 'lapsed' end, day + time '11:00', day + time '24:00', repeat('ab', 32),
           case when signed then day + time '15:00' end, case when signed then (p + k) % 33 = 0 end,
           case when signed then repeat('ab', 32) end, (p + k) % 77 = 0, (p + k) % 777 = 0, false, '{{"steps": [], "signatures": []}}'
      from (select *, (p + k) % 12 > 0 as signed from ({VISIT_OF}) all_of_them where (p + k) % 200 > 0) v order by day
"""


async def fill(owner: Connection) -> None:
    for statement in (
        REGISTER,
        CONTRACTS,
        PLANS,
        CYCLES_OF_A_YEAR,
        VISITS_OF_A_YEAR,
        CONFIRMATIONS_OF_A_YEAR,
    ):
        await owner.execute(statement)
    await owner.execute(SHEETS_OF_A_YEAR, SHEET_JSON)
    months = [date(y, m, 1) for y in (2025, 2026) for m in range(1, 13)]
    for counted in (VISITS, CYCLES, CONFIRMATIONS):
        await owner.execute(f"set search_path = {counted.rows.schema}")
        pairs = await owner.fetch(
            "select distinct enterprise_id, m from work.contract, unnest($1::date[]) m", months
        )
        await count_again(owner, counted, [(row[0], row[1]) for row in pairs])
    await owner.execute("reset search_path")
    await owner.execute("vacuum analyze")


async def run(servers: Servers) -> None:
    dsn = await servers.databases.fresh("board")
    owner = await asyncpg.connect(dsn)
    await owner.execute("create role looker login password 'x'")
    for model, made in MODELS.items():
        await ensure_live(dsn, model, made.script())
        await owner.execute(f"grant usage on schema {model} to looker")
        await owner.execute(f"grant select on all tables in schema {model} to looker")
    began = time.perf_counter()
    await fill(owner)
    say("board.fill", "SQL", seconds=round(time.perf_counter() - began))
    place = dsn.split("@")[1]
    pool = await open_pool(f"postgresql://looker:x@{place}", size=2, session={"search_path": "register"})
    await compare(owner, BoardQueries(pool))
    await ask_boards(BoardQueries(pool))
    await ask_lists(pool)
    await pool.close()
    await owner.close()


YEAR: dict[str, Any] = {"from": FIRST, "to": TODAY}
CITY, DISTRICT = Scope("all", ""), Scope("district", "310118")


async def compare(owner: Connection, board: BoardQueries) -> None:
    """The board over the year says what a plain count of the rows says."""
    totals = (await board.board(CITY, BoardQuery.model_validate(YEAR), TODAY)).totals
    counted = {
        "planned": f"from work.cycle where closes between '{FIRST}' and '{TODAY}'",
        "missed": f"from work.cycle where closes between '{FIRST}' and '{TODAY}' and visit_id is null and closes < '{TODAY}'",
        "visits": f"from work.visit where day between '{FIRST}' and '{TODAY}'",
        "unsigned": "from work.visit v left join confirmations.confirmation c on c.visit_id = v.id"
        f" where v.state = 'complete' and c.state is distinct from 'signed' and day between '{FIRST}' and '{TODAY}'",
        "disputed": f"from confirmations.confirmation where disputed and visit_day between '{FIRST}' and '{TODAY}'",
    }
    for figure, rows in counted.items():
        plain = await owner.fetchval(f"select count(*) {rows}")
        assert totals[figure] == plain, f"{figure}: {totals[figure]} is not {plain}"
    say("board.compared", "with a plain count of the rows", **{name: totals[name] for name in counted})


async def ask_boards(board: BoardQueries) -> None:
    own = Scope("operator", str(await operator_id(board)))
    cases = {
        "city regulator, by district": (CITY, "district"),
        "city regulator, by operator": (CITY, "operator"),
        "city regulator, by enterprise": (CITY, "enterprise"),
        "district regulator, by operator": (DISTRICT, "operator"),
        "district regulator, by enterprise": (DISTRICT, "enterprise"),
        "one operator, by enterprise": (own, "enterprise"),
    }
    for name, (scope, by) in cases.items():

        async def ask(scope: Scope = scope, by: str = by) -> None:
            await board.board(scope, BoardQuery.model_validate(YEAR | {"by": by}), TODAY)

        await timed(f"board: {name}", ask, over="a year")


async def operator_id(board: BoardQueries) -> UUID:
    found = await board.board(CITY, BoardQuery.model_validate(YEAR | {"by": "operator"}), TODAY)
    return UUID(found.rows[0]["key"])


async def ask_lists(pool: Pool) -> None:
    work, own = WorkQueries(pool), await operator_id(BoardQueries(pool))
    unsigned = VisitQuery.model_validate(YEAR | {"confirmation": "unsigned"})
    fenced_off = VisitQuery.model_validate(YEAR | {"mark": "outside_fence"})
    missed = CycleQuery.model_validate(YEAR | {"state": "missed"})
    actor = Actor(account=UUID(int=1), kind="operator", organisation=own)

    async def tasks_today() -> Any:
        async with work.scoped(Scope("operator", str(own))) as connection:
            return await today.answer(connection, actor, TODAY)

    for name, scope in (("city", CITY), ("district", DISTRICT), ("operator", Scope("operator", str(own)))):
        await timed(f"list: unsigned visits, {name}", lambda s=scope: work.visits(s, unsigned))
        await timed(f"list: outside the fence, {name}", lambda s=scope: work.visits(s, fenced_off))
        await timed(f"list: missed cycles, {name}", lambda s=scope: work.cycles(s, missed, TODAY))
    taken = await tasks_today()
    await timed("today's tasks of an operator", tasks_today, points=len(taken["points"]))


async def timed(name: str, ask: Callable[[], Awaitable[Any]], **more: Any) -> None:
    await ask()
    durations = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await ask()
        durations.append(time.perf_counter() - began)
    say(name, "one at a time, under row-level security", n=TIMES, **percentiles(durations), **more)
