"""A stream that never was is voided after its children; what a stream voids or releases may be claimed by another."""

import pytest
from qingyuan_runtime.domain.decider import Claim
from qingyuan_runtime.log.store import (
    ChildrenNotVoided,
    ChildrenOpen,
    ClaimTaken,
    EventStore,
    ParentClosed,
    Receipt,
    Write,
)
from store_writes import added, closed, ends, meta, put, voided, write

CODE, MN = Claim("outlet-code", "e1/DW001"), Claim("mn", "A" * 24)


async def test_a_voiding_gives_back_all_that_its_stream_has_claimed_and_no_more(store: EventStore) -> None:
    others = Claim("outlet-code", "e2/DW001")
    await put(store, write("other", claims=(others,)))
    await put(store, write("a", claims=(CODE,)))
    await put(store, write("a", 1, claims=(MN,)))
    await put(store, ends("a", 2, voids=True))
    assert [await store.holder(claim) for claim in (CODE, MN, others)] == [None, None, "other"]
    await put(store, write("b", claims=(CODE, MN)))
    assert await store.holder(CODE) == "b"


async def test_what_is_claimed_and_voided_at_once_is_free_again(store: EventStore) -> None:
    await put(store, write("a", 0, added(), voided(), claims=(CODE,), closes=True, voids=True))
    assert await store.holder(CODE) is None


async def test_a_stream_may_release_what_it_has_claimed_and_go_on(store: EventStore) -> None:
    await put(store, write("a", claims=(CODE,)))
    await put(store, write("a", 1, releases=True))
    await put(store, write("b", claims=(CODE,)))
    assert await store.holder(CODE) == "b"
    await put(store, write("child", parent="a"))
    with pytest.raises(ClaimTaken):
        await put(store, write("a", 2, claims=(CODE,)))


async def test_a_release_comes_before_the_claims_of_its_own_write(store: EventStore) -> None:
    await put(store, write("a", claims=(CODE, MN)))
    await put(store, write("a", 1, claims=(MN,), releases=True))
    assert [await store.holder(claim) for claim in (CODE, MN)] == [None, "a"]


async def test_a_closing_gives_nothing_back(store: EventStore) -> None:
    await put(store, write("a", claims=(CODE,)))
    await put(store, ends("a"))
    with pytest.raises(ClaimTaken):
        await put(store, write("b", claims=(CODE,)))


async def test_a_parent_is_voided_only_after_its_children(store: EventStore) -> None:
    await put(store, write("a", claims=(CODE,)))
    await put(store, write("child", parent="a"))
    with pytest.raises(ChildrenNotVoided) as caught:
        await put(store, ends("a", voids=True))
    assert (caught.value.stream, await store.holder(CODE)) == ("a", "a")
    await put(store, ends("child", voids=True))
    assert await put(store, ends("a", voids=True)) == Receipt("a", 2)
    with pytest.raises(ParentClosed):
        await put(store, write("late", parent="a"))


async def test_a_child_that_was_once_in_use_keeps_its_parent_from_being_voided(store: EventStore) -> None:
    """It was closed, so it was there, and its parent was too: that may be closed and not voided."""
    await put(store, write("a"))
    await put(store, write("child", parent="a"))
    await put(store, ends("child"))
    with pytest.raises(ChildrenNotVoided):
        await put(store, ends("a", voids=True))
    await put(store, ends("a"))


async def test_a_parent_of_voided_children_may_be_closed(store: EventStore) -> None:
    await put(store, write("a"))
    await put(store, write("child", parent="a"))
    with pytest.raises(ChildrenOpen):
        await put(store, ends("a"))
    await put(store, ends("child", voids=True))
    await put(store, ends("a"))


async def test_a_refused_voiding_among_several_writes_gives_nothing_back(store: EventStore) -> None:
    await put(store, write("a", claims=(CODE,)), write("b"))
    await put(store, write("child", parent="b"))
    with pytest.raises(ChildrenNotVoided):
        await put(store, ends("a", voids=True), ends("b", voids=True))
    assert await store.holder(CODE) == "a"


async def test_a_voiding_that_is_repeated_takes_nothing_from_the_next_holder(store: EventStore) -> None:
    await put(store, write("a", claims=(CODE,)))
    once, voiding = meta(), ends("a", voids=True)
    first = await store.append([voiding], once, "f")
    await put(store, write("b", claims=(CODE,)))
    assert await store.append([voiding], once, "f") == first
    assert await store.holder(CODE) == "b"


async def test_voiding_and_registering_anew_may_be_one_command(store: EventStore) -> None:
    await put(store, write("a", claims=(CODE,)))
    await put(store, ends("a", voids=True), write("b", claims=(CODE,)))
    assert await store.holder(CODE) == "b"
    await put(store, Write("b", 1, (closed(),), closes=True))
