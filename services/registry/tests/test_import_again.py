"""Importing again: rows are compared with the register, nothing is registered twice, and what has ended stays ended."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from qingyuan_events.registry import InstrumentRegistered
from qingyuan_runtime.log.handling import append, handle, write_of
from qingyuan_runtime.log.store import CommandReused
from registry.domain.instruments.commands import ChangeOperator, CorrectInstrument, RetireInstrument
from registry.domain.instruments.decider import INSTRUMENT
from registry.domain.monitoring_points.decider import POINT as POINTS
from registry.importing import decoding
from registry.importing.repository import Upload
from registry_calls import asked_by
from samples import ENTERPRISE, OUTLET, POINT, TODAY, point_added, water_point
from test_import import ACTOR, Bench, bench
from workbooks import Reading, made, read, row, titles

__all__ = ["bench"]
pytestmark = pytest.mark.servers
FIRST = made(row(serial_number="N1"), row(), row())


@pytest.fixture(autouse=True)
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads in this process: the isolated process is tested elsewhere and is slow."""

    async def reading(content: bytes) -> Reading:
        return read(content)

    monkeypatch.setattr(decoding, "reading", reading)


async def imported(bench: Bench, content: bytes) -> dict[str, Any]:
    """Checks the import, and confirms it where that is possible."""
    import_id = await bench.add(content)
    await bench.work()
    if await bench.imports.confirm(import_id, ACTOR.account):
        await bench.work()
    return await bench.shown(import_id)


async def instrument_ids(bench: Bench) -> list[UUID]:
    rows = await bench.pool.fetch("select stream_id from streams where stream_id like 'instrument-%'")
    return [UUID(row["stream_id"].removeprefix("instrument-")) for row in rows]


async def with_serial(bench: Bench) -> tuple[UUID, InstrumentRegistered]:
    for key in await instrument_ids(bench):
        fact = (await bench.store.read(INSTRUMENT.stream(key)))[0].fact
        if isinstance(fact, InstrumentRegistered) and getattr(fact.particulars, "serial_number", None):
            return key, fact
    raise LookupError


async def test_the_same_workbook_twice_registers_nothing_twice(bench: Bench) -> None:
    first = await imported(bench, FIRST)
    assert (first["written"], first["summary"]["new"], first["summary"]["read"]) == (3, 3, 3)
    again = await imported(bench, FIRST)
    assert (again["state"], again["written"], await bench.instruments()) == ("done", 0, 3)
    assert [note["rule"] for note in again["notes"]] == ["register.unchanged"] * 3
    assert (again["summary"]["unchanged"], again["summary"]["new"]) == (3, 0)


async def test_the_same_workbook_again_names_the_earlier_import(bench: Bench) -> None:
    first = await imported(bench, FIRST)
    again = await imported(bench, FIRST)
    assert first["earlier"] is None
    earlier = again["earlier"]
    assert (earlier["id"], earlier["state"], earlier["own"]) == (first["id"], "done", True)
    assert (await imported(bench, made(row(serial_number="N9"))))["earlier"] is None


async def test_the_same_workbook_of_another_enterprise_is_not_named(bench: Bench) -> None:
    first = await bench.add(FIRST)
    await bench.pool.execute("update imports set enterprise_id = $1 where import_id = $2", uuid4(), first)
    again = await bench.add(FIRST)
    assert (await bench.shown(again))["earlier"] is None


async def test_a_third_one_of_two_alike_is_new_and_said_to_stand_beside_others(bench: Bench) -> None:
    await imported(bench, FIRST)
    more = await imported(bench, made(row(serial_number="N1"), row(), row(), row(), row(serial_number="N2")))
    assert (more["written"], await bench.instruments()) == (2, 5)
    assert [note["row"] for note in more["notes"]] == [2, 3, 4]


async def test_an_export_is_imported_again_without_effect(bench: Bench) -> None:
    """As an export: with the columns for the enterprise and for the day of the end."""
    await imported(bench, FIRST)
    key, _ = await with_serial(bench)
    operator = ChangeOperator(
        instrument_id=key, om_operator="另一家运维公司", valid_from=date(2026, 3, 1), today=TODAY
    )
    await handle(bench.store, INSTRUMENT, INSTRUMENT.stream(key), operator, asked_by(ACTOR))
    changed = row(
        serial_number="N1",
        om_operator="另一家运维公司",
        om_operator_previous="运维机构全称",
        valid_from="2026-03-01",
    )
    rows = [
        ["上海清泉化工有限公司", *changed, ""],
        ["上海清泉化工有限公司", *row(), ""],
        ["上海清泉化工有限公司", *row(serial_number="OLD"), "2025-12-31"],
    ]
    again = await imported(bench, made(*rows, heading=["单位名称", *titles(), "停用日期"]))
    assert (again["state"], again["written"], await bench.instruments()) == ("done", 0, 3)
    assert [note["rule"] for note in again["notes"]] == ["register.unchanged"] * 2 + ["register.ended"]
    assert again["summary"]["left_out"] == 1


async def test_a_row_of_another_enterprise_is_a_problem(bench: Bench) -> None:
    shown = await imported(bench, made(["别家公司", *row()], heading=["单位名称", *titles()]))
    assert [(p["column"], p["rule"]) for p in shown["problems"]] == [("单位名称", "enterprise.other")]


