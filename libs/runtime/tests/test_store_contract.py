"""The contract of the port `EventStore`, tested with the stores in memory and in PostgreSQL."""

import asyncio

import pytest
from qingyuan_events import decode_as_written, generate, upcast
from qingyuan_runtime.domain.decider import Claim
from qingyuan_runtime.log.store import (
    ChildrenOpen,
    ClaimTaken,
    CommandReused,
    Conflict,
    EventStore,
    ParentClosed,
    ParentMissing,
    Receipt,
)
from store_writes import added, closed, meta, put, write


def example(type_: str) -> str:
    return (generate.EXAMPLES / f"{type_}.json").read_text()


async def test_what_was_appended_is_read_back_in_order(store: EventStore) -> None:
    await put(store, write("a", 0, added("一"), added("二（括号）")))
    await put(store, write("a", 2, closed()))
    recorded = await store.read("a")
    assert [entry.version for entry in recorded] == [1, 2, 3]
    assert [entry.fact for entry in recorded] == [added("一"), added("二（括号）"), closed()]
    assert recorded[0].meta.traceparent == "00-ab-cd-01"
    assert recorded[0].recorded_at.tzinfo is not None
    assert {entry.epoch for entry in recorded} == {1}


async def test_an_older_version_is_read_in_the_newest_shape(store: EventStore) -> None:
    older = decode_as_written("contract.submitted.v2", example("contract.submitted.v2"))
    await put(store, write("a", 0, older))
    assert [recorded.fact for recorded in await store.read("a")] == [upcast(older)]
    assert upcast(older) != older


async def test_an_unknown_stream_is_empty(store: EventStore) -> None:
    assert list(await store.read("nowhere")) == []


@pytest.mark.parametrize("expected", [0, 2])
async def test_a_wrong_version_is_a_conflict_that_names_the_right_one(
    store: EventStore, expected: int
) -> None:
    await put(store, write("a"))
    with pytest.raises(Conflict) as caught:
        await put(store, write("a", expected))
    assert (caught.value.stream, caught.value.version) == ("a", 1)


async def test_a_version_of_a_stream_that_does_not_exist_is_a_conflict(store: EventStore) -> None:
    with pytest.raises(Conflict):
        await put(store, write("a", 3))


async def test_the_same_command_gets_the_same_answer_once(store: EventStore) -> None:
    once = meta()
    first = await store.append([write("a")], once, "f")
    await put(store, write("a", 1))
    assert await store.append([write("a", 2)], once, "f") == first == Receipt("a", 1)
    assert await store.receipt(once.command_id, "f") == first
    assert len(await store.read("a")) == 2


async def test_a_command_id_with_other_content_is_refused(store: EventStore) -> None:
    once = meta()
    await store.append([write("a")], once, "f")
    with pytest.raises(CommandReused):
        await store.append([write("b")], once, "g")
    with pytest.raises(CommandReused):
        await store.receipt(once.command_id, "g")
    assert list(await store.read("b")) == []


async def test_a_refused_append_does_not_use_up_its_command_id(store: EventStore) -> None:
    once = meta()
    with pytest.raises(Conflict):
        await store.append([write("a", 5)], once, "f")
    assert await store.receipt(once.command_id, "f") is None
    assert (await store.append([write("a")], once, "f")).version == 1


async def test_a_claim_is_made_once_and_for_ever(store: EventStore) -> None:
    code = Claim("outlet-code", "e1/DW001")
    await put(store, write("a", claims=(code,)))
    await put(store, write("a", 1, closed(), closes=True))
    with pytest.raises(ClaimTaken) as caught:
        await put(store, write("b", claims=(code,)))
    assert caught.value.claim == code
    assert list(await store.read("b")) == []


async def test_who_made_a_claim_is_known(store: EventStore) -> None:
    code, other = Claim("outlet-code", "e1/DW001"), Claim("outlet", "e1/DW001")
    assert await store.holder(code) is None
    await put(store, write("a", claims=(code,)))
    assert (await store.holder(code), await store.holder(other)) == ("a", None)


