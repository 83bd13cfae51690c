"""What a certificate signs to log in, to be added to an account, or to show who is there: made by the server, good for one try within two minutes."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from uuid import UUID, uuid4

from qingyuan_runtime.database.connections import Pool

from accounts.one_at_a_time import one_at_a_time
from accounts.security_log.deed import require_same_site

LIFETIME: Final = timedelta(minutes=2)
SITE: Final = "网址 "
ACCOUNT: Final = "账户 "
Purpose = Literal["log-in", "binding", "identity"]
"""What a signature is for. One that was made for one purpose serves no other."""
MOST_PER_ADDRESS: Final = 60
"""Within the lifetime, for strangers: an office behind one address logs in at the same hour."""
MOST_OF_ACCOUNT: Final = 20
"""Within the lifetime, for who is logged in, from wherever. Our own choice."""


class ChallengeGone(Exception):
    """It was never made, was used, or is too old."""


class TooManyChallenges(Exception):
    """From this address, by strangers."""


class TooManyOfAccount(Exception):
    """By this account."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever asks for a challenge, from where. `account` and its `name` only where somebody is logged in."""

    site: str
    address: str
    account: UUID | None = None
    name: str = ""

    @property
    def most(self) -> int:
        return MOST_OF_ACCOUNT if self.account else MOST_PER_ADDRESS


@dataclass(frozen=True, slots=True)
class Challenge:
    """`signed_text` is signed as UTF-8, byte for byte."""

    id: UUID
    signed_text: str
    expires_at: datetime


class Challenges:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def make(self, by: Asker, now: datetime, purpose: Purpose = "log-in") -> Challenge:
        """The site is named in the text, so that nobody signs for one site and logs in at another.

        Strangers are counted by their address and accounts by themselves, so that neither takes anything from the other.
        Raises TooManyChallenges or TooManyOfAccount.
        """
        challenge = Challenge(uuid4(), _text(purpose, by.site, by.name, now), now + LIFETIME)
        values = (challenge.id, challenge.signed_text, by.address, now, challenge.expires_at, purpose)
        async with self._pool.acquire() as connection, connection.transaction():
            await one_at_a_time(connection, f"challenges of {by.account or by.address}")
            if await connection.fetchval(_HOW_MANY, by.account, by.address, now - LIFETIME) >= by.most:
                raise TooManyOfAccount if by.account else TooManyChallenges
            await connection.execute(_MAKE, *values, by.account)
        return challenge

    async def take(self, challenge: UUID, now: datetime, purpose: Purpose = "log-in") -> str:
        """The text, once: it is gone afterwards, whatever comes of the signature.

        Raises ChallengeGone, and Refused where the signature comes to another site than the text names.
        """
        row = await self._pool.fetchrow(_TAKE, challenge)
        if row is None or row["expires"] < now or row["purpose"] != purpose:
            raise ChallengeGone
        text: str = row["signed_text"]
        require_same_site(_site_in(text))
        return text

    async def sweep(self, now: datetime) -> None:
        await self._pool.execute("delete from challenges where expires < $1", now)


def _text(purpose: Purpose, site: str, account: str, now: datetime) -> str:
    whose = f"{ACCOUNT}{account}\n" if purpose != "log-in" else ""
    return f"{_HEADS[purpose]}\n{whose}{SITE}{site}\n时间 {now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\n随机数 {secrets.token_urlsafe(32)}\n"


def account_in(text: str) -> str:
    """Whose account a text names that is not for a log-in."""
    return next((line.removeprefix(ACCOUNT) for line in text.split("\n") if line.startswith(ACCOUNT)), "")


def _site_in(text: str) -> str:
    """Neither the name of an account nor a site has a line break, so this line is the server's own."""
    return next(line.removeprefix(SITE) for line in text.split("\n") if line.startswith(SITE))


_HEADS: Final[dict[Purpose, str]] = {
    "log-in": "清源登录",
    "binding": "清源添加证书",
    "identity": "清源确认身份",
}
_HOW_MANY: Final = """
    select case when $1::uuid is null
                then (select count(*) from challenges where address = $2 and account_id is null and made > $3)
                else (select count(*) from challenges where account_id = $1 and made > $3) end
"""
_MAKE: Final = """
    insert into challenges (challenge_id, signed_text, address, made, expires, purpose, account_id)
    values ($1, $2, $3, $4, $5, $6, $7)
"""
_TAKE: Final = "delete from challenges where challenge_id = $1 returning signed_text, expires, purpose"
