"""The given/when/then of read models and reactions, and that it finds wrong ones."""

from collections.abc import Sequence

import pytest
from counting import Counting, outlet
from qingyuan_events import Fact, Recorded
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.following.testing import history, rows_after
from qingyuan_runtime.log.causes import caused_by
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.reacting.testing import own_facts_after

FACTS = [*history("outlet-1", outlet("一"), outlet("二")), *history("outlet-2", outlet("三"))]
COUNTED = "select stream_id, facts, in_order from counted order by stream_id"


@pytest.mark.servers
async def test_a_read_model_has_the_same_rows_for_every_delivery(postgres_server: DatabaseServer) -> None:
    dsn = await postgres_server.fresh("view")
    rows = await rows_after(dsn, Counting("outlets"), Counting.table, FACTS, COUNTED)
    assert rows == [("outlet-1", 2, True), ("outlet-2", 1, True)]


class LastStream(Counting):
    """Wrong: keeps only the last fact of all streams."""

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        await connection.execute("delete from counted")
        await super().apply(connection, facts[-1:])


@pytest.mark.servers
async def test_dependence_on_the_order_of_streams_is_found(postgres_server: DatabaseServer) -> None:
    dsn = await postgres_server.fresh("view")
    with pytest.raises(AssertionError, match="the last stream first"):
        await rows_after(dsn, LastStream("outlets"), Counting.table, FACTS, COUNTED)


@pytest.mark.servers
async def test_a_fact_that_cannot_be_applied_is_found(postgres_server: DatabaseServer) -> None:
    dsn = await postgres_server.fresh("view")
    with pytest.raises(AssertionError, match=r"dead letters.*cannot digest this"):
        await rows_after(dsn, Counting("outlets", poison="outlet-2"), Counting.table, FACTS, COUNTED)


async def test_a_reaction_appends_once_and_ignores_a_repeat() -> None:
    store = MemoryStore()

    async def react(fact: Recorded[Fact]) -> None:
        context = caused_by(fact, "echo")
        if await store.receipt(context.meta.command_id, context.fingerprint) is None:
            version = len(await store.read("echo"))
            await store.append([Write("echo", version, (fact.fact,))], context.meta, context.fingerprint)

    appended = await own_facts_after(react, store, FACTS)
    assert [recorded.fact for recorded in appended] == [fact.fact for fact in FACTS]
    assert [recorded.meta.causation for recorded in appended] == [fact.id for fact in FACTS]


async def test_a_reaction_that_appends_again_for_a_repeat_is_found() -> None:
    store = MemoryStore()

    async def react(fact: Recorded[Fact]) -> None:
        version = len(await store.read("echo"))
        context = caused_by(fact, "echo", str(version))
        await store.append([Write("echo", version, (fact.fact,))], context.meta, context.fingerprint)

    with pytest.raises(AssertionError, match="a repeat led to"):
        await own_facts_after(react, store, FACTS)
