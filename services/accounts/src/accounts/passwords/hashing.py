"""Hashes and verifies passwords: argon2id by pwdlib, in threads, a few at a time."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from qingyuan_runtime.edge.fair_queue import FairQueue

AT_ONCE: Final = 2
WAITING: Final = 200
WAITING_EACH: Final = 60
MEMORY_KIB: Final = 19 * 1024
ROUNDS: Final = 2
LANES: Final = 1
"""What one hash costs: docs/decisions/0047. A stored hash names its own cost, so others are verified, too."""


class Passwords:
    """Hashing takes much memory and time by design, so only `AT_ONCE` run at the same time and others wait in a fair queue."""

    def __init__(self) -> None:
        self._hasher = PasswordHash(
            (Argon2Hasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=LANES),)
        )
        self._turns = FairQueue(at_once=AT_ONCE, waiting=WAITING, waiting_each=WAITING_EACH)
        self._unused_hash = self._hasher.hash("nobody has this password")

    def turn(self, who: str) -> AbstractAsyncContextManager[None]:
        """Wait for a turn to call `verify`, in the queue of the client `who`. Raises `Crowded`."""
        return self._turns.turn(who)

    async def hash(self, password: str) -> str:
        async with self.turn("hash"):
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether the password matches the stored hash. For an unknown account it takes as long, and the result is False."""
        right = await asyncio.to_thread(self._hasher.verify, password, stored or self._unused_hash)
        return right and stored is not None
