"""A history is put into an empty log or not at all, once, with its times."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from qingyuan_cli.seeding.history.loading import NotOfTheDemo, load, require_loadable
from qingyuan_cli.seeding.history.playing import Appended, Clock, JournalStore
from qingyuan_events import Actor, Fact, Meta
from qingyuan_events.tasks import ContractDeclined, ContractReminded
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.domain.decider import Claim
from qingyuan_runtime.log.store import ParentClosed, Write
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script

pytestmark = pytest.mark.servers
THEN = datetime(2026, 10, 5, 1, tzinfo=UTC)
CONTRACT = UUID(int=7)
STREAM = f"contract-{CONTRACT}"


def reminded(number: int) -> Fact:
    ids = {"contract_id": CONTRACT, "operator_id": UUID(int=8), "enterprise_id": UUID(int=9)}
    return ContractReminded(**ids, district="310118", number=number, reminded_at=THEN)


async def test_what_a_voided_stream_has_claimed_is_its_next_holders(log: str) -> None:
    clock, claim = Clock(THEN), Claim("contract", "LC-1")
    store = JournalStore(clock)
    await store.append([Write(STREAM, 0, (reminded(1),), claims=(claim,))], meta(), "first")
    await store.append([Write(STREAM, 1, (reminded(2),), closes=True, voids=True)], meta(), "second")
    await store.append([Write("contract-next", 0, (reminded(1),), claims=(claim,))], meta(), "third")
    await load(log, store.journal)
    async with store_of(log) as loaded:
        assert await loaded.holder(claim) == "contract-next"
        with pytest.raises(ParentClosed):
            await loaded.append([Write("child", 0, (reminded(1),), parent=STREAM)], meta(), "fourth")


async def test_what_a_stream_has_released_is_its_next_holders(log: str) -> None:
    clock, claim, other = Clock(THEN), Claim("plate", "1"), Claim("plate", "2")
    store = JournalStore(clock)
    await store.append([Write(STREAM, 0, (reminded(1),), claims=(claim,))], meta(), "first")
    corrected = Write(STREAM, 1, (reminded(2),), claims=(other,), releases=True)
    await store.append([corrected], meta(), "second")
    await store.append([Write("contract-next", 0, (reminded(1),), claims=(claim,))], meta(), "third")
    await load(log, store.journal)
    async with store_of(log) as loaded:
        assert (await loaded.holder(claim), await loaded.holder(other)) == ("contract-next", STREAM)


async def journal() -> Sequence[Appended]:
    """Two appends to one stream, an hour apart."""
    clock = Clock(THEN)
    store = JournalStore(clock)
    claim = Claim("contract", "LC-1")
    await store.append([Write(STREAM, 0, (reminded(1), reminded(2)), claims=(claim,))], meta(), "first")
    clock.now += timedelta(hours=1)
    await store.append([Write(STREAM, 2, (reminded(3),))], meta(), "second")
    return store.journal


def meta() -> Meta:
    return Meta(actor=Actor(account=UUID(int=1), kind="operator"), command_id=uuid4(), correlation=uuid4())


@pytest.fixture
async def log(postgres_server: DatabaseServer) -> str:
    dsn = await postgres_server.fresh("history")
    connection = await asyncpg.connect(dsn)
    await connection.execute(create_script())
    await connection.close()
    return dsn


@asynccontextmanager
async def store_of(dsn: str) -> AsyncIterator[PostgresStore]:
    pool = await open_pool(dsn)
    yield PostgresStore(pool)
    await pool.close()


async def test_the_log_holds_it_as_if_it_had_been_appended_then(log: str) -> None:
    played = await journal()
    await load(log, played)
    async with store_of(log) as store:
        recorded = await store.read(STREAM)
        assert [(entry.version, entry.epoch) for entry in recorded] == [(1, 1), (2, 1), (3, 1)]
        assert [entry.recorded_at for entry in recorded] == [THEN, THEN, THEN + timedelta(hours=1)]
        assert [entry.meta for entry in recorded] == [played[0].meta, played[0].meta, played[1].meta]
        assert await store.receipt(played[1].meta.command_id, "second") == played[1].receipt
        assert await store.holder(Claim("contract", "LC-1")) == STREAM


async def test_the_stream_goes_on_from_there(log: str) -> None:
    await load(log, await journal())
    declined = ContractDeclined(contract_id=CONTRACT, operator_id=UUID(int=8), enterprise_id=UUID(int=9), district="310118", reason="x")  # fmt: skip
    async with store_of(log) as store:
        await store.append([Write(STREAM, 3, (declined,))], meta(), "later")
        assert (await store.read(STREAM))[-1].version == 4


async def test_loading_again_adds_nothing(log: str) -> None:
    played = await journal()
    await load(log, played)
    await load(log, played)
    async with store_of(log) as store:
        assert len(await store.read(STREAM)) == 3


async def test_a_log_that_holds_anything_else_is_left_alone(log: str) -> None:
    await load(log, await journal())
    another = await journal()
    for refusing in (load, require_loadable):
        with pytest.raises(NotOfTheDemo):
            await refusing(log, another)
    async with store_of(log) as store:
        assert len(await store.read(STREAM)) == 3


async def test_a_restored_log_is_left_alone(log: str) -> None:
    connection = await asyncpg.connect(log)
    await connection.execute("update store_epoch set epoch = 2")
    await connection.close()
    with pytest.raises(NotOfTheDemo):
        await load(log, await journal())
