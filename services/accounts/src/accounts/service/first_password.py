"""The first password of an account that came into being by its certificate and has none."""

from typing import Final
from uuid import UUID

from qingyuan_runtime.domain.decider import Refused

from accounts.passwords.history import Replacement
from accounts.service.account_service import AccountService
from accounts.sessions.still_open import require_open


async def set_first_password(accounts: AccountService, account: UUID, new: str, *, keep: bytes) -> None:
    """Ends the other sessions, as every new password does. Raises `Refused` where the account has a password, and `SessionEnded`."""
    hashed = await accounts.passwords.hash(new)
    async with accounts.pool.acquire() as connection, connection.transaction():
        await require_open(account, keep, connection)
        if not await connection.fetchval(_HAS_NONE, account):
            raise Refused("password.not-first", "本账户已有密码，请输入当前密码来修改。")
        replacement = Replacement(account, hashed, None, must_change=False, now=accounts.now())
        await accounts.history.replace(replacement, connection)
        await accounts.sessions.end_all(account, but=keep, within=connection)
        for what in ("password-changed", "logged-out-everywhere"):
            await accounts.log.add(what, account, within=connection)


_HAS_NONE: Final = """
    select true from accounts where account_id = $1 and password is null and not disabled for update
"""
