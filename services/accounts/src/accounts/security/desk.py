"""What a security administrator sees and does: locks, open sessions, locked accounts."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg
from qingyuan_runtime.database.connections import Connection, Pool

from accounts.attempts import BY_ADDRESS, KINDS
from accounts.managing.rights_now import as_administrator
from accounts.names import account_name
from accounts.security.lines import SecurityLines
from accounts.security_log.whom import NetworkAddress, Nobody, Whom
from accounts.security_log.writing import SecurityLog
from accounts.service.account_service import AccountService
from accounts.settings import AccountsSettings

GUARDED: Final = "administrator"
"""The kind of the accounts that only the command line locks or logs out: nobody alone gets rid of those who watch."""
ACCOUNTS_MOST: Final = 20


class OwnAccount(Exception):
    """Nobody locks or unlocks the own account."""


class GuardedAccount(Exception):
    """The account is an administrator's, which a security administrator neither locks nor logs out."""


class SecurityDesk:
    def __init__(self, pool: Pool, accounts: AccountService, settings: AccountsSettings) -> None:
        self.settings = settings
        self._pool = pool
        self._accounts = accounts
        self.log = SecurityLog(pool, settings)
        self.lines = SecurityLines(pool)
        self._window = timedelta(minutes=settings.lock_minutes)

    async def locks(self) -> Sequence[asyncpg.Record]:
        """Whatever `attempts.KINDS` names and must wait now, the latest first.

        Of a name that no account has only the hash is stored, so nobody can say which it is.
        """
        settings, now = self.settings, self._accounts.now()
        rows: Sequence[asyncpg.Record] = await self._pool.fetch(
            _LOCKS,
            now - self._window,
            settings.failures_before_lock,
            now,
            self._window.total_seconds(),
            settings.failures_per_address,
            [kind[0] for kind in KINDS],
            [kind[0] for kind in BY_ADDRESS],
        )
        return rows

    def until(self, lock: asyncpg.Record) -> datetime:
        """When the lock ends. An address is let in again a little earlier, since its count decreases steadily."""
        last: datetime = lock["last"]
        return last + self._window

    async def release(self, key: bytes, by: UUID) -> bool:
        """Forget the failures. Returns whether there were any; releasing twice is the same as once. Raises `Forbidden`."""
        kind = KINDS.get(key[:1])
        if kind is None:
            return False
        async with self._officiating(by) as connection:
            row = await connection.fetchrow(_RELEASE, key, [kind[0] for kind in BY_ADDRESS])
            if row is None:
                return False
            if row["released"]:
                await self.log.add("lock-released", _whose(row), detail={"of": kind}, within=connection)
        return True

    async def accounts_like(self, part: str) -> Sequence[asyncpg.Record]:
        """Accounts with this in their name, label or organisation's name; one more than are shown."""
        rows: Sequence[asyncpg.Record] = await self._pool.fetch(
            _LIKE, account_name(part), part, ACCOUNTS_MOST + 1
        )
        return rows

    async def sessions(self, accounts: Sequence[UUID]) -> Sequence[asyncpg.Record]:
        rows: Sequence[asyncpg.Record] = await self._pool.fetch(_SESSIONS, list(accounts), *self._alive())
        return rows

    async def end_session(self, session: UUID, by: UUID) -> bool:
        """Returns whether there is such a session. Raises `GuardedAccount` or `Forbidden`, and then the session goes on."""
        async with self._officiating(by) as connection:
            row = await connection.fetchrow(_END, session)
            if row is None:
                return False
            _require_unguarded(row)
            await self.log.add("session-ended", row["account_id"], within=connection)
        return True

    async def end_sessions(self, account: UUID, by: UUID) -> bool:
        """Returns whether there is such an account. Raises `GuardedAccount` or `Forbidden`."""
        async with self._officiating(by) as connection:
            row = await connection.fetchrow(_KIND, account)
            if row is None:
                return False
            _require_unguarded(row)
            await self._accounts.ways_in.log_out(account, connection)
        return True

    async def lock(self, account: UUID, *, locked: bool, by: UUID) -> bool:
        """Returns whether there is such an account. Raises `OwnAccount`, `GuardedAccount` or `Forbidden`."""
        if account == by:
            raise OwnAccount
        async with self._officiating(by) as connection:
            row = await connection.fetchrow(_KIND, account)
            if row is None:
                return False
            _require_unguarded(row)
            await self._accounts.ways_in.disable(account, connection, disabled=locked)
        return True

    def _officiating(self, by: UUID) -> AbstractAsyncContextManager[Connection]:
        return as_administrator(self._pool, by, "security")

    def _alive(self) -> tuple[datetime, datetime]:
        now = self._accounts.now()
        idle = timedelta(minutes=self.settings.session_idle_minutes)
        return now - idle, now - timedelta(hours=self.settings.session_absolute_hours)


def _whose(released: asyncpg.Record) -> Whom:
    if released["address"] is not None:
        return NetworkAddress(released["address"])
    return released["account_id"] or Nobody("unknown-name")


def _require_unguarded(row: asyncpg.Record) -> None:
    if row["kind"] == GUARDED:
        raise GuardedAccount


_KIND: Final = "select kind from accounts where account_id = $1"
_NAME_KEY: Final = "'n'::bytea || substring(sha256(convert_to(a.name, 'UTF8')) for 6)"
_ID: Final = "decode(replace(a.account_id::text, '-', ''), 'hex')"
_KEYS: Final = f"({_NAME_KEY}, 's'::bytea || {_ID}, 'c'::bytea || {_ID})"
_LEFT: Final = "greatest(0, g.spent - greatest(0, extract(epoch from $3 - g.last)) * $5::float8 / $4::float8)"
_LOCKS: Final = f"""
    select encode(g.key, 'hex') as id, chr(get_byte(g.key, 0)) as of, g.last, a.account_id, a.name, a.label,
           case when get_byte(g.key, 0) = any($7::int[])
                then convert_from(substring(g.key from 2), 'UTF8') end as address
      from guesses g left join accounts a on g.key in {_KEYS}
     where get_byte(g.key, 0) = any($6::int[])
       and case when get_byte(g.key, 0) = ascii('a') then {_LEFT} + 1 > $5::float8
                else g.last > $1 and g.spent - g.forgotten + 1 > $2::float8 end
     order by g.last desc limit 200
"""
_RELEASE: Final = f"""
    with held as (select key from guesses where key = $1 for update),
    released as (
        update guesses g set forgotten = spent, spent = case when get_byte(g.key, 0) = ascii('a') then 0 else spent end
          from held where g.key = held.key and spent > case when get_byte(g.key, 0) = ascii('a') then 0 else forgotten end
        returning true
    )
    select exists (select from released) as released, a.account_id, case when get_byte(g.key, 0) = any($2::int[])
                              then convert_from(substring(g.key from 2), 'UTF8') end as address
      from held g left join accounts a on g.key in {_KEYS}
"""
_LIKE: Final = """
    select a.*, o.name as organisation_name from accounts a left join organisations o using (organisation)
     where strpos(a.name, $1) > 0 or strpos(a.label, $2) > 0 or strpos(o.name, $2) > 0
     order by a.name = $1 desc, a.name limit $3
"""
_SESSIONS: Final = """
    select session_id, account_id, device, address, created, last_seen from sessions
     where account_id = any($1) and last_seen > $2 and created > $3 order by last_seen desc, created desc
"""
_END: Final = """
    delete from sessions s using accounts a
     where s.session_id = $1 and a.account_id = s.account_id returning a.account_id, a.kind
"""
