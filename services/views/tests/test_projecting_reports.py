"""The rows of reports, however their facts are delivered, and who sees them by row security alone."""

from typing import Any

import asyncpg
import pytest
from qingyuan_events import Recorded
from qingyuan_events import reports as facts
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.following.testing import rows_after
from read_models import Model, model_after
from report_facts import BAD, ReportFacts, applied, document, grant, town
from sample_facts import ENTERPRISE
from views.reports.projection import Reports, create_script
from working_day_facts import OPERATOR, RIVAL

pytestmark = pytest.mark.servers
TABLES = (
    "report", "report_point", "report_exemption", "report_draft", "report_round", "report_verdict", "report_factor", "report_rule", "report_step", "exemption",
)  # fmt: skip


def told() -> list[Recorded[Any]]:
    sample = town()
    back = ReportFacts(sample, "back", document(BAD)).hands_in()
    back.is_returned()
    back.changes(document(number="LC-2"))
    back.submits("已修改")
    back.is_checked()
    back.is_reevaluated(applied(grant(sample, "told of", "W-M3"), "W-M3"))
    back.is_accepted()
    newer = ReportFacts(sample, "newer", document(number="LC-3"), replaces=back.id).hands_in()
    newer.is_accepted(replaces=back.id)
    back.add(facts.ReportSuperseded, superseded_by=newer.id)
    draft = ReportFacts(sample, "draft", document(day="2026-11-07"))
    draft.attaches()
    draft.add(facts.ReportOriginalRemoved, original_id=back.id, reason="无此份", by=back.id)
    given = grant(sample, "given", "W-COD-1")
    ended = facts.ExemptionEnded(
        exemption_id=given, enterprise_id=ENTERPRISE, district="310118", last_day="2026-11-20", reason="恢复生产", by=back.id
    )  # fmt: skip
    sample.add(f"exemption-{given}", ended)
    return [one for one in sample.recorded if one.fact.topic == Reports.topic]


@pytest.mark.parametrize("table", TABLES)
async def test_rows_do_not_depend_on_how_facts_are_delivered(
    postgres_server: DatabaseServer, table: str
) -> None:
    dsn = await postgres_server.fresh("views")
    rows = await rows_after(
        dsn, Reports(), create_script(), told(), f"select t::text from {table} t order by 1"
    )
    assert rows


async def test_a_resubmission_has_a_round_of_its_own_and_counts_alone(
    postgres_server: DatabaseServer,
) -> None:
    dsn = await postgres_server.fresh("views")
    sql = """
        select r.state, r.round, r.number, r.result, (select count(*) from report_round o where o.report_id = r.id),
               (select count(*) from report_verdict v where v.report_id = r.id),
               (select count(*) from report_rule u where u.report_id = r.id and u.outcome = 'fail' and u.rule = 'W-M3'),
               (select review->>'what' from report_round o where o.report_id = r.id and o.round = 1)
          from report r where r.round = 2
    """
    assert await rows_after(dsn, Reports(), create_script(), told(), sql) == [
        ("superseded", 2, "LC-2", "pass", 2, 3, 0, "returned")
    ]


async def seen(model: Model, sees: str, place: str) -> dict[str, set[str]]:
    """The rows of each table that show for a reader who forgets every condition, by state of their report."""
    found: dict[str, set[str]] = {}
    async with model.reader.acquire() as connection, connection.transaction():
        await connection.execute(
            "select set_config('qingyuan.sees', $1, true), set_config('qingyuan.place', $2, true)",
            sees,
            place,
        )
        for table in TABLES:
            rows = await connection.fetch(f"select * from reports.{table}")
            found[table] = {str(row[0]) for row in rows}
    return found


async def test_row_security_alone_keeps_drafts_and_other_operators_apart(
    postgres_server: DatabaseServer,
) -> None:
    model = await model_after(postgres_server, told())
    nothing: dict[str, set[str]] = {table: set() for table in TABLES}
    own = await seen(model, "operator", str(OPERATOR))
    assert len(own["report"]) == 3
    assert len(own["report_draft"]) == 3
    assert await seen(model, "operator", str(RIVAL)) == nothing
    assert await seen(model, "district", "310113") == nothing
    assert await seen(model, "", "") == nothing
    for sees, place in (("enterprise", str(ENTERPRISE)), ("district", "310118")):
        others = await seen(model, sees, place)
        assert len(others["report"]) == len(others["report_point"]) == len(others["report_step"]) == 2
        assert (others["report_draft"], len(others["exemption"])) == (set(), 2)
    await model.close()


async def test_digests_tell_two_builds_apart(postgres_server: DatabaseServer) -> None:
    whole = told()
    model = await model_after(postgres_server, whole)
    streams = sorted({one.stream for one in whole})
    async with model.writers["reports"].acquire() as connection:
        before = await Reports().digests(connection, streams)
        assert sorted(before) == streams
        for table in TABLES:
            await _must_differ(connection, table, before, streams)
    await model.close()


async def _must_differ(
    connection: asyncpg.Connection, table: str, before: dict[str, str], streams: list[str]
) -> None:
    """Whatever a row loses shows in a digest."""
    column = {"report_draft": "points = '{}'", "report_round": "number = 'x'", "exemption": "rule = 'x'"}
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(f"update {table} set {column.get(table, 'district = $$x$$')}")
    assert await Reports().digests(connection, streams) != before, table
    await transaction.rollback()
