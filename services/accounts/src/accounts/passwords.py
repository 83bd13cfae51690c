"""Passwords: argon2id by pwdlib, away from the event loop, a few at a time."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from qingyuan_runtime.edge.fair_queue import FairQueue

AT_ONCE: Final = 2
WAITING: Final = 200
WAITING_EACH: Final = 60


class Passwords:
    """Hashing costs memory and a core by design, so only `AT_ONCE` run at the same time and others take turns."""

    def __init__(self) -> None:
        self._hasher = PasswordHash((Argon2Hasher(),))
        self._turns = FairQueue(at_once=AT_ONCE, waiting=WAITING, waiting_each=WAITING_EACH)
        self._nobody = self._hasher.hash("nobody has this password")

    def turn(self, who: str) -> AbstractAsyncContextManager[None]:
        """A turn at `fits`, in line with others from the same place. Raises `Crowded`."""
        return self._turns.turn(who)

    async def hash(self, password: str) -> str:
        async with self.turn("hash"):
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, password: str, stored: str | None) -> bool:
        """Whether it is the right one. For an unknown account the same work is done, and the answer is no."""
        right = await asyncio.to_thread(self._hasher.verify, password, stored or self._nobody)
        return right and stored is not None
