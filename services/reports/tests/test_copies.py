"""What is asked of the register, of contracts and of all reports: the same answers from PostgreSQL and from memory."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from qingyuan_events import Actor, Fact, Meta
from qingyuan_events.registry import (
    EnterpriseCorrected,
    InstrumentReplaced,
    InstrumentRetired,
    InstrumentVoided,
    MonitoringPointVoided,
)
from qingyuan_events.reports import EarlierPairs, ExemptionGranted, PairsPrint
from qingyuan_events.tasks import ContractEnded
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.following.rebuilding import ensure_live, session_of
from qingyuan_runtime.following.testing import history, rows_after
from qingyuan_runtime.log.handling import CommandContext, handle
from qingyuan_runtime.log.store import EventStore, Write
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.log.store_postgres import PostgresStore
from report_samples import (
    ANALYSER,
    CONTRACT,
    DAY,
    ENTERPRISE,
    HERE,
    OPERATOR,
    OTHER_ENTERPRISE,
    OTHER_OPERATOR,
    PLACE,
    POINT,
    READY,
    SINCE,
    STANDING,
    TOWN,
    analyser_registered,
    check,
    contract_confirmed,
    contract_submitted,
    enterprise,
    enterprise_registered,
    point_added,
    submit,
    submitted,
)
from reports.archive import postgres
from reports.archive.memory import MemoryArchive
from reports.archive.port import Archive
from reports.archive.postgres import PostgresArchive
from reports.contracted import projection as contracted
from reports.contracted.memory import MemoryContracted
from reports.contracted.postgres import PostgresContracted
from reports.domain.places import InstrumentCopy
from reports.domain.reports.commands import ReportCommand
from reports.domain.reports.decider import REPORT
from reports.installed import projection as installed
from reports.installed.memory import MemoryInstalled
from reports.installed.postgres import PostgresInstalled
from test_report import return_, withdraw

pytestmark = pytest.mark.servers

ELSEWHERE = UUID(int=999)
THEIRS: dict[str, Any] = {"instrument_id": ANALYSER, "point_id": POINT, "enterprise_id": ENTERPRISE}
WHY = {"reason": "录错"}
moved = EnterpriseCorrected(
    enterprise_id=ENTERPRISE,
    particulars=enterprise.model_copy(update={"district": "310115"}),
    valid_from=SINCE,
    **WHY,
)
ENDINGS: dict[str, tuple[Fact, date | None]] = {
    "replaced": (
        InstrumentReplaced(**THEIRS, replaced_by=ELSEWHERE, valid_to=date(2026, 10, 1), **WHY),
        date(2026, 10, 1),
    ),
    "retired": (InstrumentRetired(**THEIRS, valid_to=date(2026, 11, 1), **WHY), date(2026, 11, 1)),
    "voided": (InstrumentVoided(**THEIRS, **WHY), date.min),
}


@dataclass(frozen=True)
class Database:
    dsn: str
    pool: Pool


@pytest.fixture
async def database(postgres_server: DatabaseServer) -> AsyncIterator[Database]:
    """A migrated database of the service, with its two copies."""
    dsn = await postgres_server.fresh("reports")
    await asyncio.to_thread(migrating.upgrade, "reports", owner_url=dsn, app_url=dsn)
    await ensure_live(dsn, installed.MODEL, installed.create_script())
    await ensure_live(dsn, contracted.MODEL, contracted.create_script())
    pool = await open_pool(dsn, size=4)
    yield Database(dsn, pool)
    await pool.close()


async def tell(dsn: str, projection: Any, *facts: Fact) -> None:
    pool = await open_pool(dsn, size=1, session=session_of(projection.model))
    async with pool.acquire() as connection:
        await projection.apply(connection, history("any", *facts))
    await pool.close()


@pytest.mark.parametrize("ending", [None, *ENDINGS])
async def test_both_copies_of_the_register_say_the_same(database: Database, ending: str | None) -> None:
    fact, ends = ENDINGS[ending] if ending else (moved, None)
    facts = (*TOWN, fact)
    await tell(database.dsn, installed.InstalledProjection(), *facts)
    for copy in (MemoryInstalled(facts), PostgresInstalled(database.pool)):
        point = await copy.point(POINT)
        assert point
        assert point.district == ("310118" if ending else "310115")
        assert point.enterprise_id == HERE.enterprise_id
        found = await copy.instruments([ANALYSER, ELSEWHERE])
        assert found == {
            ANALYSER: InstrumentCopy(instrument_id=ANALYSER, point_id=POINT, first_day=SINCE, ends=ends)
        }
        assert (await copy.instruments([])) == {}
        assert await copy.district(OTHER_ENTERPRISE) == "310115"
        assert await copy.point(ELSEWHERE) is await copy.district(ELSEWHERE) is None


async def test_a_point_that_never_was_or_whose_enterprise_is_on_its_way_is_unknown(
    database: Database,
) -> None:
    voided = MonitoringPointVoided(**PLACE, point_id=POINT, **WHY)
    for facts in ((point_added,), (enterprise_registered, point_added, voided)):
        await tell(database.dsn, installed.InstalledProjection(), *facts)
        for copy in (MemoryInstalled(facts), PostgresInstalled(database.pool)):
            assert await copy.point(POINT) is None


async def test_the_copy_of_the_register_does_not_depend_on_the_delivery(database: Database) -> None:
    facts = [
        *history(f"enterprise-{ENTERPRISE}", enterprise_registered, moved),
        *history(f"monitoring_point-{POINT}", point_added),
        *history(f"instrument-{ANALYSER}", analyser_registered, ENDINGS["retired"][0]),
    ]
    rows = await rows_after(
        database.dsn,
        installed.InstalledProjection(),
        installed.create_script(),
        facts,
        "select district, voided, first_day, i.ends from enterprise join point using (enterprise_id) join instrument i using (point_id)",
    )
    assert rows == [("310115", False, STANDING.first_day, date(2026, 11, 1))]


async def test_both_copies_of_contracts_say_the_same(database: Database) -> None:
    ended = ContractEnded(
        contract_id=CONTRACT,
        operator_id=OPERATOR,
        enterprise_id=ENTERPRISE,
        district="310118",
        last_day=date(2026, 11, 10),
        reason="不再履行",
    )
    told: tuple[Fact, ...] = ()
    asked = (
        (OPERATOR, POINT, DAY),
        (OPERATOR, POINT, None),
        (OPERATOR, POINT, date(2026, 11, 10)),
        (OPERATOR, POINT, date(2026, 11, 11)),
        (OPERATOR, POINT, date(2025, 12, 31)),
        (OPERATOR, ELSEWHERE, None),
        (OTHER_OPERATOR, POINT, None),
    )
    for fact, covered in (
        (contract_submitted, (False, False, False, False, False, False, False)),
        (contract_confirmed, (True, True, True, True, False, False, False)),
        (ended, (True, True, True, False, False, False, False)),
    ):
        told = (*told, fact)
        await tell(database.dsn, contracted.ContractedProjection(), fact)
        for copy in (MemoryContracted(told), PostgresContracted(database.pool)):
            assert tuple([await copy.covers(*question) for question in asked]) == covered, fact.type


def handed_in(number: int, *hashes: str) -> tuple[str, Fact]:
    prints = tuple(PairsPrint(at=f"/points/0/factors/{n}", sha256=one) for n, one in enumerate(hashes))
    report_id = UUID(int=1000 + number)
    return f"report-{report_id}", submitted.model_copy(update={"report_id": report_id, "prints": prints})


async def append(store: EventStore, stream: str, *facts: Fact) -> None:
    meta = Meta(actor=Actor(account=OPERATOR, kind="operator"), command_id=uuid4(), correlation=uuid4())
    await store.append([Write(stream, len(await store.read(stream)), facts)], meta, "f")


async def test_both_archives_say_the_same_of_earlier_pairs(database: Database) -> None:
    one, two, three = "1" * 64, "2" * 64, "3" * 64
    reports = [handed_in(0, one), handed_in(1, two, one), handed_in(2, one, two), handed_in(3, one)]
    stores: tuple[EventStore, ...] = (MemoryStore(), PostgresStore(database.pool))
    archives: tuple[Archive, ...] = (MemoryArchive(stores[0]), PostgresArchive(database.pool))
    for store, archive in zip(stores, archives, strict=True):
        for stream, fact in reports:
            await append(store, stream, fact)
        found = await archive.earlier(reports[2][0], 1, {one, two, three})
        first, second = UUID(int=1000), UUID(int=1001)
        assert found == {
            one: (EarlierPairs(report_id=first, at="/points/0/factors/0"), EarlierPairs(report_id=second, at="/points/0/factors/1")),
            two: (EarlierPairs(report_id=second, at="/points/0/factors/0"),),
        }  # fmt: skip
        assert await archive.earlier(reports[0][0], 1, {one}) == {}
        assert await archive.earlier(reports[2][0], 1, set()) == {}


async def test_both_archives_know_the_exemptions_of_an_enterprise(database: Database) -> None:
    granted = ExemptionGranted(
        enterprise_id=ENTERPRISE, district="310118", exemption_id=UUID(int=5), rule="W-N", first_day=DAY,
        last_day=DAY, reason_code="site", text="试", by=OPERATOR,
    )  # fmt: skip
    other = granted.model_copy(update={"enterprise_id": OTHER_ENTERPRISE, "exemption_id": UUID(int=6)})
    stores: tuple[EventStore, ...] = (MemoryStore(), PostgresStore(database.pool))
    archives: tuple[Archive, ...] = (MemoryArchive(stores[0]), PostgresArchive(database.pool))
    for store, archive in zip(stores, archives, strict=True):
        for fact in (granted, other):
            await append(store, f"exemption-{fact.exemption_id}", fact)
        assert set(await archive.exemptions(ENTERPRISE)) == {granted.exemption_id}


async def test_what_checks_ask_of_the_log_is_answered_by_indexes(database: Database) -> None:
    """With sequential scans priced out, the plan shows whether an index can answer the question at all."""
    async with database.pool.acquire() as connection:
        await connection.execute("set enable_seqscan = off")
        plans = [
            await connection.fetch(f"explain {sql}", *values)
            for sql, values in (
                (postgres._EARLIER, ("report-1", 1, ['[{"sha256": "x"}]'], ["x"])),
                (postgres._EXEMPTIONS, (str(ENTERPRISE),)),
            )
        ]
    assert [name in str(plan) for name, plan in zip(("events_with_prints", "events_of_exemptions"), plans, strict=True)] == [True, True]  # fmt: skip


async def test_the_log_knows_whose_number_it_is(database: Database) -> None:
    """Claimed by the first that is handed in, kept through a resubmission, free after a withdrawal."""
    store = PostgresStore(database.pool)
    first, second = (UUID(int=2000 + n) for n in range(2))
    for report_id in (first, second):
        facts = [fact.model_copy(update={"report_id": report_id}) for fact in READY]
        await append(store, REPORT.stream(report_id), *facts)

    async def does(report_id: UUID, command: ReportCommand) -> None:
        meta = Meta(actor=Actor(account=OPERATOR, kind="operator"), command_id=uuid4(), correlation=uuid4())
        await handle(store, REPORT, REPORT.stream(report_id), command, CommandContext(meta, "f"))

    await does(first, submit)
    await does(first, check())
    await does(first, return_)
    await does(first, replace(submit, answer="已补充"))
    with pytest.raises(Refused, match=r"report-number\.taken"):
        await does(second, submit)
    await does(first, withdraw)
    await does(second, submit)
