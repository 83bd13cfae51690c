"""What becomes impossible is judged once for each person and day, however many windows end on it.

How long it takes is for `make bench BENCH=filings` to say.
"""

from datetime import UTC, date, datetime

import pytest
from explained import lookups, nodes_of
from qingyuan_local.testing import DatabaseServer
from read_models import Model, make_model
from reliance_facts import revoke, work_and_filing
from sample_facts import ALL
from views.reliance.queries import RelianceQueries
from views.reliance.query_models import ImpossibleQuery
from views.reliance.windows import impossible_windows
from working_day_facts import OPERATOR

pytestmark = pytest.mark.servers
TODAY = date(2026, 11, 20)
PLANS, POINTS, ASSIGNEES = 252, 4, 6
WEEKS, ACCOUNTS, PAGE = 5, 200, 50

_PLANS = """
    insert into plan (id, version, enterprise_id, operator_id, district, contract_id, name, first_day, last_day,
        published, detail)
    select md5('plan' || n)::uuid, 1, gen_random_uuid(), $1, '310118', gen_random_uuid(), '计划', date '2026-01-01',
           date '2026-12-31', $2, json_build_object('crews', json_build_array(json_build_object('assignees',
               (select json_agg(json_build_object('account', lpad(to_hex(1000 + (n * 7 + a) % 200), 32, '0')::uuid))
                  from generate_series(1, $4::integer) a))), 'padding', repeat('窗口', 5000))
      from generate_series(1, $3::integer) n
"""
_CYCLES = """
    insert into cycle (plan_id, item, number, point_id, enterprise_id, operator_id, district, content, opens, closes,
        stopped)
    select md5('plan' || n)::uuid, 0, week, md5(n || ' ' || p)::uuid, gen_random_uuid(), $1, '310118', 'patrol',
           date '2026-01-05' + week * 7, date '2026-01-11' + week * 7, false
      from generate_series(1, $2::integer) n, generate_series(1, $3::integer) p, generate_series(45, 49) week
"""
_PEOPLE = """
    insert into filed_person select gen_random_uuid(), $1, lpad(to_hex(1000 + n), 32, '0')::uuid, 'infinity'
      from generate_series(0, 199) n
"""
_PAPERS = """
    insert into filed_paper (paper_id, resource_id, operator_id, resource_kind, account_id, title, kind, number,
        valid_from, valid_to, stated_first, stated_last)
    select gen_random_uuid(), gen_random_uuid(), $1, 'person', lpad(to_hex(1000 + n), 32, '0')::uuid, '运维',
           'competence_certificate', 'YW-' || n || '-' || k, '2020-01-01', date '2026-11-01' + n % 60, '2020-01-01',
           date '2026-11-01' + n % 60
      from generate_series(0, 199) n, generate_series(1, 4) k
"""


async def fill(model: Model) -> None:
    sample, filing = work_and_filing()
    revoke(filing)
    await model.apply(sample.recorded)
    work, filings = model.writers["work"], model.writers["filings"]
    await work.execute(_PLANS, OPERATOR, datetime(2026, 1, 1, tzinfo=UTC), PLANS, ASSIGNEES)
    await work.execute(_CYCLES, OPERATOR, PLANS, POINTS)
    for statement in (_PEOPLE, _PAPERS):
        await filings.execute(statement, OPERATOR)
    for pool, tables in ((work, "plan, cycle"), (filings, "filed_person, filed_paper")):
        await pool.execute(f"analyze {tables}")


async def test_people_are_looked_up_for_each_day_and_not_for_each_window(
    postgres_server: DatabaseServer,
) -> None:
    model = await make_model(postgres_server)
    await fill(model)
    found = await RelianceQueries(model.reader).impossible(ALL, OPERATOR, ImpossibleQuery(), TODAY)
    assert found
    assert found.totals["windows"] > PLANS * POINTS * WEEKS
    assert found.totals["impossible"] + found.totals["at_risk"] > 1_000
    assert len(found.rows) == PAGE
    statement = impossible_windows(ALL, OPERATOR, ImpossibleQuery(limit=PAGE), TODAY)
    plan = await nodes_of(model, "work", ALL, statement)
    days_of_people, lacking_on_page = WEEKS * (ACCOUNTS + 1) + 1, PAGE * ASSIGNEES
    for table in ("filed_paper", "filed_person"):
        assert 0 < lookups(plan, table) <= days_of_people + lacking_on_page
    assert lookups(plan, "plan") <= PLANS + 1
    await model.close()
