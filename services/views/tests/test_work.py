"""The working day on real PostgreSQL: cycles, content, who sees what, and the same rows in whatever order facts come."""

import random
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from qingyuan_events import Fact, Recorded
from qingyuan_events.tasks import VisitAmended, VisitCompleted
from qingyuan_local.testing import DatabaseServer
from read_models import Model, model_after
from sample_facts import ALL, ENTERPRISE, OTHER, POINT
from views.shared.scope import Scope
from views.work import answers
from views.work.queries import WorkQueries
from views.work.query_models import ContractQuery, CycleQuery, VisitQuery
from working_day import working_day
from working_day_facts import DAY, OPERATOR, PLAN, RIVAL, TECHNICIAN, VisitFacts, sheet

pytestmark = pytest.mark.servers

TABLES = {
    "work": (
        "contract", "plan", "cycle", "visit", "visit_detail", "sheet", "whereabouts", "visit_tally", "cycle_tally", "visit_total", "cycle_total",
    ),
    "confirmations": ("confirmation", "confirmation_tally", "confirmation_total"),
}  # fmt: skip


async def rows_of(model: Model) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    found = {}
    for schema, tables in TABLES.items():
        for table in tables:
            rows = await model.writers[schema].fetch(f"select t::text as row from {table} t order by 1")
            found[table] = [row["row"] for row in rows]
    return found


@pytest.fixture(scope="module")
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    made = await model_after(postgres_server, working_day().recorded)
    yield made
    await made.close()


@pytest.fixture
def work(model: Model) -> WorkQueries:
    return WorkQueries(model.reader)


async def cycles(
    work: WorkQueries, today: date = DAY, scope: Scope = ALL, **wanted: Any
) -> list[dict[str, Any]]:
    page = await work.cycles(scope, CycleQuery(**wanted, limit=100), today)
    return [answers.cycle_row(row, page.names, None) for row in page.rows]


async def test_a_cycle_is_done_by_a_complete_visit_in_its_window_with_that_work(work: WorkQueries) -> None:
    found = await cycles(work, plan_id=PLAN)
    states = {(cycle["content"], cycle["number"]): cycle["state"] for cycle in found}
    assert states == {
        ("patrol", 1): "done",
        ("patrol", 2): "missed",  # the visit of that week calibrated only
        ("patrol", 3): "missed",  # the visit of that week was broken off
        ("patrol", 4): "done",  # the plan was stopped before it, but the work was done
        ("calibration", 1): "done",
        ("calibration", 2): "done",
        ("calibration", 3): "missed",
        ("calibration", 4): "stopped",
    }


async def test_a_window_is_missed_from_the_day_after_it_closes(work: WorkQueries) -> None:
    for today, state in ((date(2026, 11, 22), "open"), (date(2026, 11, 23), "missed")):
        found = await cycles(work, today, plan_id=PLAN)
        assert [
            cycle["state"] for cycle in found if (cycle["content"], cycle["number"]) == ("patrol", 3)
        ] == [state]


async def test_the_earliest_visit_of_a_window_did_the_work(
    postgres_server: DatabaseServer,
) -> None:
    sample = working_day()
    VisitFacts(sample, "again", day=date(2026, 11, 8)).whole(sheet("a patrol", day=date(2026, 11, 8)))
    earlier = VisitFacts(sample, "before", day=date(2026, 11, 3))
    earlier.whole(sheet("e patrol", day=date(2026, 11, 3)))
    model = await model_after(postgres_server, sample.recorded)
    first = (await cycles(WorkQueries(model.reader), plan_id=PLAN, state="done"))[0]
    assert (first["content"], first["done_on"]) == ("patrol", "2026-11-03")
    assert first["visit_id"] == str(earlier.id)
    await model.close()


