"""A client that floods the queue delays only its own requests."""

import asyncio

import pytest
from qingyuan_runtime.edge.fair_queue import Crowded, FairQueue


async def work(turns: FairQueue, who: str, done: list[str]) -> None:
    async with turns.turn(who):
        await asyncio.sleep(0)
        done.append(who)


async def test_a_flood_from_one_place_holds_up_another_by_one_turn() -> None:
    turns, done = FairQueue(at_once=1, waiting=100, waiting_each=50), list[str]()
    flood = [asyncio.create_task(work(turns, "flood", done)) for _ in range(40)]
    await asyncio.sleep(0)
    person = asyncio.create_task(work(turns, "person", done))
    await asyncio.gather(*flood, person)
    assert done.index("person") <= 4  # of forty
    assert len(done) == 41


async def test_two_at_once_and_no_more() -> None:
    turns, at_work, most = FairQueue(at_once=2, waiting=100, waiting_each=100), 0, 0

    async def counted(who: str) -> None:
        nonlocal at_work, most
        async with turns.turn(who):
            at_work += 1
            most = max(most, at_work)
            await asyncio.sleep(0)
            at_work -= 1

    await asyncio.gather(*(counted(str(n % 3)) for n in range(30)))
    assert (at_work, most) == (0, 2)


async def test_a_full_queue_says_so_at_once_for_one_place_and_for_all() -> None:
    turns, hold = FairQueue(at_once=1, waiting=3, waiting_each=2), asyncio.Event()

    async def holding(who: str) -> None:
        async with turns.turn(who):
            await hold.wait()

    tasks = [asyncio.create_task(holding(who)) for who in ("a", "a", "a", "b")]
    await asyncio.sleep(0)
    for who in ("a", "c"):
        with pytest.raises(Crowded):
            async with turns.turn(who):
                pass
    hold.set()
    await asyncio.gather(*tasks)
    async with turns.turn("c"):
        pass


async def test_one_who_leaves_the_queue_takes_no_turn_with_them() -> None:
    turns, done = FairQueue(at_once=1, waiting=10, waiting_each=10), list[str]()
    async with turns.turn("first"):
        leaving = asyncio.create_task(work(turns, "leaving", done))
        staying = asyncio.create_task(work(turns, "staying", done))
        await asyncio.sleep(0)
        leaving.cancel()
    await staying
    assert done == ["staying"]
    async with turns.turn("next"):
        pass


async def test_one_who_leaves_in_the_moment_of_being_called_hands_the_turn_on() -> None:
    turns, done = FairQueue(at_once=1, waiting=10, waiting_each=10), list[str]()
    async with turns.turn("first"):
        leaving = asyncio.create_task(work(turns, "leaving", done))
        staying = asyncio.create_task(work(turns, "staying", done))
        await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.wait_for(staying, 5)
    assert done == ["staying"]


async def test_who_has_left_is_counted_neither_for_their_place_nor_for_all() -> None:
    """A client that disconnects five times must not be refused the sixth time."""
    turns, done = FairQueue(at_once=1, waiting=3, waiting_each=2), list[str]()
    async with turns.turn("first"):
        for _ in range(5):
            leaving = [asyncio.create_task(work(turns, who, done)) for who in ("a", "a", "b")]
            await asyncio.sleep(0)
            assert turns.waiting == 3
            for task in leaving:
                task.cancel()
            await asyncio.gather(*leaving, return_exceptions=True)
            assert turns.waiting == 0
        staying = asyncio.create_task(work(turns, "a", done))
        await asyncio.sleep(0)
    await staying
    assert done == ["a"]


async def test_who_leaves_from_the_middle_leaves_the_others_in_their_order() -> None:
    turns, done = FairQueue(at_once=1, waiting=10, waiting_each=10), list[str]()
    order: list[int] = []

    async def numbered(number: int) -> None:
        async with turns.turn("a"):
            order.append(number)

    async with turns.turn("first"):
        tasks = [asyncio.create_task(numbered(number)) for number in range(4)]
        other = asyncio.create_task(work(turns, "b", done))
        await asyncio.sleep(0)
        tasks[1].cancel()
        await asyncio.gather(tasks[1], return_exceptions=True)
        assert turns.waiting == 4
    await asyncio.gather(*tasks, other, return_exceptions=True)
    assert (order, done) == ([0, 2, 3], ["b"])