async def test_a_stream_may_claim_its_own_value_again(store: EventStore) -> None:
    code = Claim("outlet-code", "e1/DW001")
    await put(store, write("a", claims=(code,)))
    assert (await put(store, write("a", 1, claims=(code,)))).version == 2


async def test_a_child_needs_an_open_parent(store: EventStore) -> None:
    with pytest.raises(ParentMissing):
        await put(store, write("child", parent="a"))
    await put(store, write("a"))
    await put(store, write("child", parent="a"))
    await put(store, write("child", 1, closed(), closes=True))
    await put(store, write("a", 1, closed(), closes=True))
    with pytest.raises(ParentClosed):
        await put(store, write("late", parent="a"))


async def test_a_parent_with_open_children_stays_open(store: EventStore) -> None:
    await put(store, write("a"))
    await put(store, write("child", parent="a"))
    with pytest.raises(ChildrenOpen):
        await put(store, write("a", 1, closed(), closes=True))
    assert len(await store.read("a")) == 1


async def test_several_streams_are_written_together_or_not_at_all(store: EventStore) -> None:
    await put(store, write("a"))
    assert await put(store, write("b"), write("a", 1, closed())) == Receipt("b", 1)
    with pytest.raises(Conflict):
        await put(store, write("c"), write("a", 1, closed()))
    assert list(await store.read("c")) == []
    assert len(await store.read("a")) == 2


async def test_a_batch_of_many_new_streams_is_one_command(store: EventStore) -> None:
    await put(store, write("a"))
    once = meta()
    writes = [write(f"new-{n}", parent="a") for n in range(500)]
    first = await store.append(writes, once, "f")
    assert await store.append(writes, once, "f") == first
    assert len(await store.read("new-499")) == 1


async def test_open_children_are_known(store: EventStore) -> None:
    await put(store, write("a"))
    await put(store, write("one", parent="a"))
    await put(store, write("two", parent="a"))
    await put(store, write("two", 1, closed(), closes=True))
    assert list(await store.open_children("a")) == ["one"]


async def test_many_at_once_each_hear_their_own_answer(store: EventStore) -> None:
    """Valid commands, repeats, conflicts, taken claims, missing parents and a closing, all at the same time."""
    claim = (Claim("outlet-code", "DW001"),)
    await put(
        store, write("parent"), write("taken", claims=claim), write("full"), write("child", parent="full")
    )
    good = [(write(f"own-{n}", 0, added(), added("二"), parent="parent"), meta()) for n in range(40)]
    bad = [
        (write("taken", 7), Conflict),
        (write("late", claims=claim), ClaimTaken),
        (write("orphan", parent="nobody"), ParentMissing),
        (write("full", 1, closed(), closes=True), ChildrenOpen),
    ]
    mixed = [(wanted, about, None) for pair in zip(good, good, strict=True) for wanted, about in pair]
    mixed[10:10] = [(wanted, meta(), error) for wanted, error in bad]
    mixed[50:50] = [(wanted, meta(), error) for wanted, error in bad]
    answers = await asyncio.gather(
        *(store.append([wanted], about, "f") for wanted, about, _ in mixed), return_exceptions=True
    )
    for (wanted, _, error), answer in zip(mixed, answers, strict=True):
        assert isinstance(answer, error) if error else answer == Receipt(wanted.stream, 2), (wanted, answer)
    assert [len(await store.read(f"own-{n}")) for n in range(40)] == [2] * 40
    assert [len(await store.read(name)) for name in ("late", "orphan", "full")] == [0, 0, 1]


async def test_versions_of_one_stream_in_flight_together_come_in_order(store: EventStore) -> None:
    """All but one conflict each time, and try again until every fact is appended."""

    async def add(number: int) -> None:
        while True:
            try:
                await put(store, write("busy", len(await store.read("busy")), added(f"{number}")))
            except Conflict:
                continue
            return

    await asyncio.gather(*(add(number) for number in range(24)))
    recorded = await store.read("busy")
    assert [entry.version for entry in recorded] == list(range(1, 25))
    assert len({entry.fact.model_dump_json() for entry in recorded}) == 24
