"""Items that arrive together are done in one batch, each with its own result, and a failure affects only its batch."""

import asyncio
from collections.abc import Sequence

import pytest
from qingyuan_runtime.log.batching import Batcher


class Worker:
    """Doubles numbers once `go` is set; 13 makes its batch fail."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.go = asyncio.Event()

    async def work(self, items: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(items))
        await self.go.wait()
        if 13 in items:
            raise ValueError("13")
        return [2 * item for item in items]


async def begun(batcher: Batcher[int, int], *items: int) -> list[asyncio.Task[int]]:
    tasks = [asyncio.create_task(batcher.do(item)) for item in items]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_free_writers_start_at_once_and_items_are_collected_while_all_are_busy() -> None:
    worker = Worker()
    batcher = Batcher(worker.work, writers=2, most=3)
    early = await begun(batcher, 0)
    early += await begun(batcher, 1)
    late = await begun(batcher, *range(2, 9))
    assert worker.batches == [[0], [1]]
    worker.go.set()
    assert await asyncio.gather(*early, *late) == [2 * number for number in range(9)]
    assert worker.batches[2:] == [[2, 3, 4], [5, 6, 7], [8]]


async def test_a_failure_affects_only_its_batch_and_later_items_succeed() -> None:
    worker = Worker()
    batcher = Batcher(worker.work, writers=1, most=2)
    tasks = await begun(batcher, 0)
    tasks += await begun(batcher, 12, 13, 14)
    worker.go.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [results[0], results[3]] == [0, 28]
    assert all(isinstance(result, ValueError) for result in results[1:3])
    assert await batcher.do(5) == 10


async def test_a_cancelled_caller_does_not_affect_the_others_of_its_batch() -> None:
    worker = Worker()
    batcher = Batcher(worker.work, writers=1, most=9)
    tasks = await begun(batcher, 0)
    tasks += await begun(batcher, 1, 2)
    tasks[1].cancel()
    worker.go.set()
    with pytest.raises(asyncio.CancelledError):
        await tasks[1]
    assert await tasks[2] == 4


async def test_writers_share_what_comes_together() -> None:
    """As where all callers of a batch get their results at one time, and at once come again."""
    worker = Worker()
    batcher = Batcher(worker.work, writers=2, most=32)
    tasks = await begun(batcher, *range(20, 40))
    assert [len(batch) for batch in worker.batches] == [10, 8]
    tasks += await begun(batcher, *range(40, 43))
    worker.go.set()
    assert await asyncio.gather(*tasks) == [2 * number for number in range(20, 43)]
    assert [len(batch) for batch in worker.batches] == [10, 8, 5]
