"""A sheet that names an instrument which does not fit it, or was not at the point that day, is noticed and stays as it is."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pydantic import JsonValue
from qingyuan_events.registry import InstrumentRegistered
from qingyuan_local.testing import DatabaseServer
from read_models import model_after
from sample_facts import ALL, IDS, NEW, NOW, OLD, SINCE, SampleFacts, analyser
from views.shared.names import Names
from views.work import answers, sheet_instruments, sheet_times
from views.work.queries import WorkQueries
from views.work.visits import Detail
from working_day import working_day
from working_day_facts import DAY, VisitFacts, sheet

FLOW, UNKNOWN, COMING = UUID(int=71), UUID(int=404), UUID(int=72)
CHECK: Mapping[str, JsonValue] = {"checks": [{"factor": "COD", "standard": "50", "measured": "49"}]}
TITLE = "标样核查及校准结果记录表"


def about(*instruments: UUID) -> Any:
    changes = {"form": "standard_check", "values": dict(CHECK), "instruments": instruments}
    return sheet("check", "standard_check").model_copy(update=changes)


@pytest.mark.servers
async def test_a_retired_a_coming_and_an_unfitting_instrument_are_noticed(
    postgres_server: DatabaseServer,
) -> None:
    sample = working_day()
    flow = analyser.model_copy(update={"factor": "w00000", "model": "FM-1", "serial_number": "F7"})
    for instrument, particulars, since in ((FLOW, flow, SINCE), (COMING, analyser, date(2026, 12, 1))):
        ids = IDS | {"instrument_id": instrument}
        fact = InstrumentRegistered(**ids, particulars=particulars, valid_from=since)
        sample.add(f"instrument-{instrument}", fact)
    visit = VisitFacts(sample, "checked").whole(about(OLD, NEW, FLOW, UNKNOWN, COMING))
    model = await model_after(postgres_server, sample.recorded)
    found = await WorkQueries(model.reader).visit(ALL, visit.id)
    await model.close()
    assert found is not None
    assert [(each["field"], each["rule"], each["sentence"]) for each in answers.visit(found)["findings"]] == [
        (
            "instruments.0",
            "INSTRUMENT-IN-USE",
            "所选仪器“COD分析仪 CODmax 编号=1+1”按登记在运维当日不在该测点使用，请核对。",
        ),
        (
            "instruments.2",
            "INSTRUMENT-OF-FORM",
            "所选仪器“流量计 FM-1 编号F7”不是本表适用的仪器，请核对是否选错仪器或表单。",
        ),
        (
            "instruments.4",
            "INSTRUMENT-IN-USE",
            "所选仪器“COD分析仪 CODmax 编号=1+1”按登记在运维当日不在该测点使用，请核对。",
        ),
    ]
    assert {each["title"] for each in answers.visit(found)["findings"]} == {TITLE}


def test_where_the_point_has_no_fitting_instrument_any_will_do_as_on_the_phone() -> None:
    particulars = {
        "name": None,
        "kind": "wastewater_analyser",
        "factor": "w00000",
        "model": "FM-1",
        "serial_number": "F7",
    }
    names = Names({(FLOW, DAY): particulars}, {})
    used = [{"id": FLOW, "kind": "wastewater_analyser", "factor": "w00000"}]
    assert list(sheet_instruments.findings([about(FLOW)], names, DAY, used)) == []


def test_of_a_back_fill_the_day_of_the_arrival_counts() -> None:
    earlier = VisitFacts(SampleFacts(), "late", day=DAY)
    earlier.backfills()
    assert earlier.backfill is not None
    detail = Detail(first_said=NOW, first_by=UUID(int=9), backfill=earlier.backfill)
    assert sheet_times.work_day(detail, date(2026, 11, 30)) == DAY
    unknown = detail.model_copy(update={"backfill": None})
    assert sheet_times.work_day(unknown, date(2026, 11, 30)) == date(2026, 11, 30)
