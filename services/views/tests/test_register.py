"""The register on real PostgreSQL: as of a day, as known on a day, who sees what, and grown live = replayed."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import asyncpg
import openpyxl
import pytest
from qingyuan_events import Actor, Fact, Meta, Recorded
from qingyuan_events.registry import (
    EnterpriseParticulars,
    EnterpriseRegistered,
    InstrumentCorrected,
    InstrumentOperatorChanged,
    InstrumentRegistered,
    InstrumentReplaced,
    MonitoringPointAdded,
    OutletAdded,
    OutletParticulars,
    PointParticulars,
    WastewaterAnalyser,
)
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database import Pool, open_pool
from qingyuan_runtime.rebuilding import ensure_live, session_of
from views.register import answers
from views.register.export import workbook
from views.register.projection import Register, create_script
from views.register.queries import Filter, RegisterQueries, When
from views.scope import Scope

pytestmark = pytest.mark.servers

ENTERPRISE, OTHER, OUTLET, POINT, OLD, NEW = (UUID(int=n) for n in range(1, 7))
START = datetime(2026, 1, 1, 8, 0, tzinfo=UTC)
SINCE = date(2024, 3, 1)
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
ALL = Scope("all", "")
ACTOR = Actor(account=UUID(int=9), kind="enterprise", organisation=ENTERPRISE)
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def enterprise(name: str, district: str) -> EnterpriseParticulars:
    return EnterpriseParticulars(
        name=name, uscc=f"U{name}", district=district, address="路 1 号", industry="化工", permit_number="无"
    )


analyser = WastewaterAnalyser(
    factor="w01018", model="CODmax", brand="源测", method="重铬酸钾法", construction="built",
    om_operator="甲公司", om_operator_previous="无", serial_number="=1+1",
    permit_point_name="无", permit_point_code="无", integrator="集成", installer="安装",
)  # fmt: skip
IDS = {"instrument_id": OLD, "point_id": POINT, "enterprise_id": ENTERPRISE}


class Story:
    """Facts as they were recorded, a day apart unless said otherwise."""

    def __init__(self) -> None:
        self.recorded: list[Recorded[Fact]] = []
        self._versions: dict[str, int] = {}
        self._at = START

    def tell(self, stream: str, fact: Fact, at: datetime | None = None) -> None:
        self._versions[stream] = self._versions.get(stream, 0) + 1
        self._at = at or self._at + timedelta(days=1)
        meta = Meta(actor=ACTOR, command_id=uuid4(), correlation=uuid4(), traceparent=TRACE)
        self.recorded.append(
            Recorded[Fact](
                stream=stream, version=self._versions[stream], recorded_at=self._at, meta=meta, fact=fact
            )
        )


def town() -> Story:
    story = Story()
    for key, name, district in ((ENTERPRISE, "清泉化工", "310118"), (OTHER, "申宝热电", "310113")):
        story.tell(
            f"enterprise-{key}",
            EnterpriseRegistered(enterprise_id=key, particulars=enterprise(name, district), valid_from=SINCE),
        )
    outlet = OutletParticulars(code="DW001", name="总排口", medium="wastewater")
    point = PointParticulars(code="DW001", name="总测点", medium="wastewater", factors=("w01018",))
    story.tell(
        f"outlet-{OUTLET}",
        OutletAdded(outlet_id=OUTLET, enterprise_id=ENTERPRISE, particulars=outlet, valid_from=SINCE),
    )
    story.tell(
        f"monitoring_point-{POINT}",
        MonitoringPointAdded(
            point_id=POINT, outlet_id=OUTLET, enterprise_id=ENTERPRISE, particulars=point, valid_from=SINCE
        ),
    )
    story.tell(f"instrument-{OLD}", InstrumentRegistered(**IDS, particulars=analyser, valid_from=SINCE))
    story.tell(
        f"instrument-{OLD}",
        InstrumentOperatorChanged(
            **IDS, om_operator="乙公司", om_operator_previous="甲公司", valid_from=date(2025, 1, 1)
        ),
    )
    corrected = analyser.model_copy(
        update={"om_operator": "乙公司", "om_operator_previous": "甲公司", "brand": "改正"}
    )
    story.tell(
        f"instrument-{OLD}",
        InstrumentCorrected(**IDS, particulars=corrected, valid_from=SINCE, reason="录错"),
        datetime(2026, 6, 1, tzinfo=UTC),
    )
    newer = analyser.model_copy(update={"model": "CODmax 2"})
    story.tell(
        f"instrument-{NEW}",
        InstrumentRegistered(
            **IDS | {"instrument_id": NEW}, particulars=newer, valid_from=date(2026, 7, 1), replaces=OLD
        ),
    )
    story.tell(
        f"instrument-{OLD}",
        InstrumentReplaced(**IDS, replaced_by=NEW, valid_to=date(2026, 7, 1), reason="故障"),
    )
    return story


class Model:
    def __init__(self, dsn: str, writer: Pool, reader: Pool) -> None:
        self.dsn = dsn
        self.writer = writer
        self.queries = RegisterQueries(reader)

    async def apply(self, facts: Sequence[Recorded[Fact]]) -> None:
        async with self.writer.acquire() as connection, connection.transaction():
            await Register().apply(connection, facts)

    async def digests(self) -> dict[str, str]:
        streams = [row["s"] for row in await self.writer.fetch("select noun || '-' || id as s from entry")]
        async with self.writer.acquire() as connection:
            return await Register().digests(connection, streams)

    async def instruments(
        self, as_of: date | None = None, as_known: date | None = None, **wanted: str
    ) -> list[str]:
        page = await self.queries.page(
            ALL, Filter("instrument", **wanted), When.of(as_of, as_known, NOW), 50, None  # type: ignore[arg-type]
        )  # fmt: skip
        shown = [answers.instrument_row(row)["particulars"] for row in page.rows]
        return [f"{one['model']} {one['brand']} {one['om_operator']}" for one in shown]


async def make_model(server: DatabaseServer) -> Model:
    dsn = await server.fresh("views")
    connection = await asyncpg.connect(dsn)
    name = uuid4().hex[:8]
    await connection.execute("create extension pg_trgm with schema public")
    await connection.execute(f"create role reader_{name} login password 'x'")
    await connection.close()
    await ensure_live(dsn, "register", create_script())
    connection = await asyncpg.connect(dsn)
    await connection.execute(f"grant usage on schema register to reader_{name}")
    await connection.execute(f"grant select on all tables in schema register to reader_{name}")
    await connection.close()
    reader = dsn.split("@")[1]
    return Model(
        dsn,
        await open_pool(dsn, size=2, **session_of("register")),
        await open_pool(f"postgresql://reader_{name}:x@{reader}", size=2, search_path="register"),
    )


@pytest.fixture
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    made = await make_model(postgres_server)
    await made.apply(town().recorded)
    yield made
    await made.writer.close()


async def test_what_was_installed_on_a_day(model: Model) -> None:
    assert await model.instruments(date(2024, 2, 29)) == []
    assert await model.instruments(date(2024, 6, 1)) == ["CODmax 改正 甲公司"]
    assert await model.instruments(date(2026, 6, 30)) == ["CODmax 改正 乙公司"]
    assert await model.instruments(date(2026, 7, 1)) == ["CODmax 2 源测 甲公司"]
    assert await model.instruments() == ["CODmax 2 源测 甲公司"]


async def test_what_was_believed_on_a_day(model: Model) -> None:
    assert await model.instruments(date(2024, 6, 1), date(2026, 5, 30)) == ["CODmax 源测 甲公司"]
    assert await model.instruments(date(2025, 6, 1), date(2026, 5, 30)) == ["CODmax 源测 乙公司"]
    assert await model.instruments(date(2025, 6, 1), date(2025, 12, 31)) == []


async def test_the_day_of_knowledge_ends_at_midnight_in_shanghai(model: Model) -> None:
    """The correction was recorded at 08:00 on 1 June in Shanghai, which is midnight UTC."""
    assert await model.instruments(date(2024, 6, 1), date(2026, 5, 31)) == ["CODmax 源测 甲公司"]
    assert await model.instruments(date(2024, 6, 1), date(2026, 6, 1)) == ["CODmax 改正 甲公司"]


async def test_ended_ones_are_shown_when_asked_for(model: Model) -> None:
    assert await model.instruments(status="ended") == ["CODmax 改正 乙公司"]
    assert len(await model.instruments(status="all")) == 2


async def test_the_chain_of_replacements_is_whole_from_either_end(model: Model) -> None:
    for one in (OLD, NEW):
        chain = [answers.chain_link(row) for row in await model.queries.chain(ALL, one)]
        assert [(link["model"], link["valid_from"], link["valid_to"]) for link in chain] == [
            ("CODmax", "2024-03-01", "2026-07-01"),
            ("CODmax 2", "2026-07-01", None),
        ]


async def test_history_says_who_when_and_what_changed(model: Model) -> None:
    items = answers.history_items(await model.queries.history(ALL, f"instrument-{OLD}"))
    assert [item["type"].split(".")[1] for item in items] == [
        "replaced",
        "corrected",
        "om_operator_changed",
        "registered",
    ]
    assert items[1]["changes"] == [{"field": "brand", "label": "品牌", "was": "源测", "now": "改正"}]
    assert items[1]["reason"] == "录错"
    assert items[0]["trace_id"] == TRACE.split("-")[1]


SCOPES = [
    (ALL, {"清泉化工", "申宝热电"}),
    (Scope("enterprise", str(ENTERPRISE)), {"清泉化工"}),
    (Scope("enterprise", str(UUID(int=99))), set()),
    (Scope("district", "310113"), {"申宝热电"}),
    (Scope("district", "310101"), set()),
]


@pytest.mark.parametrize(("scope", "seen"), SCOPES)
async def test_each_sees_their_own(model: Model, scope: Scope, seen: set[str]) -> None:
    page = await model.queries.page(scope, Filter("enterprise"), When.of(None, None, NOW), 50, None)
    assert {json.loads(row["particulars"])["name"] for row in page.rows} == seen


@pytest.mark.parametrize(("scope", "seen"), SCOPES)
async def test_a_query_that_forgot_its_scope_still_shows_no_others_row(
    model: Model, scope: Scope, seen: set[str]
) -> None:
    async with model.queries._fenced(scope) as connection:
        rows = await connection.fetch("select title from entry where noun = 'enterprise'")
        beliefs = await connection.fetchval("select count(*) from belief")
    assert {row["title"] for row in rows} == seen
    assert (beliefs > 0) == bool(seen)


async def test_a_query_without_any_fence_shows_nothing(model: Model) -> None:
    assert await model.queries._pool.fetchval("select count(*) from register.entry") == 0
    assert await model.queries._pool.fetchval("select count(*) from register.history") == 0


async def test_pages_follow_each_other_without_gap_or_repeat(model: Model) -> None:
    found, after = [], None
    while True:
        page = await model.queries.page(ALL, Filter("enterprise"), When.of(None, None, NOW), 1, after)
        found += [row["title"] for row in page.rows]
        if (after := page.following) is None:
            break
    assert found == sorted(found)
    assert len(found) == 2


@pytest.mark.parametrize(
    ("typed", "hits"), [("清泉", 1), ("U申宝", 1), ("u申宝", 1), ("%", 0), ("", 2), ("不存在", 0)]
)
async def test_search_takes_what_was_typed_literally(model: Model, typed: str, hits: int) -> None:
    page = await model.queries.page(
        ALL, Filter("enterprise", search=typed), When.of(None, None, NOW), 50, None
    )
    assert len(page.rows) == hits


async def test_an_exported_formula_stays_a_word(model: Model) -> None:
    async def rows() -> AsyncIterator[answers.Row]:
        async for row in model.queries.every(ALL, Filter("instrument"), When.of(None, None, NOW)):
            yield answers.instrument_row(row)

    sheet = openpyxl.load_workbook(BytesIO(await workbook(rows())))["废水分析仪器"]
    titles = [cell.value for cell in sheet[1]]
    cell = sheet.cell(2, titles.index("出厂编号") + 1)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


async def test_grown_live_equals_replayed_from_nothing(model: Model, postgres_server: DatabaseServer) -> None:
    """Fact by fact, in batches of three, and streams in another order: the same rows each time."""
    expected = await model.digests()
    facts = town().recorded
    by_stream = sorted(facts, key=lambda fact: fact.stream, reverse=True)
    for order, size in ((facts, 1), (facts, 3), (by_stream, 2)):
        other = await make_model(postgres_server)
        for start in range(0, len(order), size):
            await other.apply(order[start : start + size])
        assert await other.digests() == expected
        await other.writer.close()
