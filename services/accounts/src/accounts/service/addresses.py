"""Whom an audience is, and how its accounts are reached: e-mail and mobile number as the person has given them, WeChat as bound."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg
from qingyuan_runtime.database.connections import Pool

from accounts.security_log.writing import SecurityLog
from accounts.service.wechat_bindings import WeChatBindings
from accounts.sessions.still_open import require_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Exactly one of `organisation`, `account` and `district`. Roles narrow an organisation, and `signers` to those who sign."""

    organisation: UUID | None = None
    roles: Sequence[str] | None = None
    signers: bool = False
    account: UUID | None = None
    district: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """An account and how it is reached: it has one WeChat user for each phone or colleague bound to it."""

    account: UUID
    organisation: UUID | None
    email: str | None
    mobile: str | None
    openids: Sequence[str]


class Addresses:
    def __init__(self, pool: Pool, log: SecurityLog) -> None:
        self._pool = pool
        self._log = log
        self._bindings = WeChatBindings(pool)

    async def of(self, asked: Asked) -> Sequence[Reached]:
        """The accounts of the audience that may log in, with their addresses."""
        rows = await self._rows(asked)
        openids = await self._bindings.openids_of([row["account_id"] for row in rows])
        return [
            Reached(
                account=row["account_id"],
                organisation=row["organisation"],
                email=row["email"],
                mobile=row["mobile"],
                openids=openids.get(row["account_id"], ()),
            )
            for row in rows
        ]

    async def _rows(self, asked: Asked) -> Sequence[asyncpg.Record]:
        roles = list(asked.roles) if asked.roles else None
        rows: Sequence[asyncpg.Record] = await self._pool.fetch(
            _OF, asked.organisation, roles, asked.account, asked.district, asked.signers
        )
        return rows

    async def own(self, account: UUID) -> asyncpg.Record | None:
        return await self._pool.fetchrow("select email, mobile from accounts where account_id = $1", account)

    async def change(self, account: UUID, session: bytes, email: str | None, mobile: str | None) -> None:
        """Raises `SessionEnded`: otherwise the messages of an account that was locked go where a thief reads them."""
        async with self._pool.acquire() as connection, connection.transaction():
            await require_open(account, session, connection)
            if await connection.fetchval(_CHANGE, account, email, mobile):
                await self._log.add("contact-changed", account, within=connection)


# An account without a role is from before its kind had roles: it is told what any role is told.
_OF: Final = """
    select account_id, organisation, email, mobile from accounts
     where not disabled
       and (account_id = $3 or kind = 'regulator' and district = $4
            or organisation = $1 and ($2::text[] is null or role is null or role = any($2)) and (signs or not $5))
     order by account_id
"""
_CHANGE: Final = """
    update accounts set email = $2, mobile = $3
     where account_id = $1 and (email, mobile) is distinct from ($2, $3) returning true
"""
