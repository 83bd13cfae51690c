"""Excel import on real PostgreSQL: every problem with its cell, all rows or none, and a worker killed in the middle."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import openpyxl
import pytest
from conforming import require_conforming
from poison import template
from qingyuan_events import Actor, Meta
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.importing.sizes import Unreadable
from qingyuan_runtime.log.handling import CommandContext, append, write_of
from qingyuan_runtime.log.privacy import MemoryKeys
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script
from registry import response_models
from registry.domain.enterprises.decider import ENTERPRISE as ENTERPRISES
from registry.domain.monitoring_points.decider import POINT as POINTS
from registry.domain.outlets.decider import OUTLET as OUTLETS
from registry.importing.columns import columns
from registry.importing.examples import EXAMPLES
from registry.importing.repository import ImportRepository, Upload
from registry.importing.worker import ImportWorker
from registry.shared.repository import Repository
from samples import ENTERPRISE, OUTLET, POINT, enterprise_registered, outlet_added, point_added
from workbooks import read

ACTOR = Actor(account=UUID(int=9), kind="enterprise", organisation=ENTERPRISE)
SHEET = "废水分析仪器"


def imports_table() -> str:
    from importlib import import_module

    made = import_module("registry.migrations.versions.0001_event_store").IMPORTS
    tries = import_module("registry.migrations.versions.0005_import_tries").TRIES
    summaries = import_module("registry.migrations.versions.0006_import_summaries").SUMMARIES
    hashes = import_module("registry.migrations.versions.0007_import_hashes").HASHES
    return str(made + tries + summaries + hashes)


class Bench:
    """One enterprise with one wastewater point, and an import repository."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.store = PostgresStore(pool)
        clock = lambda: datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # noqa: E731
        self.imports = ImportRepository(pool)
        self.worker = ImportWorker(Repository(self.store, MemoryKeys(), clock), self.imports, pool)

    async def begin(self) -> None:
        for decider, key, fact in (
            (ENTERPRISES, ENTERPRISE, enterprise_registered),
            (OUTLETS, OUTLET, outlet_added),
            (POINTS, POINT, point_added),
        ):
            command_id = uuid4()
            meta = Meta(actor=ACTOR, command_id=command_id, correlation=command_id)
            write = write_of(decider, decider.stream(key), 0, (fact,))  # type: ignore[arg-type, type-var]
            await append(self.store, [write], CommandContext(meta, "f"))

    async def add(self, content: bytes) -> UUID:
        import_id = uuid4()
        await self.imports.add(
            import_id,
            Upload(
                actor=ACTOR,
                enterprise_id=ENTERPRISE,
                file_name="仪器.xlsx",
                content=content,
                fingerprint="first",
            ),
        )
        return import_id

    async def work(self) -> None:
        for import_id in await self.imports.unfinished():
            await self.worker.work(import_id)

    async def shown(self, import_id: UUID) -> dict[str, Any]:
        found = await self.imports.shown(import_id, ACTOR.account)
        assert found
        require_conforming(response_models.Import, json.dumps(found).encode())
        return found

    async def instruments(self) -> int:
        count: int = await self.pool.fetchval(
            "select count(*) from streams where stream_id like 'instrument-%'"
        )
        return count


@pytest.fixture
async def bench(postgres_server: DatabaseServer) -> AsyncIterator[Bench]:
    pool = await open_pool(await postgres_server.fresh("imports"))
    await pool.execute(create_script())
    await pool.execute(imports_table())
    made = Bench(pool)
    await made.begin()
    yield made
    await pool.close()


def workbook(*rows: dict[str, Any]) -> bytes:
    """The template with these rows, each the example row with some fields changed."""
    book = openpyxl.load_workbook(BytesIO(template()))
    sheet = book[SHEET]
    for row in rows:
        values = EXAMPLES["wastewater_analyser"] | row
        sheet.append([values.get(column.field) for column in columns("wastewater_analyser")])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def good(count: int) -> bytes:
    return workbook(*({"serial_number": f"N{n}"} for n in range(count)))


