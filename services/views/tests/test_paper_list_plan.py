"""The list of papers that end is read and counted by its indexes, and names the operators of its page alone."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from explained import lookups, nodes_of, of_table, rows_read
from qingyuan_local.testing import DatabaseServer
from read_models import Model, make_model
from sample_facts import ALL
from views.filings import lists
from views.filings.queries import FilingQueries
from views.filings.query_models import PaperQuery
from views.shared.scope import Scope

pytestmark = pytest.mark.servers
TODAY = date(2026, 11, 30)
OPERATORS, EACH, PERIOD = 40, 500, 365
OWN = "md5('operator1')::uuid"
_FILINGS = """
    insert into filing (operator_id, version, name, state, number, moved_at, returned, late, standing, detail)
    select md5('operator' || o)::uuid, 1, '上海第' || o || '运维有限公司', 'filed', 1, now(), 0, false, 'active', '{}'
      from generate_series(1, $1::integer) o
"""
_PAPERS = """
    insert into paper (paper_id, resource_id, operator_id, resource_kind, kind, title, valid_to, revoked_from)
    select gen_random_uuid(), gen_random_uuid(), md5('operator' || o)::uuid, 'device', 'calibration', '分析仪',
           date '2026-11-30' + (o * $2 + n) * 7 % $3 - 30, case when n = 7 then date '2026-11-01' end
      from generate_series(1, $1::integer) o, generate_series(1, $2::integer) n
"""
_WITHOUT_END = f"""
    insert into paper (paper_id, resource_id, operator_id, resource_kind, kind, title, revoked_from)
    values (gen_random_uuid(), gen_random_uuid(), {OWN}, 'device', 'calibration', '分析仪', '2026-11-01')
"""


@pytest.fixture(scope="module")
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    made = await make_model(postgres_server)
    writer = made.writers["filings"]
    await writer.execute(_FILINGS, OPERATORS)
    await writer.execute(_PAPERS, OPERATORS, EACH, PERIOD)
    await writer.execute(_WITHOUT_END)
    await writer.execute("analyze filing, paper")
    yield made
    await made.close()


async def own(model: Model) -> Scope:
    return Scope("operator", str(await model.writers["filings"].fetchval(f"select {OWN}")))


async def test_the_operators_of_the_page_alone_are_looked_up(model: Model) -> None:
    listed = lists.papers(ALL, PaperQuery(page=1, limit=50), TODAY)
    nodes = await nodes_of(model, "filings", ALL, listed.statement)
    assert 0 < lookups(nodes, "filing") <= 51
    assert 50 < rows_read(nodes, "paper") < OPERATORS * EACH / 3


async def test_an_operators_papers_are_counted_without_those_of_others(model: Model) -> None:
    scope = await own(model)
    listed = lists.papers(scope, PaperQuery(page=1), TODAY)
    nodes = await nodes_of(model, "filings", scope, listed.count())
    assert 0 < rows_read(nodes, "paper") <= EACH + 1


async def test_a_citys_papers_are_counted_by_index(model: Model) -> None:
    nodes = await nodes_of(model, "filings", ALL, lists.papers(ALL, PaperQuery(page=1), TODAY).count())
    assert {node["Node Type"] for node in of_table(nodes, "paper")} <= {"Bitmap Heap Scan", "Index Scan"}
    assert rows_read(nodes, "paper") < OPERATORS * EACH / 3


async def test_as_many_are_counted_as_the_pages_show(model: Model) -> None:
    """A revoked paper without a last day has no place in their order."""
    scope, queries = await own(model), FilingQueries(model.reader)
    found = [await queries.papers(scope, PaperQuery(page=number, limit=50), TODAY) for number in range(1, 5)]
    pages = [with_leases.page for with_leases in found]
    shown = [row for page in pages for row in page.rows]
    assert pages[0].count == len(shown) > 100
    assert {row["operator_name"] for row in shown} == {"上海第1运维有限公司"}
    assert any(row["revoked_from"] and row["valid_to"] > date(2027, 1, 29) for row in shown)
