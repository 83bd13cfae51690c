"""An operator without business for two whole years is locked once a year, whenever the service comes to look."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from uuid import UUID

import asyncpg
import pytest
from business_facts import WHOSE, meta, works
from filing.business.locking import Locking
from filing.business.projection import MODEL, create_script
from filing.domain.filings.decider import FILING
from filing_samples import OPERATOR
from qingyuan_events import Fact
from qingyuan_events.filing import Filed, FilingFact, FilingReactivated, FilingReactivationAsked
from qingyuan_events.tasks import ContractConfirmed, ContractSubmittedV3, ContractTerms, VisitOpened
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.following.rebuilding import ensure_live
from qingyuan_runtime.log.handling import CommandContext, append, load
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script as store_script
from test_filings import FIRST_PASSED

pytestmark = pytest.mark.servers

IDLE = UUID(int=900)


class Office:
    """The service's database, and a clock."""

    def __init__(self, locking: Locking) -> None:
        self.locking = locking
        self.now = datetime(2026, 6, 1, tzinfo=UTC)

    async def files(self, operator_id: UUID, filed_on: date) -> None:
        facts = (
            *(fact.model_copy(update={"operator_id": operator_id}) for fact in FIRST_PASSED),
            Filed(operator_id=operator_id, number=1, basics_version=2, resources=(), filed_on=filed_on),
        )
        await self.adds(operator_id, 0, *facts)

    async def adds(self, operator_id: UUID, expected: int, *facts: FilingFact) -> None:
        write = Write(FILING.stream(operator_id), expected, facts)
        await append(self.locking.store, (write,), CommandContext(meta(), "f"))

    async def locked(self, day: date) -> int:
        self.now = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        return await self.locking.sweep()

    async def standing(self, operator_id: UUID) -> str:
        _, state = await load(self.locking.store, FILING, FILING.stream(operator_id))
        return state.standing


@pytest.fixture
async def office(postgres_server: DatabaseServer) -> AsyncIterator[tuple[Office, str]]:
    dsn = await postgres_server.fresh("locking")
    connection = await asyncpg.connect(dsn)
    await connection.execute(store_script())
    await connection.close()
    await ensure_live(dsn, MODEL, create_script())
    async with await open_pool(dsn, size=2) as pool:
        office: Office = Office(Locking(pool, PostgresStore(pool), lambda: office.now))
        yield office, dsn


def contract(last_day: date) -> tuple[Fact, ...]:
    terms = ContractTerms(
        number="1",
        name="合同",
        operator_name="甲",
        enterprise_name="乙",
        first_day=date(2023, 1, 1),
        last_day=last_day,
    )
    contract_id = UUID(int=902)
    return (
        ContractSubmittedV3(contract_id=contract_id, **WHOSE, terms=terms),
        ContractConfirmed(contract_id=contract_id, **WHOSE, points=()),
    )


async def test_two_years_without_business_lock_it_once(office: tuple[Office, str]) -> None:
    desk, _ = office
    await desk.files(IDLE, date(2023, 12, 31))
    assert await desk.locked(date(2025, 12, 31)) == 0, "the second year is not over"
    assert await desk.locked(date(2026, 1, 1)) == 1
    assert await desk.locked(date(2026, 1, 2)) == 0
    assert await desk.standing(IDLE) == "locked"


async def test_who_was_filed_in_those_years_or_had_a_contract_or_a_visit_is_not_locked(
    office: tuple[Office, str],
) -> None:
    desk, dsn = office
    await desk.files(IDLE, date(2024, 1, 1))
    await desk.files(OPERATOR, date(2022, 1, 1))
    await works(dsn, *contract(date(2024, 1, 1)))
    assert await desk.locked(date(2026, 1, 1)) == 0
    assert await desk.locked(date(2027, 1, 1)) == 2


async def test_a_visit_counts_for_its_year(office: tuple[Office, str]) -> None:
    desk, dsn = office
    await desk.files(OPERATOR, date(2022, 1, 1))
    moment = datetime(2024, 12, 31, 15, tzinfo=UTC)
    opened = VisitOpened(
        visit_id=UUID(int=903),
        **WHOSE,
        outlet_id=UUID(int=904),
        point_id=UUID(int=905),
        by=UUID(int=1),
        claimed_at=moment,
        received_at=moment,
    )
    await works(dsn, opened)
    assert await desk.locked(date(2026, 12, 31)) == 0
    assert await desk.locked(date(2027, 1, 1)) == 1


async def test_after_a_reactivation_it_stays_active_until_the_next_year(office: tuple[Office, str]) -> None:
    desk, _ = office
    await desk.files(IDLE, date(2020, 1, 1))
    assert await desk.locked(date(2026, 3, 1)) == 1
    expected = len(FIRST_PASSED) + 2
    asked = FilingReactivationAsked(operator_id=IDLE, reason="新签合同")
    reactivated = FilingReactivated(operator_id=IDLE, reason="已核对")
    await desk.adds(IDLE, expected, asked, reactivated)
    assert await desk.locked(date(2026, 12, 1)) == 0
    assert await desk.locked(date(2027, 1, 1)) == 1
