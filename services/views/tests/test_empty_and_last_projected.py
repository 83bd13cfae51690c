"""On real PostgreSQL: an empty sheet fulfils no cycle, and the phone gets the last comparison of each factor."""

from datetime import date

import pytest
from qingyuan_events import Actor
from qingyuan_local.testing import DatabaseServer
from read_models import Model, model_after
from sample_facts import ALL, POINT
from views.shared.scope import scope_of
from views.work import answers, today
from views.work.queries import WorkQueries
from views.work.query_models import CycleQuery, VisitQuery
from working_day import working_day
from working_day_facts import CONTRACT, DAY, OPERATOR, PLAN, TECHNICIAN, VisitFacts, sheet

pytestmark = pytest.mark.servers


async def test_a_calibration_without_a_reading_fulfils_no_cycle_and_the_visit_is_found_by_its_mark(
    postgres_server: DatabaseServer,
) -> None:
    sample, day = working_day(), date(2026, 11, 18)
    blank = sheet("blank", "calibration", day=day).model_copy(
        update={"form": "calibration", "values": {"readings": [{"factor": "SO2", "range": "200"}]}}
    )
    visit = VisitFacts(sample, "blank", day=day).whole(blank)
    model = await model_after(postgres_server, sample.recorded)
    work = WorkQueries(model.reader)
    cycles = await work.cycles(ALL, CycleQuery(plan_id=PLAN, limit=100), DAY)
    rows = [answers.cycle_row(row, cycles.names, None) for row in cycles.rows]
    states = [row["state"] for row in rows if (row["content"], row["number"]) == ("calibration", 3)]
    assert states == ["missed"]
    marked = await work.visits(ALL, VisitQuery(mark="empty"))
    assert [row["id"] for row in marked.rows] == [visit.id]
    await model.close()


async def test_the_last_comparison_is_told_by_factor(postgres_server: DatabaseServer) -> None:
    sample = working_day()
    for number, (factor, day) in enumerate((("COD", 4), ("COD", 10), ("氨氮", 17))):
        on = date(2026, 11, day)
        values = {"factor": factor, "compared_on": str(on), "pairs": [{"online": "1", "lab_1": "1"}]}
        comparison = sheet(f"comparison {number}", "comparison", day=on).model_copy(
            update={"form": "comparison", "values": values}
        )
        VisitFacts(sample, f"comparison {number}", day=on).whole(comparison)
    model = await model_after(postgres_server, sample.recorded)
    assert await _days_told(model, DAY) == {"COD": "2026-11-10", "氨氮": "2026-11-17"}
    assert await _days_told(model, date(2026, 12, 20)) == {"COD": "2026-11-10", "氨氮": "2026-11-17"}
    await model.close()


async def _days_told(model: Model, day: date) -> dict[str, str]:
    actor = Actor(account=TECHNICIAN, kind="operator", organisation=OPERATOR)
    async with WorkQueries(model.reader).scoped(scope_of(actor)) as connection:
        told = await today.answer(connection, actor, day)
    (point,) = [point for point in told["points"] if point["point"]["id"] == str(POINT)]
    assert point["contract_id"] == str(CONTRACT)
    return {factor: values["compared_on"] for factor, values in point["last_of_factor"]["comparison"].items()}
