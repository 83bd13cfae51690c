"""Whether the session that asks is still open, for what changes an account for good: its certificates, second steps, recovery codes, password, addresses."""

from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection


class SessionEnded(Exception):
    """The session ended, or the account was disabled, since the request came in."""


async def require_open(account: UUID, session: bytes, within: Connection) -> None:
    """The account's row stays locked, so whoever ends its sessions waits and then takes away what was added, too.

    Two statements: the second one sees what was done while the first one waited. Raises `SessionEnded`.
    """
    await within.execute(_LOCK, account)
    if not await within.fetchval(_STILL, account, session):
        raise SessionEnded


_LOCK: Final = "select from accounts where account_id = $1 for update"
_STILL: Final = """
    select true from accounts a join sessions s using (account_id)
     where a.account_id = $1 and s.token_hash = $2 and not a.disabled
"""
