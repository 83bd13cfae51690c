"""What a key is asked to sign within a session: made by the server for one account and purpose, good for one try."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID, uuid4

from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.domain.decider import Refused

from accounts.one_at_a_time import one_at_a_time
from accounts.security_log.deed import require_same_site

Purpose = Literal["enrol", "sign-webauthn", "sign-certificate"]
LIFETIME: Final = timedelta(minutes=5)
MOST: Final = 50
"""Within the lifetime, for one account."""


@dataclass(frozen=True, slots=True)
class FactorChallenge:
    """`content` is what is signed; `over` are the hashes that it was made for; `site` is where the browser was."""

    id: UUID
    content: bytes
    over: tuple[str, ...]
    site: str
    expires_at: datetime


class FactorChallenges:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def make(
        self, account: UUID, purpose: Purpose, content: bytes, over: Sequence[str], site: str, now: datetime
    ) -> FactorChallenge:
        challenge = FactorChallenge(uuid4(), content, tuple(over), site, now + LIFETIME)
        values = (challenge.id, account, purpose, content, list(over), site, challenge.expires_at)
        async with self._pool.acquire() as connection, connection.transaction():
            await one_at_a_time(connection, f"factor challenges of {account}")
            if not await connection.fetchval(_MAKE, *values, now, MOST):
                raise Refused("challenge.too-many", "请求过于频繁，请五分钟后再试。")
        return challenge

    async def take(self, challenge: UUID, account: UUID, purpose: Purpose, now: datetime) -> FactorChallenge:
        """Once: it is gone afterwards, whatever comes of the signature. Raises `Refused`."""
        row = await self._pool.fetchrow(_TAKE, challenge, account, purpose)
        if row is None or row["expires"] < now:
            raise Refused("challenge.gone", "本次验证请求已使用或超过五分钟，请重新验证。")
        require_same_site(row["site"])
        return FactorChallenge(challenge, row["content"], tuple(row["over"]), row["site"], row["expires"])

    async def sweep(self, now: datetime) -> None:
        await self._pool.execute("delete from factor_challenges where expires < $1", now)


_MAKE: Final = """
    insert into factor_challenges (challenge_id, account_id, purpose, content, over, site, expires)
    select $1, $2, $3, $4, $5, $6, $7
     where (select count(*) from factor_challenges where account_id = $2 and expires > $8) < $9
    returning true
"""
_TAKE: Final = """
    delete from factor_challenges where challenge_id = $1 and account_id = $2 and purpose = $3
    returning content, over, site, expires
"""