async def test_a_cycle_is_no_longer_done_after_a_correction_to_another_content(
    postgres_server: DatabaseServer,
) -> None:
    sample = working_day()
    visit = VisitFacts(sample, "renamed", day=date(2026, 11, 18)).whole(
        sheet("n patrol", day=date(2026, 11, 18))
    )
    visit.corrects_sheet(sheet("n patrol'", "repair", after=(visit.sheets[0].revision_id,)))
    model = await model_after(postgres_server, sample.recorded, size=1)
    found = await cycles(WorkQueries(model.reader), plan_id=PLAN)
    assert [cycle["state"] for cycle in found if (cycle["content"], cycle["number"]) == ("patrol", 3)] == [
        "missed"
    ]
    await model.close()


async def test_the_content_of_a_visit_has_the_hash_of_its_last_statement(work: WorkQueries) -> None:
    announced: dict[UUID, str] = {}
    for recorded in working_day().recorded:
        if isinstance(recorded.fact, VisitCompleted | VisitAmended):
            announced[recorded.fact.visit_id] = recorded.fact.content_sha256
    assert len(announced) == 4
    for visit_id, sha256 in announced.items():
        found = await work.visit(ALL, visit_id)
        assert found is not None
        shown = answers.visit(found)
        assert shown["content"]["sha256"] == sha256
        assert (shown["amendments"] or [shown["completed"]])[-1]["content_sha256"] == sha256


async def test_a_visit_that_is_not_complete_has_no_content(work: WorkQueries) -> None:
    broken = (await work.visits(ALL, VisitQuery(state="aborted", limit=5))).rows[0]
    found = await work.visit(ALL, broken["id"])
    assert found is not None
    shown = answers.visit(found)
    assert (shown["content"], shown["aborted"]["reason"]) == (None, "暴雨")


async def test_a_visit_shows_all_revisions_and_the_current_ones(work: WorkQueries) -> None:
    row = (
        await work.visits(ALL, VisitQuery.model_validate({"from": DAY, "operator_id": OPERATOR, "limit": 5}))
    ).rows[0]
    found = await work.visit(ALL, row["id"])
    assert found is not None
    shown = answers.visit(found)
    (shown_sheet,) = shown["sheets"]
    assert [revision["values"]["reading"] for revision in shown_sheet["revisions"]] == ["1.50", "1.60"]
    assert [head["values"]["reading"] for head in shown_sheet["heads"]] == ["1.60"]
    assert (shown["enterprise_name"], shown["operator_name"]) == ("清泉化工", "上海绿测环境运维有限公司")
    assert (shown["sheets"], shown["version"]) != ([], 0)
    assert shown["confirmation"]["state"] == "requested"
    assert [step["what"] for step in shown["confirmation"]["steps"]] == ["requested", "signed", "renewed"]


async def test_two_current_revisions_of_a_sheet_are_a_conflict_until_one_supersedes_both(
    postgres_server: DatabaseServer,
) -> None:
    sample = working_day()
    visit = VisitFacts(sample, "conflict")
    first, other = sheet("c patrol", reading="1"), sheet("c patrol'", reading="2")
    visit.whole(first, other)
    model = await model_after(postgres_server, sample.recorded)
    work = WorkQueries(model.reader)

    async def conflict() -> bool:
        found = await work.visit(ALL, visit.id)
        assert found is not None
        return bool(answers.visit(found)["conflict"])

    assert await conflict()
    before = len(sample.recorded)
    visit.corrects_sheet(sheet("c patrol''", after=(first.revision_id, other.revision_id), reading="2"))
    await model.apply(sample.recorded[before:])
    assert not await conflict()
    await model.close()


def shuffled(facts: Sequence[Recorded[Fact]], seed: int) -> list[Recorded[Fact]]:
    """The same facts, each stream in its order and the streams in any."""
    chance = random.Random(seed)
    streams = [fact.stream for fact in facts]
    chance.shuffle(streams)
    waiting = {stream: [fact for fact in facts if fact.stream == stream] for stream in streams}
    return [waiting[stream].pop(0) for stream in streams]


