"""Batches work that is cheaper together: what arrives while all writers are busy is done in the next batch."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from math import ceil
from typing import Final, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

SHARE_MIN: Final = 8


class Batcher(Generic[T, R]):
    """Runs at most `writers` batches at a time, each of up to `most` items. A free writer starts at once with what is there.

    `work` returns a result for each item, in order; what it raises is raised to every caller of the batch. A caller that is
    cancelled does not stop the work, so its item may be done all the same.
    """

    def __init__(
        self, work: Callable[[Sequence[T]], Awaitable[Sequence[R]]], *, writers: int, most: int
    ) -> None:
        self._work = work
        self._free = writers
        self._writers = writers
        self._most = most
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._busy: set[asyncio.Task[None]] = set()

    async def do(self, item: T) -> R:
        result: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, result))
        if self._free:
            self._free -= 1
            task = asyncio.create_task(self._writer())
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)
        return await result

    async def _writer(self) -> None:
        try:
            while self._waiting:
                await self._batch([self._waiting.popleft() for _ in range(self._share())])
        finally:
            self._free += 1

    def _share(self) -> int:
        """How many items the next batch has.

        Items whose results come together are often followed by as many new ones at one time. If one writer took them all,
        the others would have nothing to do, so each takes its share, unless that is too small to be worth a batch.
        """
        share = max(SHARE_MIN, ceil(len(self._waiting) / self._writers))
        return min(share, self._most, len(self._waiting))

    async def _batch(self, batch: Sequence[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._work([item for item, _ in batch])
        except Exception as error:
            for _, waiting in batch:
                if not waiting.done():
                    waiting.set_exception(error)
            return
        for (_, waiting), result in zip(batch, results, strict=True):
            if not waiting.done():
                waiting.set_result(result)
