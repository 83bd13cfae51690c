"""A fair queue for costly work: a few requests at a time, taken from the clients in turn, and a limited number waiting."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

Waiting = asyncio.Future[None]


class Crowded(Exception):
    """Too many requests wait already. The client should try again in a moment."""


class FairQueue:
    """At most `at_once` requests are at work. A client that sends a hundred requests delays its own, not those of others.

    At most `waiting` requests wait, and at most `waiting_each` of one client.
    """

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
        """Wait for a turn of the client `who`. Raises `Crowded` where the queue is full."""
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
        turn_given: Waiting = asyncio.get_running_loop().create_future()
        own.append(turn_given)
        self._queues[who] = own
        try:
            await turn_given
        except asyncio.CancelledError:
            if turn_given.done() and not turn_given.cancelled():
                self._next()  # it got its turn at the moment it was cancelled
            else:
                self._leave(who, turn_given)
            raise

    def _leave(self, who: str, turn_given: Waiting) -> None:
        """Remove a cancelled request, so that it takes no room in the queue."""
        queue = self._queues.get(who, deque())
        if turn_given in queue:
            queue.remove(turn_given)
        if not queue:
            self._queues.pop(who, None)

    def _next(self) -> None:
        """Give the turn to the client that has had none for longest."""
        while self._queues:
            who, queue = self._queues.popitem(last=False)
            turn_given = queue.popleft()
            if queue:
                self._queues[who] = queue
            if not turn_given.done():
                turn_given.set_result(None)
                return
        self._free += 1
