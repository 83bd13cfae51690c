"""The open sessions of accounts: opened up to a limit, listed, and ended."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import asyncpg
from qingyuan_runtime.database.connections import Connection, Pool

from accounts.manager_conditions import DEMANDED
from accounts.one_at_a_time import one_at_a_time
from accounts.sessions.tokens import token_hash
from accounts.settings import AccountsSettings


@dataclass(frozen=True, slots=True)
class Origin:
    """The client's address and device, and the site that it asked, as the gateway reports them."""

    address: str = "unknown"
    device: str = ""
    site: str = "unknown"


@dataclass(frozen=True, slots=True)
class FirstStep:
    """What the first step of a log-in showed: the hash that a password was compared with, or the bound WeChat user."""

    how: Literal["password", "wechat"]
    password: str | None = None
    openid: str | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """Seconds that a session still lasts: if it is not used, and at the most."""

    idle: int
    whole: int


UNKNOWN_ORIGIN: Final = Origin()


class OpenSessions:
    def __init__(self, pool: Pool, settings: AccountsSettings) -> None:
        self._pool = pool
        self._most = settings.sessions_most
        self._idle = timedelta(minutes=settings.session_idle_minutes)
        self._absolute = timedelta(hours=settings.session_absolute_hours)

    async def open(self, account: UUID, password: str, origin: Origin, now: datetime) -> str | None:
        """Open a session and return its token. None if the account no longer has the hash `password` that was verified.

        If the account has more sessions than allowed, the one unused for longest is ended.
        """
        return await self._open(_OPEN, account, password, origin, now)

    async def open_after_step(
        self,
        account: UUID,
        first: FirstStep,
        origin: Origin,
        now: datetime,
        within: Connection,
        second: UUID | None = None,
    ) -> str | None:
        """None if what the first step showed is no longer so. `remember` belongs after the transaction.

        `second`: the app or security key of the second step, None for a recovery code or where there is no second step.
        """
        if first.how == "wechat":
            return await self._insert(_OPEN_BY_WECHAT, account, first.openid, origin, now, within, second)
        return await self._insert(_OPEN, account, first.password, origin, now, within, second)

    async def remember(self, account: UUID, now: datetime) -> None:
        """The last log-in. Outside the transaction that opened it, in which another log-in may share the lock of this row."""
        await self._pool.execute(_REMEMBER, account, now)

    async def open_by_certificate(
        self, account: UUID, fingerprint: bytes, origin: Origin, now: datetime
    ) -> str | None:
        """None if the certificate no longer belongs to the account, or the account is disabled."""
        return await self._open(_OPEN_BY_CERTIFICATE, account, fingerprint, origin, now)

    async def _open(
        self, statement: str, account: UUID, proof: str | bytes, origin: Origin, now: datetime
    ) -> str | None:
        async with self._pool.acquire() as connection, connection.transaction():
            token = await self._insert(statement, account, proof, origin, now, connection)
        if token:
            await self.remember(account, now)
        return token

    async def _insert(
        self,
        statement: str,
        account: UUID,
        proof: str | bytes | None,
        origin: Origin,
        now: datetime,
        within: Connection,
        second: UUID | None = None,
    ) -> str | None:
        token = secrets.token_urlsafe(32)
        values = (token_hash(token), account, now, origin.device, origin.address, proof, second)
        await within.execute(HOLD, account)
        await one_at_a_time(within, f"sessions of {account}")
        if not await within.fetchval(statement, *values):
            return None
        await within.execute(_END_SURPLUS, account, self._most)
        return token

    async def of(self, account: UUID, current: bytes, now: datetime) -> Sequence[asyncpg.Record]:
        """The account's open sessions, the last used first; the one with the token hash `current` is marked."""
        rows: Sequence[asyncpg.Record] = await self._pool.fetch(
            _ALIVE, account, current, now - self._idle, now - self._absolute
        )
        return rows

    async def left(self, hashed: bytes, now: datetime) -> Left | None:
        """None where the session has ended. Unlike its use, this question does not keep it alive."""
        row = await self._pool.fetchrow(_LEFT, hashed)
        if row is None or row["disabled"]:
            return None
        idle, whole = row["last_seen"] + self._idle - now, row["created"] + self._absolute - now
        if min(idle, whole) <= timedelta():
            return None
        return Left(int(min(idle, whole).total_seconds()), int(whole.total_seconds()))

    async def end(self, account: UUID, session: UUID, within: Connection) -> bool:
        """End a session. Returns whether it was one of this account."""
        return bool(await within.fetchval(_END, account, session))

    async def end_all(self, account: UUID, *, but: bytes | None, within: Connection | Pool) -> None:
        await within.execute(_END_ALL, account, but)

    async def sweep(self, now: datetime) -> None:
        """Delete sessions that have expired."""
        await self._pool.execute(_SWEEP, now - self._idle, now - self._absolute)


