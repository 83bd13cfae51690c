"""The first password of an account that came into being by its certificate and has none."""

from typing import Final
from uuid import UUID

from qingyuan_runtime.domain.decider import Refused

from accounts.service.account_service import AccountService
from accounts.service.ways_in import NewPassword
from accounts.sessions.still_open import require_open


async def set_first_password(accounts: AccountService, account: UUID, new: str, *, keep: bytes) -> None:
    """Does what every new password of the owner does: the other sessions end, WeChat bindings stay. Raises `Refused` where the account has a password, and `SessionEnded`."""
    hashed = await accounts.passwords.hash(new)
    async with accounts.pool.acquire() as connection, connection.transaction():
        await require_open(account, keep, connection)
        if not await connection.fetchval(_HAS_NONE, account):
            raise Refused("password.not-first", "本账户已有密码，请输入当前密码来修改。")
        await accounts.ways_in.replace_password(
            NewPassword(account=account, hashed=hashed, keep=keep), connection
        )


_HAS_NONE: Final = """
    select true from accounts where account_id = $1 and password is null and not disabled for update
"""
