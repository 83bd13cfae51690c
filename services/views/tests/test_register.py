"""The register on real PostgreSQL: as of a day, as known on a day, who sees what, and grown live = replayed."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import date
from uuid import UUID

import openpyxl
import pytest
from qingyuan_local.testing import DatabaseServer
from read_models import Model, make_model
from sample_facts import ALL, ENTERPRISE, NEW, NOW, OLD, OTHER, POINT, TRACE, registry_facts
from views.register import answers
from views.register.export import Workbook, titles
from views.register.statements import Filter
from views.shared.scope import Scope
from views.shared.when import When
from views.shared.workbook import written

pytestmark = pytest.mark.servers


@pytest.fixture
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    made = await make_model(postgres_server)
    await made.apply(registry_facts().recorded)
    yield made
    await made.close()


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
    for instrument_id in (OLD, NEW):
        chain = [answers.chain_link(row) for row in await model.queries.chain(ALL, instrument_id)]
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
async def test_a_scope_sees_only_its_own_enterprises(model: Model, scope: Scope, seen: set[str]) -> None:
    page = await model.queries.page(scope, Filter("enterprise"), When.of(None, None, NOW), 50, None)
    assert {json.loads(row["particulars"])["name"] for row in page.rows} == seen


@pytest.mark.parametrize(("scope", "seen"), SCOPES)
async def test_row_security_hides_others_rows_from_a_query_without_a_condition(
    model: Model, scope: Scope, seen: set[str]
) -> None:
    async with model.queries.scoped(scope) as connection:
        rows = await connection.fetch("select title from entry where noun = 'enterprise'")
        beliefs = await connection.fetchval("select count(*) from belief")
    assert {row["title"] for row in rows} == seen
    assert (beliefs > 0) == bool(seen)


async def test_without_a_scope_row_security_hides_every_row(model: Model) -> None:
    assert await model.reader.fetchval("select count(*) from register.entry") == 0
    assert await model.reader.fetchval("select count(*) from register.history") == 0


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


@pytest.mark.parametrize("typed", ["cod", "CODcr", "化学需氧量", "w01018"])
async def test_an_instrument_is_found_by_what_people_call_its_factor(model: Model, typed: str) -> None:
    page = await model.queries.page(
        ALL, Filter("instrument", search=typed), When.of(None, None, NOW), 50, None
    )
    assert page.rows
    assert all(
        "w01018" in str(row["searchable"] if "searchable" in row else row["title"]) for row in page.rows
    )


async def test_an_entry_keeps_its_first_day_through_later_changes(model: Model) -> None:
    """Another operator took over in 2025, the instrument was installed in 2024; and in June no one knew of its end."""

    async def shown(as_of: date | None, as_known: date | None) -> tuple[object, ...]:
        row = await model.queries.one(ALL, "instrument", OLD, When.of(as_of, as_known, NOW))
        assert row is not None
        wanted = ("valid_from", "valid_to", "status", "replaced_by")
        return tuple(answers.instrument_row(row)[field] for field in wanted)

    assert await shown(date(2026, 6, 1), None) == ("2024-03-01", "2026-07-01", "in_use", str(NEW))
    assert await shown(None, date(2026, 6, 1)) == ("2024-03-01", None, "in_use", None)
    assert await shown(None, None) == ("2024-03-01", "2026-07-01", "replaced", str(NEW))


async def test_counts_are_those_of_the_day(model: Model) -> None:
    for day, instruments in ((date(2024, 2, 29), 0), (date(2024, 3, 1), 1), (date(2026, 7, 1), 1)):
        when = When.of(day, None, NOW)
        found = (await model.queries.counts(ALL, [ENTERPRISE], when))[ENTERPRISE]
        assert found.get("instrument", 0) == instruments
        of_points = await model.queries.instrument_counts(ALL, ENTERPRISE, when)
        assert of_points == ({POINT: {"wastewater_analyser": 1}} if instruments else {})


async def test_others_counts_chains_and_histories_are_empty(model: Model) -> None:
    other = Scope("enterprise", str(OTHER))
    assert await model.queries.counts(other, [ENTERPRISE], When.of(None, None, NOW)) == {ENTERPRISE: {}}
    assert await model.queries.instrument_counts(other, ENTERPRISE, When.of(None, None, NOW)) == {}
    assert await model.queries.chain(other, OLD) == []
    assert await model.queries.history(other, f"instrument-{OLD}") == []


async def test_an_exported_formula_stays_a_word(model: Model) -> None:
    async def batches() -> AsyncIterator[Sequence[answers.Row]]:
        async for rows in model.queries.every(ALL, Filter("instrument"), When.of(None, None, NOW)):
            yield [answers.instrument_row(row) for row in rows]

    with await written(lambda out: Workbook(out, [], NOW), batches()) as file:
        sheet = openpyxl.load_workbook(file)["废水分析仪器"]
    assert [cell.value for cell in sheet[1]] == titles("wastewater_analyser")
    shown = dict(zip((cell.value for cell in sheet[1]), sheet[2], strict=True))
    assert (shown["出厂编号"].value, shown["出厂编号"].data_type) == ("=1+1", "s")
    assert (shown["测点编号"].value, shown["启用日期"].value) == ("DW001", "2026-07-01")


async def test_grown_live_equals_replayed_from_nothing(model: Model, postgres_server: DatabaseServer) -> None:
    """Fact by fact, in batches of three, and streams in another order: the same rows each time."""
    expected = await model.digests()
    facts = registry_facts().recorded
    by_stream = sorted(facts, key=lambda fact: fact.stream, reverse=True)
    for order, size in ((facts, 1), (facts, 3), (by_stream, 2)):
        other = await make_model(postgres_server)
        for start in range(0, len(order), size):
            await other.apply(order[start : start + size])
        assert await other.digests() == expected
        await other.close()


async def test_the_comparison_of_builds_sees_a_changed_row(model: Model) -> None:
    """Each table the pages read counts, or a rebuild could swap in something else unseen."""
    before = await model.digests()
    for change in (
        "update entry set title = title || '!' where noun = 'outlet'",
        f"update belief set valid_to = '2030-01-01' where id = '{POINT}'",
        f"update history set reason = 'x' where stream = 'enterprise-{ENTERPRISE}'",
    ):
        await model.writer.execute(change)
        after = await model.digests()
        assert sum(before[stream] != after[stream] for stream in before) == 1
        before = after
