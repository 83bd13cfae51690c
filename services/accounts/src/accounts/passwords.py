"""Passwords: argon2id by pwdlib, away from the event loop, a few at a time."""

import asyncio
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

MIN_LENGTH: Final = 10
AT_ONCE: Final = 2


class Passwords:
    """Hashing costs memory and a core by design, so only `AT_ONCE` run at the same time."""

    def __init__(self) -> None:
        self._hasher = PasswordHash((Argon2Hasher(),))
        self._places = asyncio.Semaphore(AT_ONCE)
        self._nobody = self._hasher.hash("nobody has this password")

    def hash_now(self, password: str) -> str:
        return self._hasher.hash(password)

    async def hash(self, password: str) -> str:
        async with self._places:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, password: str, stored: str | None) -> bool:
        """Whether it is the right one. For an unknown account the same work is done, and the answer is no."""
        async with self._places:
            right = await asyncio.to_thread(self._hasher.verify, password, stored or self._nobody)
        return right and stored is not None


def problem_with(password: str, name: str) -> str | None:
    """Why a new password is not good enough, as a Chinese sentence; None when it is."""
    if len(password) < MIN_LENGTH:
        return f"密码至少 {MIN_LENGTH} 个字符。"
    if len(set(password)) < 5 or name.lower() in password.lower():
        return "密码过于简单：不能包含账户名，且至少有 5 种不同字符。"
    return None
