"""Adds the row of a new account."""

from typing import Final

import asyncpg
from qingyuan_runtime.database.connections import Connection, Pool

from accounts.account import Account
from accounts.names import account_name


class NameTaken(Exception):
    pass


class PersonTaken(Exception):
    """Another account of the organisation belongs to this person."""


async def insert_account(
    within: Connection | Pool, account: Account, password: str | None, *, must_change: bool = False
) -> None:
    """`password` is its hash. Raises `NameTaken` or `PersonTaken`, after which the transaction is at an end."""
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