def test_the_template_itself_holds_nothing_to_import() -> None:
    with pytest.raises(Unreadable, match="没有可导入的行"):
        read(template())


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_said_so(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(content)


def test_a_formula_without_a_value_is_told_and_its_text_is_nowhere() -> None:
    reading = read(workbook({"brand": '=HYPERLINK("http://x","y")'}))
    assert [(p["cell"], p["rule"]) for p in reading.rows[0].problems] == [("E3", "formula-without-result")]
    assert "http" not in str(reading)


@pytest.mark.servers
async def test_each_problem_is_told_with_sheet_row_column_and_reason(bench: Bench) -> None:
    import_id = await bench.add(
        workbook(
            {"serial_number": "A"},
            {"point_code": "DW999"},
            {"unit": "kPa", "brand": None},
            {"serial_number": "A"},
        )
    )
    await bench.work()
    shown = await bench.shown(import_id)
    found = [(p["sheet"], p["row"], p["column"]) for p in shown["problems"]]
    assert found == [
        (SHEET, 4, "测点编号"),
        (SHEET, 5, "品牌"),
        (SHEET, 5, "计量单位"),
        (SHEET, 6, "出厂编号"),
    ]
    assert shown["state"] == "refused"
    assert not await bench.imports.confirm(import_id, ACTOR.account)
    assert await bench.instruments() == 0


@pytest.mark.servers
async def test_a_row_tells_all_its_problems_at_once_each_with_the_value_that_is_wrong(bench: Bench) -> None:
    """A point that is not there, a choice, a unit, a missing text and a day: none of them hides another."""
    wrong = {
        "point_code": "DW999",
        "construction": "造好了",
        "unit": "kPa",
        "brand": None,
        "valid_from": "去年",
    }
    import_id = await bench.add(workbook(wrong))
    await bench.work()
    said = {problem["column"]: problem["sentence"] for problem in (await bench.shown(import_id))["problems"]}
    assert set(said) == {"测点编号", "建设情况", "计量单位", "品牌", "启用日期"}
    assert said["建设情况"] == "“造好了”：不在可选范围内。可填“已建成”“建设中”“拟建”。"
    assert said["计量单位"].startswith("“kPa”：计量单位与分析因子不符")
    assert "去年" in said["启用日期"]
    assert "DW999" in said["测点编号"]
    assert said["品牌"] == "必填项，不能为空。"


@pytest.mark.servers
async def test_a_wrong_factor_is_not_blamed_on_the_unit(bench: Bench) -> None:
    import_id = await bench.add(workbook({"factor": None, "unit": "kPa"}))
    await bench.work()
    shown = await bench.shown(import_id)
    assert [problem["column"] for problem in shown["problems"]] == ["分析因子"]


@pytest.mark.servers
async def test_a_good_file_is_written_after_the_confirmation_and_once(bench: Bench) -> None:
    import_id = await bench.add(good(30))
    await bench.work()
    assert (await bench.shown(import_id))["state"] == "ready"
    assert await bench.instruments() == 0
    assert await bench.imports.confirm(import_id, ACTOR.account)
    await bench.work()
    assert await bench.imports.confirm(import_id, ACTOR.account)
    await bench.work()
    shown = await bench.shown(import_id)
    assert (shown["state"], shown["written"], await bench.instruments()) == ("done", 30, 30)


async def until_read(bench: Bench, import_id: UUID, work: asyncio.Future[None]) -> None:
    """A try is counted when it begins, and the count is reset when the workbook has been read."""
    for tries in (1, 0):
        while not work.done() and await tries_of(bench, import_id) != tries:
            await asyncio.sleep(0.002)


async def tries_of(bench: Bench, import_id: UUID) -> int:
    tries: int = await bench.pool.fetchval("select tries from imports where import_id = $1", import_id)
    return tries


@pytest.mark.servers
async def test_a_worker_that_dies_while_writing_leaves_nothing_and_another_finishes(bench: Bench) -> None:
    import_id = await bench.add(good(400))
    await bench.work()
    await bench.imports.confirm(import_id, ACTOR.account)
    for moment in (0.0, 0.02, 0.05, 0.08, 0.12):
        dying = asyncio.ensure_future(bench.work())
        await until_read(bench, import_id, dying)
        await asyncio.wait([dying], timeout=moment)
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
        assert await bench.instruments() in (0, 400)
    await bench.work()
    assert await bench.instruments() == 400
    assert (await bench.shown(import_id))["state"] == "done"


@pytest.mark.servers
async def test_a_point_that_closed_meanwhile_means_nothing_is_written(bench: Bench) -> None:
    import_id = await bench.add(good(5))
    await bench.work()
    await bench.imports.confirm(import_id, ACTOR.account)
    await bench.pool.execute(
        "update streams set closed = true where stream_id = $1", f"monitoring_point-{POINT}"
    )
    await bench.work()
    shown = await bench.shown(import_id)
    assert (shown["state"], await bench.instruments()) == ("failed", 0)


@pytest.mark.servers
async def test_an_import_is_seen_by_its_uploader_alone(bench: Bench) -> None:
    import_id = await bench.add(good(1))
    assert await bench.imports.shown(import_id, UUID(int=10)) is None
    assert not await bench.imports.confirm(import_id, UUID(int=10))
