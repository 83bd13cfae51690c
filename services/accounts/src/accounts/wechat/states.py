"""The states of authorisations at WeChat: made here, good for five minutes, and each for one code.

WeChat's redirect comes twice in practice, and Back or a refresh sends the code again, while WeChat takes a code once. So the
first to come exchanges the code while holding the row, and the same code again gets what was found then.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import asyncpg
from qingyuan_runtime.database.connections import Pool
from qingyuan_wechat.client import Authorised

from accounts.one_at_a_time import one_at_a_time
from accounts.sessions.tokens import token_hash

Purpose = Literal["log-in", "binding"]
Exchange = Callable[[str], Awaitable[Authorised]]

LIFETIME: Final = timedelta(minutes=5)
MOST_PER_ADDRESS: Final = 60
"""Within the lifetime, for strangers: an office behind one address logs in at the same hour."""
MOST_OF_ACCOUNT: Final = 60
"""The same for who is logged in, from wherever."""
AT_ONCE: Final = 4
"""Exchanges that may hold a connection of the database at the same time, while they wait for WeChat."""
TRIES: Final = 3
"""How often the number of a binding may be typed in."""


class StateGone(Exception):
    """It was never made, is too old, belongs to another browser, or was used with another code."""


class TooManyStates(Exception):
    """From this address, by strangers."""


class TooManyOfAccount(Exception):
    """By this account."""


@dataclass(frozen=True, slots=True)
class State:
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """A state with the WeChat user that its code named."""

    token: str
    openid: str
    snapshot: bool
    number: str
    browser: bytes
    account: UUID | None
    name: str
    done: bool


class WeChatStates:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def make(
        self,
        purpose: Purpose,
        browser: bytes,
        address: str,
        now: datetime,
        *,
        account: UUID | None = None,
        name: str = "",
    ) -> State:
        """Raises TooManyStates or TooManyOfAccount. `browser` is a hash that only the browser which begins can give again."""
        state = State(secrets.token_urlsafe(24), now + LIFETIME)
        values = (token_hash(state.token), purpose, browser, account, name, address, now, state.expires_at)
        most = MOST_OF_ACCOUNT if account else MOST_PER_ADDRESS
        async with self._pool.acquire() as connection, connection.transaction():
            await one_at_a_time(connection, f"states of {account or address}")
            if not await connection.fetchval(_MAKE, *values, now - LIFETIME, most):
                raise TooManyOfAccount if account else TooManyStates
        return state

    async def settle(
        self,
        token: str,
        purpose: Purpose,
        code: str,
        exchange: Exchange,
        now: datetime,
        *,
        browser: bytes | None = None,
    ) -> Settled:
        """The user of a code, exchanged at WeChat once. Raises StateGone, and what `exchange` raises, after which one may try again."""
        key, code_hash = token_hash(token), token_hash(code)
        async with self._turns, self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(_TAKE, key, purpose, now, browser)
            if row is None or row["code_hash"] not in (None, code_hash):
                raise StateGone
            if row["code_hash"] is None:
                found = await exchange(code)
                number = f"{secrets.randbelow(10_000):04}"
                row = await connection.fetchrow(_SETTLE, key, code_hash, found.openid, found.snapshot, number)
            return _settled(token, row)

    async def settled(self, token: str, purpose: Purpose, browser: bytes, now: datetime) -> Settled:
        """What was found before, for the browser that began. Raises StateGone."""
        row = await self._pool.fetchrow(_SETTLED, token_hash(token), purpose, browser, now)
        return _settled(token, row)

    async def try_number(self, token: str, browser: bytes, now: datetime) -> Settled:
        """Like `settled`, but counts: after `TRIES` the state is of no use. Raises StateGone."""
        row = await self._pool.fetchrow(_TRY, token_hash(token), browser, now, TRIES)
        return _settled(token, row)

    async def sweep(self, now: datetime) -> None:
        await self._pool.execute("delete from wechat_states where expires < $1", now)


def _settled(token: str, row: asyncpg.Record | None) -> Settled:
    if row is None:
        raise StateGone
    person = (row["openid"], row["snapshot"], row["number"])
    return Settled(token, *person, row["browser"], row["account_id"], row["name"], row["done"])


_MAKE: Final = """
    insert into wechat_states (state_hash, purpose, browser, account_id, name, address, made, expires)
    select $1, $2, $3, $4, $5, $6, $7, $8
     where case when $4::uuid is null
                then (select count(*) from wechat_states where address = $6 and account_id is null and made > $9)
                else (select count(*) from wechat_states where account_id = $4 and made > $9) end < $10
    returning true
"""
_TAKE: Final = """
    select * from wechat_states
     where state_hash = $1 and purpose = $2 and expires > $3 and ($4::bytea is null or browser = $4) for update
"""
_SETTLE: Final = """
    update wechat_states set code_hash = $2, openid = $3, snapshot = $4, number = $5 where state_hash = $1 returning *
"""
_SETTLED: Final = """
    select * from wechat_states
     where state_hash = $1 and purpose = $2 and browser = $3 and expires > $4 and openid is not null
"""
_TRY: Final = """
    update wechat_states set tries = tries + 1
     where state_hash = $1 and purpose = 'binding' and browser = $2 and expires > $3 and openid is not null and tries < $4
    returning *
"""
