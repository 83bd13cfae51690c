"""The queue, the reports of a point and the exemptions are read by their indexes, also under row security."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest
from explained import nodes_of, rows_read
from qingyuan_local.testing import DatabaseServer
from read_models import Model, make_model
from sample_facts import ALL
from views.reports import lists
from views.reports.query_models import ExemptionQuery, ReportQuery
from views.shared.scope import Scope

pytestmark = pytest.mark.servers
REPORTS, POINTS, EXEMPTIONS = 20_000, 1_000, 40
DISTRICT = Scope("district", "310107")
_REPORTS = """
    insert into report (id, version, enterprise_id, operator_id, district, handed_in, state, round, points, factors, result, urgency,
        failing, findings, warnings, notes, listed_at, changed_at, changed_since)
    select md5('report' || n)::uuid, 6, md5('enterprise' || n % 500)::uuid, md5('operator' || n % 40)::uuid,
           (310100 + n % 500 % 16)::text, true, case when n % 100 = 7 then 'checked' else 'accepted' end, 1,
           array[md5('point' || n % $2)::uuid], '{w01018}', 'fail', 1 + n % 7, '{}', '{}', 0, 0,
           timestamptz '2026-01-01' + n * interval '20 min', now(), false
      from generate_series(1, $1::integer) n
"""
_POINTS = """
    insert into report_point (report_id, point_id, enterprise_id, operator_id, district, handed_in)
    select id, points[1], enterprise_id, operator_id, district, handed_in from report
"""
_EXEMPTIONS = """
    insert into exemption (id, version, enterprise_id, district, rule, first_day, last_day, reason_code, text, granted_at, granted_by)
    select md5('exemption' || n)::uuid, 1, md5('enterprise' || n)::uuid, '310105', 'W-M3', '2026-01-01', '2026-12-31', 'process', '停产',
           now(), md5('reviewer')::uuid
      from generate_series(1, $1::integer) n
"""
_APPLIED = """
    insert into report_exemption (report_id, exemption_id, enterprise_id, operator_id, district)
    select r.id, e.id, r.enterprise_id, r.operator_id, r.district
      from report r join exemption e using (enterprise_id)
"""


@pytest.fixture(scope="module")
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    made = await make_model(postgres_server)
    writer = made.writers["reports"]
    await writer.execute(_REPORTS, REPORTS, POINTS)
    await writer.execute(_POINTS)
    await writer.execute(_EXEMPTIONS, EXEMPTIONS)
    await writer.execute(_APPLIED)
    await writer.execute("analyze report, report_point, exemption, report_exemption")
    yield made
    await made.close()


@pytest.mark.parametrize("scope", [ALL, DISTRICT], ids=lambda scope: scope.sees)
async def test_the_queue_reads_what_waits_and_no_more(model: Model, scope: Scope) -> None:
    asked = ReportQuery(state="waiting", order="queue")
    nodes = await nodes_of(model, "reports", scope, lists.reports(scope, asked).statement)
    assert 0 < rows_read(nodes, "report") <= REPORTS / 100


@pytest.mark.parametrize("scope", [ALL, DISTRICT], ids=lambda scope: scope.sees)
async def test_reports_of_a_point_are_found_by_it(model: Model, scope: Scope) -> None:
    point: UUID = await model.writers["reports"].fetchval(
        "select points[1] from report where district = $1 limit 1", DISTRICT.place
    )
    nodes = await nodes_of(
        model, "reports", scope, lists.reports(scope, ReportQuery(point_id=point)).statement
    )
    assert 0 < rows_read(nodes, "report") <= 10 * REPORTS / POINTS


async def test_applications_of_exemptions_are_counted_by_index(model: Model) -> None:
    listed = lists.exemptions(ALL, ExemptionQuery(), date(2026, 11, 30))
    nodes = await nodes_of(model, "reports", ALL, listed.statement)
    applied = await model.writers["reports"].fetchval("select count(*) from report_exemption")
    assert 0 < rows_read(nodes, "report_exemption") <= applied
    assert rows_read(nodes, "report") == 0
