"""One voids, another claims what it gives back: whatever happens at once or breaks off, there is never a second holder."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest
from counting import until
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.domain.decider import Claim
from qingyuan_runtime.log.store import ClaimTaken, Conflict, ParentClosed, Write
from qingyuan_runtime.log.store_postgres import PostgresStore, _arguments
from qingyuan_runtime.log.store_schema import create_script
from store_writes import ends, meta, put, write

pytestmark = pytest.mark.servers
CODE = Claim("outlet-code", "e1/DW001")
TIMES = 25
_ADD = "select add_write($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"


@dataclass
class Log:
    dsn: str
    pool: Pool
    store: PostgresStore

    async def folded(self) -> dict[str, str]:
        """Who holds the code, told from the facts: the one stream that has claimed it and was not voided.

        The order of facts of different streams says nothing: a claim that waited for a voiding may have the older
        transaction, and then comes before it in the log.
        """
        rows = await self.pool.fetch("select stream_id, type from events where stream_id <> 'parent'")
        voided = {row["stream_id"] for row in rows if row["type"] == "outlet.voided.v1"}
        holders = {row["stream_id"] for row in rows} - voided
        assert len(holders) <= 1, f"several holders: {sorted(holders)}"
        return dict(zip([CODE.value], holders, strict=False))

    async def agrees(self) -> bool:
        rows = await self.pool.fetch("select value, stream_id from claims")
        return {row["value"]: row["stream_id"] for row in rows} == await self.folded()


@pytest.fixture
async def log(postgres_server: DatabaseServer) -> AsyncIterator[Log]:
    dsn = await postgres_server.fresh("voiding")
    async with await open_pool(dsn, size=8) as pool:
        await pool.execute(create_script())
        yield Log(dsn, pool, PostgresStore(pool))


async def carried_out(log: Log, wanted: Write) -> bool:
    try:
        await put(PostgresStore(log.pool), wanted)
    except (ClaimTaken, Conflict, ParentClosed):
        return False
    return True


async def test_a_voiding_and_a_claim_at_once_end_in_one_order_or_the_other(log: Log) -> None:
    """Each in a store of its own, as two processes of the service are."""
    holder = "outlet-0"
    await put(log.store, write(holder, claims=(CODE,)))
    outcomes = set()
    for number in range(1, TIMES + 1):
        following = f"outlet-{number}"
        outcome = await asyncio.gather(
            carried_out(log, ends(holder, voids=True)), carried_out(log, write(following, claims=(CODE,)))
        )
        outcomes.add(tuple(outcome))
        assert await log.agrees()
        if not outcome[1]:
            assert await carried_out(log, write(following, claims=(CODE,)))
        holder = following
    assert outcomes <= {(True, True), (True, False)}


async def test_of_many_who_want_what_is_given_back_only_the_first_gets_it(log: Log) -> None:
    await put(log.store, write("outlet-0", claims=(CODE,)))
    wanted = [write(f"outlet-{n}", claims=(CODE,)) for n in range(1, 12)]
    answers = await asyncio.gather(
        *(carried_out(log, w) for w in (*wanted[:5], ends("outlet-0", voids=True), *wanted[5:]))
    )
    assert answers[5]
    assert sum(answers) <= 2
    assert await log.agrees()


@pytest.mark.parametrize("commits", [True, False])
async def test_a_claim_waits_for_a_voiding_under_way(log: Log, commits: bool) -> None:
    await put(log.store, write("outlet-0", claims=(CODE,)))
    voiding = await asyncpg.connect(log.dsn)
    held = voiding.transaction()
    await held.start()
    await voiding.execute(_ADD, *_arguments(ends("outlet-0", voids=True), meta()))
    claiming = asyncio.ensure_future(carried_out(log, write("outlet-1", claims=(CODE,))))
    await until(lambda: waits(log))
    assert not claiming.done()
    await (held.commit() if commits else held.rollback())
    assert await claiming is commits
    assert await log.agrees()
    await voiding.close()


async def waits(log: Log) -> bool:
    return bool(await log.pool.fetchval("select count(*) from pg_locks where not granted"))


async def test_a_child_that_comes_while_its_parent_is_voided_has_a_parent_or_is_refused(log: Log) -> None:
    await put(log.store, write("parent"))
    adding = await asyncpg.connect(log.dsn)
    held = adding.transaction()
    await held.start()
    await adding.execute(_ADD, *_arguments(write("outlet-1", parent="parent", claims=(CODE,)), meta()))
    voiding = asyncio.ensure_future(put(log.store, ends("parent", voids=True)))
    await until(lambda: waits(log))
    await held.commit()
    answer = await asyncio.gather(voiding, return_exceptions=True)
    assert [type(refused).__name__ for refused in answer] == ["ChildrenNotVoided"]
    await adding.close()


@pytest.mark.parametrize("table", ["streams", "claims", "events", "commands"])
async def test_a_voiding_that_is_killed_at_any_of_its_steps_has_not_happened(log: Log, table: str) -> None:
    """It waits at its first touch of this table, and is ended there. A repeat of the same command carries it out."""
    await put(log.store, write("outlet-0", claims=(CODE,)))
    once, voiding = meta(), ends("outlet-0", voids=True)
    async with log.pool.acquire() as blocking, blocking.transaction():
        await blocking.execute(f"lock table {table} in share mode")
        trying = asyncio.ensure_future(log.store.append([voiding], once, "f"))
        await until(lambda: waits(log))
        await blocking.execute(
            "select pg_terminate_backend(pid) from pg_locks where not granted and pid <> pg_backend_pid()"
        )
        (broken,) = await asyncio.gather(trying, return_exceptions=True)
        assert isinstance(broken, asyncpg.PostgresError | asyncpg.InterfaceError | OSError)
    assert (await log.store.holder(CODE), await log.agrees()) == ("outlet-0", True)
    assert not await carried_out(log, write("outlet-1", claims=(CODE,)))
    await log.store.append([voiding], once, "f")
    assert await carried_out(log, write("outlet-1", claims=(CODE,)))
    assert await log.agrees()
