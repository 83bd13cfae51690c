"""Which WeChat users (openids) are bound to which accounts. One user may have several accounts, and an account several users."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import asyncpg
from qingyuan_runtime.database.connections import Connection, Pool

from accounts.account import Account, account_of
from accounts.sessions.still_open import SessionEnded, require_open


class WeChatBindings:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add(
        self, within: Connection, account: UUID, session: bytes, openid: str, name: str, now: datetime
    ) -> bool:
        """Bind, or name an existing binding anew. False if the session that asked has ended, or the account is disabled."""
        try:
            await require_open(account, session, within)
        except SessionEnded:
            return False
        return bool(await within.fetchval(_ADD, uuid4(), account, openid, name, now))

    async def remove(self, account: UUID, binding: UUID, within: Connection) -> bool:
        """Returns whether it was one of this account."""
        return bool(await within.fetchval(_REMOVE, account, binding))

    async def of(self, account: UUID) -> Sequence[asyncpg.Record]:
        rows: Sequence[asyncpg.Record] = await self._pool.fetch(_OF, account)
        return rows

    async def accounts_of(self, openid: str) -> list[Account]:
        """The accounts that this WeChat user may open, by name."""
        return [account_of(row) for row in await self._pool.fetch(_ACCOUNTS_OF, openid)]

    async def openids_of(self, accounts: Sequence[UUID]) -> dict[UUID, list[str]]:
        """Whom a message to these accounts reaches by WeChat. Disabled accounts and those without a binding are left out."""
        found: dict[UUID, list[str]] = {}
        for row in await self._pool.fetch(_OPENIDS_OF, list(accounts)):
            found.setdefault(row["account_id"], []).append(row["openid"])
        return found


async def end_bindings(account: UUID, within: Connection) -> bool:
    """No WeChat user opens the account any more. Returns whether one was bound. The account's row is locked before."""
    return bool(await within.fetch(_END_ALL, account))


_ADD: Final = """
    insert into wechat_bindings (binding_id, account_id, openid, name, bound)
    select $1, account_id, $3, $4, $5 from accounts where account_id = $2 and kind in ('enterprise', 'operator')
    on conflict (account_id, openid) do update set name = excluded.name
    returning true
"""
_REMOVE: Final = "delete from wechat_bindings where account_id = $1 and binding_id = $2 returning true"
_END_ALL: Final = "delete from wechat_bindings where account_id = $1 returning true"
_OF: Final = """
    select b.binding_id, b.name, b.bound, f.following
      from wechat_bindings b left join wechat_followers f using (openid)
     where b.account_id = $1 order by b.bound, b.binding_id
"""
_ACCOUNTS_OF: Final = """
    select a.*, o.name as organisation_name
      from wechat_bindings b join accounts a using (account_id) left join organisations o using (organisation)
     where b.openid = $1 and not a.disabled and a.kind in ('enterprise', 'operator')
     order by a.name
"""
_OPENIDS_OF: Final = """
    select b.account_id, b.openid from wechat_bindings b join accounts a using (account_id)
     where b.account_id = any($1) and not a.disabled order by b.bound
"""
