"""A filter by technician reads an index, in the page and in its count: with many visits, none of the table's other rows."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from qingyuan_local.testing import DatabaseServer
from read_models import Model, make_model
from sample_facts import ALL
from views.shared.composed import Statement
from views.shared.scope import Scope
from views.work import lists
from views.work.queries import WorkQueries
from views.work.query_models import VisitQuery

pytestmark = pytest.mark.servers
VISITS, TECHNICIANS = 20_000, 400
ASKED = VisitQuery(technician_id=UUID(int=7), page=1)


@pytest.fixture(scope="module")
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    made = await make_model(postgres_server)
    await made.writers["work"].execute(_MANY, VISITS, TECHNICIANS)
    await made.writers["work"].execute("analyze visit")
    yield made
    await made.close()


_MANY = """
    insert into visit (id, version, enterprise_id, operator_id, district, outlet_id, point_id, state, day, worked_on, by,
        people, contents, sheets, photos, marks, backfilled, obstructed, conflict)
    select gen_random_uuid(), 1, gen_random_uuid(), gen_random_uuid(), '310118', gen_random_uuid(), gen_random_uuid(),
           'complete', date '2026-01-01' + n % 300, date '2026-01-01' + n % 300,
           lpad(to_hex(n % $2::integer), 32, '0')::uuid, '{}', '{patrol}', 1, 0, '{}',
           false, false, false
      from generate_series(1, $1::integer) n
"""


async def plan(model: Model, scope: Scope, statement: Statement) -> str:
    async with WorkQueries(model.reader).scoped(scope) as connection:
        rows = await connection.fetch(f"explain {statement.sql}", *statement.parameters)
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize("scope", [ALL, Scope("district", "310118")], ids=lambda scope: scope.sees)
async def test_visits_of_a_technician_are_found_by_an_index(model: Model, scope: Scope) -> None:
    listed = lists.visits(scope, ASKED)
    for statement in (listed.count(), listed.statement):
        text = await plan(model, scope, statement)
        assert "Seq Scan on visit" not in text, text
        assert "visit_of_technician" in text, text
