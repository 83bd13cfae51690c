"""Tells open pages when their number of unread messages changes: one connection to PostgreSQL listens for all of them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_runtime.database.connections import connect

from messages.inbox import audience_keys
from messages.message_writing import CHANNEL

HEARTBEAT_SECONDS: Final = 15.0
"""Proxies and the gateway close a connection that is silent for longer."""
CHECK_SECONDS: Final = 5.0
HEARTBEAT: Final = b": still here\n\n"

Count = Callable[[Actor], Awaitable[int]]


class TooManyStreams(Exception):
    """The account has as many open streams as one account may have."""


@dataclass(eq=False)
class Subscriber:
    account: UUID
    keys: frozenset[str]
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Hub:
    def __init__(self, per_account: int) -> None:
        self._per_account = per_account
        self._subscribers: set[Subscriber] = set()

    def subscribe(self, actor: Actor) -> Subscriber:
        """Raises `TooManyStreams`."""
        open_now = Counter(subscriber.account for subscriber in self._subscribers)
        if open_now[actor.account] >= self._per_account:
            raise TooManyStreams
        subscriber = Subscriber(actor.account, audience_keys(actor))
        self._subscribers.add(subscriber)
        return subscriber

    def leave(self, subscriber: Subscriber) -> None:
        self._subscribers.discard(subscriber)

    def tell(self, key: str) -> None:
        for subscriber in self._subscribers:
            if key in subscriber.keys:
                subscriber.changed.set()

    async def listen(self, dsn: str) -> None:
        """Until the connection breaks, which raises; the supervisor starts it again, and then everybody counts anew."""
        connection = await connect(dsn, patience=CHECK_SECONDS)
        try:
            await connection.add_listener(CHANNEL, self._notified)
            for subscriber in self._subscribers:
                subscriber.changed.set()
            while True:
                await asyncio.sleep(CHECK_SECONDS)
                await connection.execute("select 1")
        finally:
            connection.terminate()

    def _notified(self, _connection: Any, _pid: int, _channel: str, payload: object) -> None:
        self.tell(str(payload))


async def events(
    hub: Hub, subscriber: Subscriber, actor: Actor, count: Count, *, heartbeat: float = HEARTBEAT_SECONDS
) -> AsyncIterator[bytes]:
    """Server-sent events `unread`: the number at once, and then whenever it changes."""
    try:
        told: int | None = None
        while True:
            subscriber.changed.clear()
            number = await count(actor)
            if number != told:
                told = number
                yield f"event: unread\ndata: {number}\n\n".encode()
            while not await _within(subscriber.changed, heartbeat):
                yield HEARTBEAT
    finally:
        hub.leave(subscriber)


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
