"""Adds the row of a new account, and its line in the security log: neither is without the other."""

from typing import Final

import asyncpg
from qingyuan_runtime.database.connections import Connection

from accounts.account import Account
from accounts.names import account_name
from accounts.security_log.writing import SecurityLog
from accounts.service.rights import rights_in_log


class NameTaken(Exception):
    pass


class PersonTaken(Exception):
    """Another account of the organisation belongs to this person."""


async def insert_account(
    log: SecurityLog, within: Connection, account: Account, password: str | None, *, must_change: bool = False
) -> None:
    """`password` is its hash. Raises `NameTaken` or `PersonTaken`, after which the transaction is at an end."""
    await _insert(within, account, password, must_change=must_change)
    rights = rights_in_log(account.kind, account.role, signs=account.signs)
    await log.add("account-made", account.id, detail=rights, within=within)


async def _insert(within: Connection, account: Account, password: str | None, *, must_change: bool) -> None:
    place = (account.kind, account.organisation, account.district)
    rights = (account.role, account.signs, account.person, must_change)
    try:
        await within.execute(
            _ADD, account.id, account_name(account.name), account.label, *place, password, *rights
        )
    except asyncpg.UniqueViolationError as error:
        taken = PersonTaken if error.constraint_name == "accounts_of_person" else NameTaken
        raise taken(account.name) from error


_ADD: Final = """
    insert into accounts
        (account_id, name, label, kind, organisation, district, password, role, signs, person, must_change)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
