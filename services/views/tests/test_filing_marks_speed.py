"""A city's month of visits is searched for what filings say against them without reading all papers for every visit."""

import time

import pytest
from qingyuan_local.testing import DatabaseServer
from read_models import Model, make_model
from reliance_facts import work_and_filing
from sample_facts import ALL
from views.work.queries import WorkQueries
from views.work.query_models import VisitQuery
from working_day_facts import OPERATOR

pytestmark = pytest.mark.servers
VISITS, PEOPLE, SECONDS_MAX = 20_000, 900, 2
ACCOUNT = "lpad(to_hex(1000 + n % 900), 32, '0')::uuid"
_VISITS = f"""
    insert into visit (id, version, enterprise_id, operator_id, district, outlet_id, point_id, state, day, worked_on, by,
        people, contents, sheets, photos, marks, backfilled, obstructed, conflict)
    select gen_random_uuid(), 1, gen_random_uuid(), $1, '310118', gen_random_uuid(), gen_random_uuid(), 'complete',
           date '2026-11-06' + n % 20, date '2026-11-06' + n % 20, {ACCOUNT}, array[{ACCOUNT}], '{{patrol}}', 1, 0, '{{}}',
           false, false, false
      from generate_series(1, $2::integer) n
"""
_PERSON = f"""
    insert into filed_person select gen_random_uuid(), $1, {ACCOUNT}, 'infinity' from generate_series(1, $2::integer) n
"""
_PAPER = f"""
    insert into filed_paper (paper_id, resource_id, operator_id, resource_kind, account_id, title, kind, valid_to,
        stated_first, stated_last)
    select gen_random_uuid(), gen_random_uuid(), $1, 'person', {ACCOUNT}, '运维', 'competence_certificate',
           case when n = 1 then date '2026-11-01' end, '-infinity', 'infinity'
      from generate_series(1, $2::integer) n
"""


async def fill(model: Model) -> None:
    await model.apply(work_and_filing()[0].recorded)
    await model.writers["work"].execute(_VISITS, OPERATOR, VISITS)
    for statement in (_PERSON, _PAPER):
        await model.writers["filings"].execute(statement, OPERATOR, PEOPLE)
    for name, tables in (("work", "visit"), ("filings", "filed_person, filed_paper, standing")):
        await model.writers[name].execute(f"analyze {tables}")


async def test_a_month_of_visits_is_searched_in_time(postgres_server: DatabaseServer) -> None:
    model = await make_model(postgres_server)
    await fill(model)
    queries = WorkQueries(model.reader)
    begun = time.perf_counter()
    found = await queries.visits(ALL, VisitQuery(mark="certificate_missing", page=1))
    seconds = time.perf_counter() - begun
    await model.close()
    assert 0 < (found.count or 0) < 50
    assert seconds < SECONDS_MAX