async def test_a_difference_is_named_with_the_way_to_correct_it(bench: Bench) -> None:
    await imported(bench, FIRST)
    shown = await imported(bench, made(row(serial_number="N1", brand="别的品牌"), row(serial_number="N9")))
    assert (shown["state"], await bench.instruments()) == ("refused", 3)
    (problem,) = shown["problems"]
    assert (problem["row"], problem["rule"]) == (2, "register.differs")
    assert all(word in problem["sentence"] for word in ("品牌", "示例品牌", "别的品牌", "更正"))


async def test_the_first_workbook_after_a_correction_is_told_what_was_corrected(bench: Bench) -> None:
    await imported(bench, FIRST)
    key, fact = await with_serial(bench)
    better = fact.particulars.model_copy(update={"model": "正确型号"})
    correct = CorrectInstrument(
        instrument_id=key,
        point=water_point,
        particulars=better,
        valid_from=date(2026, 2, 1),
        reason="录错",
        today=TODAY,
    )
    await handle(bench.store, INSTRUMENT, INSTRUMENT.stream(key), correct, asked_by(ACTOR))
    shown = await imported(bench, FIRST)
    assert [problem["rule"] for problem in shown["problems"]] == ["register.differs"]
    assert "正确型号" in shown["problems"][0]["sentence"]


async def test_an_ended_instrument_stays_ended_and_may_come_back_later(bench: Bench) -> None:
    await imported(bench, FIRST)
    key, _ = await with_serial(bench)
    retire = RetireInstrument(instrument_id=key, valid_to=date(2026, 6, 1), reason="拆除", today=TODAY)
    await handle(bench.store, INSTRUMENT, INSTRUMENT.stream(key), retire, asked_by(ACTOR))
    again = await imported(bench, FIRST)
    assert (again["written"], await bench.instruments()) == (0, 3)
    assert sorted(note["rule"] for note in again["notes"]) == ["register.ended", *["register.unchanged"] * 2]
    back = await imported(bench, made(row(serial_number="N1", valid_from="2026-06-01")))
    assert (back["written"], await bench.instruments()) == (1, 4)


async def test_what_was_registered_between_check_and_confirmation_is_not_registered_again(
    bench: Bench,
) -> None:
    first, second = [await bench.add(FIRST) for _ in range(2)]
    await bench.work()
    for import_id in (first, second):
        assert await bench.imports.confirm(import_id, ACTOR.account)
    await asyncio.gather(*(bench.worker._work_alone(import_id) for import_id in (first, second)))
    await bench.work()
    assert [(await bench.shown(import_id))["written"] for import_id in (first, second)] in ([3, 0], [0, 3])
    assert await bench.instruments() == 3


async def test_two_open_points_of_one_name_are_told_apart_or_not_at_all(bench: Bench) -> None:
    twin = point_added.model_copy(
        update={
            "point_id": uuid4(),
            "particulars": point_added.particulars.model_copy(update={"code": "DW001-02"}),
        }
    )
    await append(bench.store, [write_of(POINTS, POINTS.stream(twin.point_id), 0, (twin,))], asked_by(ACTOR))
    name = point_added.particulars.name
    shown = await imported(
        bench, made(row(point_code="无", point_name=name), row(point_code="DW001-02", point_name=name))
    )
    assert [(p["row"], p["column"], p["rule"]) for p in shown["problems"]] == [
        (2, "测点名称", "point.ambiguous")
    ]
    assert "DW001-02" in shown["problems"][0]["sentence"]
    assert (twin.outlet_id, point_added.point_id) == (OUTLET, POINT)


async def test_a_code_and_a_name_that_do_not_agree_are_a_problem(bench: Bench) -> None:
    shown = await imported(bench, made(row(point_name="别的测点")))
    assert [(p["cell"], p["rule"]) for p in shown["problems"]] == [("B2", "point.other-name")]


async def test_the_summary_counts_what_was_read_left_out_and_changed(bench: Bench) -> None:
    content = made(
        row(serial_number="ＳＮ１"),
        row(installer="安装(上海)公司"),
        ["#不要", *row()[1:]],
        change=lambda book, _: book.add_worksheet("备忘").write(0, 0, "记得"),
    )
    shown = await imported(bench, content)
    counted = {
        name: shown["summary"][name] for name in ("read", "left_out", "changed", "new", "sheets_not_read")
    }
    assert counted == {"read": 2, "left_out": 1, "changed": 2, "new": 2, "sheets_not_read": ["备忘"]}


async def test_more_findings_than_are_kept_are_counted(bench: Bench) -> None:
    shown = await imported(bench, made(*(row(brand="") for _ in range(2_100))))
    assert (len(shown["problems"]), shown["summary"]["problems"]) == (2_000, 2_100)


async def test_a_key_used_with_another_file_is_refused(bench: Bench) -> None:
    import_id = uuid4()
    laid = Upload(
        actor=ACTOR, enterprise_id=ENTERPRISE, file_name="仪器.xlsx", content=FIRST, fingerprint="first"
    )
    await bench.imports.add(import_id, laid)
    await bench.imports.add(import_id, laid)
    with pytest.raises(CommandReused):
        await bench.imports.add(
            import_id,
            Upload(
                actor=ACTOR,
                enterprise_id=ENTERPRISE,
                file_name="仪器.xlsx",
                content=made(row()),
                fingerprint="second",
            ),
        )
