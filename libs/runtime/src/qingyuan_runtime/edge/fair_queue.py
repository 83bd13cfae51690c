"""A fair queue before costly work: a few at a time, served in turn by whom they come from, and no endless queue."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

Waiting = asyncio.Future[None]


class Crowded(Exception):
    """Too many wait already; coming again in a moment is better than waiting longer."""


class FairQueue:
    """At most `at_once` at work. One who sends a hundred waits behind themselves, not before everybody else."""

    def __init__(self, *, at_once: int, waiting: int, waiting_each: int) -> None:
        self._free = at_once
        self._most = waiting
        self._most_each = waiting_each
        self._queues: OrderedDict[str, deque[Waiting]] = OrderedDict()

    @property
    def waiting(self) -> int:
        return sum(map(len, self._queues.values()))

    @asynccontextmanager
    async def turn(self, who: str) -> AsyncIterator[None]:
        """Raises `Crowded` instead of waiting where the queue is full."""
        if self._free:
            self._free -= 1
        else:
            await self._wait(who)
        try:
            yield
        finally:
            self._next()

    async def _wait(self, who: str) -> None:
        own = self._queues.get(who, deque())
        if len(own) >= self._most_each or self.waiting >= self._most:
            raise Crowded
        called: Waiting = asyncio.get_running_loop().create_future()
        own.append(called)
        self._queues[who] = own
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():
                self._next()  # it was called in the moment it left
            else:
                self._leave(who, called)
            raise

    def _leave(self, who: str, called: Waiting) -> None:
        """Who does not wait any more takes no room of those that do."""
        queue = self._queues.get(who, deque())
        if called in queue:
            queue.remove(called)
        if not queue:
            self._queues.pop(who, None)

    def _next(self) -> None:
        """Hand the place on: the one who comes from where longest nobody was called."""
        while self._queues:
            who, queue = self._queues.popitem(last=False)
            called = queue.popleft()
            if queue:
                self._queues[who] = queue
            if not called.done():
                called.set_result(None)
                return
        self._free += 1
