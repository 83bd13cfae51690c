"""Work that is cheaper together: what arrives while the hands are full waits, and is then done in one go."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Batcher(Generic[T, R]):
    """At most `hands` batches of up to `most` things at a time; a free hand takes what is there and waits for nothing.

    `work` answers for each thing in order; if it raises, all of its batch hear so. Whoever stops waiting does not stop
    the work: it may be done all the same, as with any answer that gets lost on its way.
    """

    def __init__(
        self, work: Callable[[Sequence[T]], Awaitable[Sequence[R]]], *, hands: int, most: int
    ) -> None:
        self._work = work
        self._free = hands
        self._most = most
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._busy: set[asyncio.Task[None]] = set()

    async def do(self, thing: T) -> R:
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((thing, answer))
        if self._free:
            self._free -= 1
            task = asyncio.create_task(self._hand())
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)
        return await answer

    async def _hand(self) -> None:
        try:
            while self._waiting:
                number = min(self._most, len(self._waiting))
                await self._batch([self._waiting.popleft() for _ in range(number)])
        finally:
            self._free += 1

    async def _batch(self, batch: Sequence[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._work([thing for thing, _ in batch])
        except Exception as error:
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(error)
            return
        for (_, answer), result in zip(batch, results, strict=True):
            if not answer.done():
                answer.set_result(result)