async def test_streams_in_any_order_and_batches_of_any_size_give_the_same_rows(
    model: Model, postgres_server: DatabaseServer
) -> None:
    facts = working_day().recorded
    expected = await rows_of(model)
    assert all(expected[table] for table in ("cycle", "visit", "sheet", "confirmation"))
    for seed, size in ((1, 1), (2, 3), (3, 7), (4, 1000), (5, 1)):
        other = await model_after(postgres_server, shuffled(facts, seed), size)
        assert await rows_of(other) == expected, f"seed {seed}"
        await other.close()


EVERYTHING = 5
SCOPES = [
    (ALL, EVERYTHING),
    (Scope("operator", str(OPERATOR)), 4),
    (Scope("operator", str(RIVAL)), 1),
    (Scope("operator", str(TECHNICIAN)), 0),
    (Scope("enterprise", str(ENTERPRISE)), 4),
    (Scope("enterprise", str(OTHER)), 1),
    (Scope("enterprise", str(OPERATOR)), 0),
    (Scope("district", "310118"), 4),
    (Scope("district", "310113"), 1),
    (Scope("district", "310101"), 0),
]


@pytest.mark.parametrize(("scope", "visits"), SCOPES)
async def test_a_scope_sees_only_its_own_visits_cycles_contracts_and_plans(
    work: WorkQueries, scope: Scope, visits: int
) -> None:
    found = await work.visits(scope, VisitQuery())
    assert len(found.rows) == visits
    assert len(await cycles(work, scope=scope)) == {5: 16, 4: 8, 1: 8, 0: 0}[visits]
    for row in (await work.visits(ALL, VisitQuery())).rows:
        mine = any(row["id"] == visit["id"] for visit in found.rows)
        assert (await work.visit(scope, row["id"]) is not None) == mine
    assert len((await work.contracts(scope, ContractQuery(), DAY)).rows) == {5: 2, 4: 1, 1: 1, 0: 0}[visits]
    assert (await work.plan(scope, PLAN) is not None) == (visits >= 4)


@pytest.mark.parametrize(("scope", "visits"), SCOPES)
async def test_row_security_hides_others_rows_from_a_query_without_a_condition(
    model: Model, work: WorkQueries, scope: Scope, visits: int
) -> None:
    async with work.scoped(scope) as connection:
        for schema, tables in TABLES.items():
            for table in tables:
                rows = [dict(row) for row in await connection.fetch(f"select * from {schema}.{table}")]
                column = "district" if scope.sees == "district" else f"{scope.sees}_id"
                if scope.sees == "all":
                    assert len(rows) > 1
                elif table.endswith("_total") and scope.sees == "enterprise":
                    assert rows == []  # totals of all enterprises belong to none of them
                else:
                    assert {str(row[column]) for row in rows} <= {scope.place}
                    assert bool(rows) == bool(visits)


async def test_without_a_scope_row_security_hides_every_row(model: Model) -> None:
    for schema, tables in TABLES.items():
        for table in tables:
            assert await model.reader.fetchval(f"select count(*) from {schema}.{table}") == 0


async def test_an_operator_gets_the_names_of_its_clients_and_no_others(work: WorkQueries) -> None:
    page = await work.visits(Scope("operator", str(OPERATOR)), VisitQuery())
    assert {row["point_id"] for row in page.rows} == {POINT}
    assert page.names.entry(ENTERPRISE, page.rows[0]["day"])["name"] == "清泉化工"
    async with work.scoped(Scope("operator", str(OPERATOR))) as connection:
        assert await connection.fetchval("select count(*) from register.entry") == 0
        names = await work.visits(Scope("operator", str(RIVAL)), VisitQuery())
    assert {entry_id for entry_id, _ in names.names.entries} >= {OTHER}
    assert ENTERPRISE not in {entry_id for entry_id, _ in names.names.entries}
