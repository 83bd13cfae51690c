"""An open session, as accounts tells it, and what is said where there can be none."""

from dataclasses import dataclass
from datetime import datetime

from accounts.account import Account


@dataclass(frozen=True, slots=True)
class Session:
    """An open session. `token` is set only when it was just opened, since only its SHA-256 is stored.

    `must` names what the account has to do before anything else (`restrictions`).
    """

    account: Account
    expires_at: datetime
    token: str | None = None
    must: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VerifiedPassword:
    """An account whose password was verified, and the stored hash it was compared with.

    The result is valid only while the account still has that hash, since the password may be changed meanwhile.
    """

    account: Account
    stored: str


class WrongCredentials(Exception):
    """Name or password is wrong. It is not said which, so that names cannot be found out."""
