"""Codes that people read to each other and type: one-time passwords and codes of invitations."""

import hashlib
import secrets
from typing import Final

from accounts.passwords.judging import problem_with

SIGNS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without 0 and O, 1 and I, which look alike."""
INVITATION_LENGTH: Final = 10
"""Fifty bits: with a limit on wrong codes nobody finds one within the days that it is good for."""
PASSWORD_LENGTH: Final = 12


def _random(length: int) -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(length))


def invitation_code() -> str:
    return _random(INVITATION_LENGTH)


def one_time_password(*names: str) -> str:
    """Good enough for the rules of passwords, which a random text may break by chance."""
    while problem_with(password := _random(PASSWORD_LENGTH), *names):
        pass
    return password


def code_hash(code: str) -> bytes:
    """Only the hash is stored. Blanks, dashes and small letters are how people type a code that they were told."""
    return hashlib.sha256("".join(sign for sign in code.upper() if sign in SIGNS).encode()).digest()
