"""Transactions of whoever has a right still when they end: the token of a session says what was so some seconds ago.

The right is asked for last, after what refuses the act itself, and its row stays locked until the end: whoever is locked or loses
the role meanwhile has done nothing.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

from qingyuan_events import ActorRole
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.edge.problems import Forbidden

from accounts.manager_conditions import IS_MANAGER
from accounts.sessions.open_sessions import HOLD


@asynccontextmanager
async def as_administrator(pool: Pool, account: UUID, role: ActorRole) -> AsyncIterator[Connection]:
    """The account is held before anything else, as whoever locks it does. Raises `Forbidden`."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(HOLD, account)
        yield connection
        if not await connection.fetchval(_IS_ADMINISTRATOR, account, role):
            raise Forbidden


@asynccontextmanager
async def as_manager(pool: Pool, account: UUID, organisation: UUID) -> AsyncIterator[Connection]:
    """The act itself locks accounts first: the own one, or those of all managers in their order. Raises `Forbidden`."""
    async with pool.acquire() as connection, connection.transaction():
        yield connection
        if not await connection.fetchval(_IS_MANAGER, account, organisation):
            raise Forbidden


_IS_ADMINISTRATOR: Final = """
    select true from accounts
     where account_id = $1 and kind = 'administrator' and role = $2 and not disabled for share
"""
_IS_MANAGER: Final = f"""
    select true from accounts a
     where a.account_id = $1 and a.organisation = $2 and {IS_MANAGER} and not a.disabled for share
"""