HOLD: Final = "select from accounts where account_id = $1 for share"
"""Before a statement that opens something looks at more than the account's row: it then sees what the wait was for.

A statement that waits for a row looks again at this row alone, and at everything else as it was before the wait.
"""
_INSERT: Final = """insert into sessions
        (token_hash, account_id, created, last_seen, device, address, by_certificate, opened_by)
    select $1, account_id, $3, $3, $4, $5, by_certificate, array_remove(array[way, $7::uuid], null)
      from still returning true"""
# What was removed since the second step was shown opens nothing: whoever removes it holds the account's row.
_SECOND_HELD: Final = """($7::uuid is null
    or exists (select from totp_keys where account_id = $2 and key_id = $7 and confirmed is not null)
    or exists (select from webauthn_keys where account_id = $2 and key_id = $7))"""
# Whoever became a manager since the log-in was looked at comes in by the certificate alone, where it is demanded.
_NOT_DEMANDED: Final = f"not {DEMANDED.format(now='$3')}"
# The row of the account is locked until the session exists. So a change of the password waits, and then ends this session.
_OPEN: Final = f"""
    with still as (
        select a.account_id, null::uuid as way, false as by_certificate from accounts a
         where a.account_id = $2 and a.password = $6 and not a.disabled and {_NOT_DEMANDED} and {_SECOND_HELD} for share
    )
    {_INSERT}
"""
_OPEN_BY_CERTIFICATE: Final = f"""
    with still as (
        select account_id, c.certificate_id as way, true as by_certificate
          from accounts a join account_certificates c using (account_id)
         where account_id = $2 and c.fingerprint = $6 and c.removed is null and not disabled for share
    )
    {_INSERT}
"""
_OPEN_BY_WECHAT: Final = f"""
    with still as (
        select a.account_id, b.binding_id as way, false as by_certificate
          from accounts a join wechat_bindings b using (account_id)
         where a.account_id = $2 and b.openid = $6 and not a.disabled and {_NOT_DEMANDED} and {_SECOND_HELD}
           for share of a, b
    )
    {_INSERT}
"""
_END_SURPLUS: Final = """
    delete from sessions where session_id in (
        select session_id from sessions where account_id = $1
         order by last_seen desc, created desc offset $2 for update
    )
"""
_REMEMBER: Final = """
    update accounts set last_log_in = $2 where account_id = $1 and (last_log_in is null or last_log_in < $2)
"""
_ALIVE: Final = """
    select session_id, device, address, created, last_seen, token_hash = $2 as current from sessions
     where account_id = $1 and last_seen > $3 and created > $4 order by last_seen desc, created desc
"""
_LEFT: Final = (
    "select s.*, a.disabled from sessions s join accounts a using (account_id) where token_hash = $1"
)
_END: Final = "delete from sessions where account_id = $1 and session_id = $2 returning true"
_END_ALL: Final = "delete from sessions where account_id = $1 and token_hash is distinct from $2"
_SWEEP: Final = "delete from sessions where last_seen <= $1 or created <= $2"
