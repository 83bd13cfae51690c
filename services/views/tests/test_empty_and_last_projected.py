"""On real PostgreSQL: an empty sheet fulfils no cycle, and the phone gets its day's instruments, and the last comparison of each factor."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from qingyuan_events import Actor
from qingyuan_events.registry import InstrumentRegistered, InstrumentVoided
from qingyuan_local.testing import DatabaseServer
from read_models import Model, model_after
from sample_facts import ALL, IDS, NEW, OLD, POINT, SINCE, analyser
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


async def test_the_phone_is_offered_the_instruments_of_its_day(postgres_server: DatabaseServer) -> None:
    """NEW takes the place of OLD on a day that may be announced before: until then OLD is there, and NEW is not."""
    voided, sample = UUID(int=91), working_day()
    mistake = InstrumentRegistered(**IDS | {"instrument_id": voided}, particulars=analyser, valid_from=SINCE)
    sample.add(f"instrument-{voided}", mistake)
    void = InstrumentVoided(**IDS | {"instrument_id": voided}, reason="录错")
    sample.add(f"instrument-{voided}", void)
    model = await model_after(postgres_server, sample.recorded)
    offered = {
        day: [instrument["id"] for instrument in (await _place_told(model, day))["instruments"]]
        for day in (date(2026, 6, 30), date(2026, 7, 1), DAY)
    }
    assert list(offered.values()) == [[str(OLD)], [str(NEW)], [str(NEW)]]
    await model.close()


async def _days_told(model: Model, day: date) -> dict[str, str]:
    point = await _place_told(model, day)
    assert point["contract_id"] == str(CONTRACT)
    return {factor: values["compared_on"] for factor, values in point["last_of_factor"]["comparison"].items()}


async def _place_told(model: Model, day: date) -> dict[str, Any]:
    actor = Actor(account=TECHNICIAN, kind="operator", organisation=OPERATOR)
    async with WorkQueries(model.reader).scoped(scope_of(actor)) as connection:
        told = await today.answer(connection, actor, day)
    (point,) = [point for point in told["points"] if point["point"]["id"] == str(POINT)]
    return point
