"""The sessions that were opened by something that its owner takes away: a WeChat, a certificate, an app, a security key.

Whoever found the lost phone or key has no more of the account than what it opened.
"""

from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection

from accounts.security_log.writing import SecurityLog


async def end_opened_by(way: UUID, account: UUID, log: SecurityLog, within: Connection) -> None:
    """The account's row is locked before, so a log-in at the same moment comes before this or opens nothing."""
    for _ in await within.fetch(_END, account, way):
        await log.add("session-ended", account, within=within)


_END: Final = "delete from sessions where account_id = $1 and $2 = any(opened_by) returning true"
