"""Earlier passwords of an account, as hashes: the last few may not come back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection, Pool

from accounts.passwords.hashing import Passwords
from accounts.passwords.policy import policy_on


class UsedBefore(Exception):
    """The new password is one of the last few. `how_many` of them are kept."""

    def __init__(self, how_many: int) -> None:
        super().__init__(str(how_many))
        self.how_many = how_many


@dataclass(frozen=True, slots=True)
class Replacement:
    """A new hash for an account, if `instead_of` is given only while the account still has that one."""

    account: UUID
    hashed: str
    instead_of: str | None
    must_change: bool
    now: datetime


class PasswordHistory:
    def __init__(self, pool: Pool, passwords: Passwords) -> None:
        self._pool = pool
        self._passwords = passwords

    async def refuse_earlier(self, account: UUID, new: str, now: datetime) -> None:
        """Raises `UsedBefore`. Each comparison waits in the queue of password checks, so that it starves no log-in."""
        most = policy_on(now.date()).history
        for row in await self._pool.fetch(_LAST, account, most):
            async with self._passwords.turn(str(account)):
                if await self._passwords.verify(new, row["password"]):
                    raise UsedBefore(most)

    async def replace(self, replacement: Replacement, within: Connection) -> str | None:
        """The account's name if the password was set, None if it has another one by now.

        So of two changes at the same time only the first takes effect.
        """
        row = await within.fetchrow(
            _CHANGE,
            replacement.account,
            replacement.hashed,
            replacement.instead_of,
            replacement.must_change,
            replacement.now,
        )
        if row is None:
            return None
        await self._keep(replacement, row["before"], within)
        return str(row["name"])

    async def _keep(self, replacement: Replacement, before: str | None, within: Connection) -> None:
        most = policy_on(replacement.now.date()).history
        if before is not None:
            await within.execute(
                "insert into earlier_passwords values ($1, $2, $3)",
                replacement.account,
                replacement.now,
                before,
            )
        await within.execute(_FORGET, replacement.account, most)


_LAST: Final = """
    select password from earlier_passwords where account_id = $1 order by replaced desc, ctid desc limit $2
"""
_CHANGE: Final = """
    with earlier as (
        select account_id, password from accounts
         where account_id = $1 and ($3::text is null or password = $3 and not disabled) for update
    )
    update accounts a set password = $2, must_change = $4, password_since = $5
      from earlier e where a.account_id = e.account_id returning a.name, e.password as before
"""
_FORGET: Final = """
    delete from earlier_passwords where account_id = $1 and ctid in (
        select ctid from earlier_passwords where account_id = $1 order by replaced desc, ctid desc offset $2
    )
"""
