"""What an account has to do before its session may be used for anything else."""

from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
from qingyuan_runtime.database.connections import Connection, Pool

from accounts.account import Account
from accounts.passwords.policy import is_expired
from accounts.settings import AccountsSettings

HAS_FACTOR: Final = """
    (exists (select from totp_keys t where t.account_id = a.account_id and t.confirmed is not null)
     or exists (select from webauthn_keys w where w.account_id = a.account_id)) as has_factor
"""
"""A column for statements in which `a` is the row of the account."""


def must_of(row: asyncpg.Record, settings: AccountsSettings, now: datetime) -> tuple[str, ...]:
    """`password`: a new one is due. `factor`: a second step is demanded of the account, and it has none."""
    expired = row["password"] is not None and is_expired(row["password_since"], settings, now)
    demanded = demands_factor(settings, row["kind"], row["role"])
    return (
        *(("password",) if row["must_change"] or expired else ()),
        *(("factor",) if demanded and not row["has_factor"] else ()),
    )


def demands_factor(settings: AccountsSettings, kind: str, role: str | None) -> bool:
    return kind in settings.second_step_demanded or f"{kind}:{role}" in settings.second_step_demanded


async def must_now(
    database: Pool | Connection, account: Account, settings: AccountsSettings, now: datetime
) -> tuple[str, ...]:
    row = await database.fetchrow(
        f"select a.*, {HAS_FACTOR} from accounts a where account_id = $1", account.id
    )
    return must_of(row, settings, now) if row else ()


async def is_last_demanded(connection: Connection, account: UUID, settings: AccountsSettings) -> bool:
    """Whether the account may not lose its factor. Its row stays locked, so two removals at once are one after the other."""
    row = await connection.fetchrow(
        "select kind, role from accounts where account_id = $1 for update", account
    )
    if row is None or not demands_factor(settings, row["kind"], row["role"]):
        return False
    return int(await connection.fetchval(_HOW_MANY, account)) <= 1


_HOW_MANY: Final = """
    select (select count(*) from totp_keys where account_id = $1 and confirmed is not null)
         + (select count(*) from webauthn_keys where account_id = $1)
"""
