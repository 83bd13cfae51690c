"""Operations on accounts and sessions, stored in PostgreSQL: log in, verify and change passwords, name accounts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn
from uuid import UUID

import asyncpg
from qingyuan_events import ActorRole
from qingyuan_runtime.database.connections import Connection, Pool

from accounts import display_names
from accounts.account import Account, account_of
from accounts.attempts import Attempt, AttemptKeys, Attempts, at_log_in, in_session, name_key, session_key
from accounts.display_names import Reader
from accounts.names import account_name
from accounts.open_sessions import UNKNOWN_ORIGIN, OpenSessions, Origin
from accounts.passwords import Passwords
from accounts.security_log import SecurityLog
from accounts.settings import AccountsSettings

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Session:
    """An open session. `token` is set only when it was just opened, since only its SHA-256 is stored."""

    account: Account
    expires_at: datetime
    token: str | None = None


@dataclass(frozen=True, slots=True)
class VerifiedPassword:
    """An account whose password was verified, and the stored hash it was compared with.

    The result is valid only while the account still has that hash, since the password may be changed meanwhile.
    """

    account: Account
    stored: str


class WrongCredentials(Exception):
    """Name or password is wrong. It is not said which, so that names cannot be found out."""


class NameTaken(Exception):
    pass


class AccountService:
    def __init__(self, pool: Pool, passwords: Passwords, settings: AccountsSettings, clock: Clock) -> None:
        self._pool = pool
        self._passwords = passwords
        self._settings = settings
        self._clock = clock
        self._attempts = Attempts(pool, settings)
        self._log = SecurityLog(pool, settings)
        self.sessions = OpenSessions(pool, settings)

    def now(self) -> datetime:
        return self._clock()

    async def log_in(self, name: str, password: str, origin: Origin = UNKNOWN_ORIGIN) -> Session:
        """Open a session if the password is right. Raises what `_verify` raises."""
        account = account_name(name)
        keys = at_log_in(account, origin.address)
        verified, now = await self._verify(account, password, keys, queue=origin.address), self._clock()
        token = await self.sessions.open(verified.account.id, verified.stored, origin, now)
        if token is None:
            await self._refuse_changed(verified)
        await self._log.add("logged-in", verified.account.id)
        return Session(verified.account, now + self._absolute, token)

    async def open_by_certificate(self, account: Account, fingerprint: bytes, origin: Origin) -> Session:
        """Open a session for whoever proved to hold the certificate. Raises `WrongCredentials` if it was taken away meanwhile."""
        now = self._clock()
        token = await self.sessions.open_by_certificate(account.id, fingerprint, origin, now)
        if token is None:
            await self._log.add("log-in-failed", account.id)
            raise WrongCredentials
        await self._log.add("logged-in-by-certificate", account.id)
        return Session(account, now + self._absolute, token)

    async def verify_again(self, account: UUID, password: str) -> None:
        """Verify the password of a logged-in user. Raises `WrongCredentials`, `Locked` or `Crowded`.

        These attempts are counted apart from those at the log-in. Otherwise a stranger who knows the name, or who has the
        same address, could keep the user from signing until the day is over.
        """
        verified = await self._verify_in_session(account, password)
        if not await self._pool.fetchval(_STILL, account, verified.stored):
            await self._refuse_changed(verified)
        await self._log.add("second-factor-given", account)

    async def _verify_in_session(self, account: UUID, password: str) -> VerifiedPassword:
        name = await self._pool.fetchval("select name from accounts where account_id = $1", account)
        return await self._verify(name or "", password, in_session(account), queue=str(account))

    async def _refuse_changed(self, verified: VerifiedPassword) -> NoReturn:
        """The password was changed, or the account disabled, after the password was verified."""
        await self._log.add("log-in-failed", verified.account.id)
        raise WrongCredentials

    async def _verify(self, name: str, password: str, keys: AttemptKeys, *, queue: str) -> VerifiedPassword:
        """Verify a password. The attempt is counted before the password is compared; failures are logged.

        Raises `WrongCredentials`, `Locked`, `TooManyFromAddress`, or `Crowded`, which is not counted.
        """
        await self._attempts.check(keys, self._clock())
        async with self._passwords.turn(queue):
            attempt = await self._attempts.begin(keys, self._clock())
            row = await self._pool.fetchrow(f"{_WITH_NAME} where a.name = $1", name)
            right = await self._passwords.verify(password, row["password"] if row else None)
        if row is None or row["disabled"] or not right:
            await self._log_failure(row, attempt)
            raise WrongCredentials
        await self._attempts.succeed(attempt)
        return VerifiedPassword(account_of(row), row["password"])

    async def _log_failure(self, row: asyncpg.Record | None, attempt: Attempt) -> None:
        account = row["account_id"] if row else None
        await self._log.add("log-in-failed", account)
        if attempt.last:
            await self._log.add("locked", account)

    async def session(self, hashed: bytes) -> Session | None:
        """The session of a token's hash, None where it has ended. Calling this keeps it alive."""
        now = self._clock()
        row = await self._pool.fetchrow(
            """
            update sessions s set last_seen = greatest(last_seen, $2)
              from accounts a
             where s.token_hash = $1 and a.account_id = s.account_id and not a.disabled
               and s.last_seen > $3 and s.created > $4
            returning a.*, s.created as opened,
                (select o.name from organisations o where o.organisation = a.organisation) as organisation_name
            """,
            hashed,
            now,
            now - timedelta(minutes=self._settings.session_idle_minutes),
            now - self._absolute,
        )
        return Session(account_of(row), row["opened"] + self._absolute) if row else None

    async def log_out(self, hashed: bytes) -> None:
        await self._pool.execute("delete from sessions where token_hash = $1", hashed)

    async def end_session(self, account: UUID, session: UUID) -> bool:
        """End one session. Returns whether it was one of this account."""
        ended = await self.sessions.end(account, session)
        if ended:
            await self._log.add("session-ended", account)
        return ended

    async def log_out_everywhere(self, account: UUID, *, but: bytes | None = None) -> None:
        await self.sessions.end_all(account, but=but, within=self._pool)
        await self._log.add("logged-out-everywhere", account)

    async def change_password(self, account: UUID, current: str, new: str, *, keep: bytes) -> None:
        """Change the password and end the other sessions. A wrong `current` counts as a failed attempt.

        Otherwise somebody with a stolen session could guess the password.
        """
        verified = await self._verify_in_session(account, current)
        if not await self._replace(account, new, instead_of=verified.stored, keep=keep):
            await self._refuse_changed(verified)

    async def set_password(self, account: UUID, new: str) -> None:
        """Set the password as an administrator, and end all sessions."""
        await self._replace(account, new)

    async def _replace(
        self, account: UUID, new: str, *, instead_of: str | None = None, keep: bytes | None = None
    ) -> bool:
        """Set a password, if `instead_of` is given only while the account still has that hash. Returns whether it was set.

        So of two changes at the same time only the first takes effect.
        """
        hashed = await self._passwords.hash(new)
        async with self._pool.acquire() as connection, connection.transaction():
            name = await connection.fetchval(_CHANGE, account, hashed, instead_of)
            if name is None:
                return False
            await self.sessions.end_all(account, but=keep, within=connection)
        await self._forget_failures(account, name)
        for what in ("password-changed", "logged-out-everywhere"):
            await self._log.add(what, account)
        return True

    async def _forget_failures(self, account: UUID, name: str | None) -> None:
        """Forget the failures at the log-in and in sessions."""
        for key in (name_key(name or ""), session_key(account)):
            await self._attempts.forget(key)

    async def add(self, account: Account, password: str) -> None:
        """Raises `NameTaken`."""
        hashed = await self._passwords.hash(password)
        try:
            await self._insert(account, hashed, self._pool)
        except asyncpg.UniqueViolationError as error:
            raise NameTaken(account.name) from error
        await self._log.add("account-made", account.id)

    async def add_without_password(self, account: Account, within: Connection) -> None:
        """For whoever comes with a certificate; no password is right for the account until one is set."""
        await self._insert(account, None, within)
        await self._log.add("account-made", account.id)

    async def _insert(self, account: Account, password: str | None, within: Connection | Pool) -> None:
        place = (account.kind, account.organisation, account.district)
        await within.execute(
            _ADD, account.id, account_name(account.name), account.label, *place, password, account.role
        )

    async def name_organisation(
        self, organisation: UUID, name: str, *, anew: bool, within: Connection | None = None
    ) -> None:
        """Set an organisation's name. An existing name is replaced only with `anew`."""
        await (within or self._pool).execute(_RENAME if anew else _NAME, organisation, name)

    async def by_name(self, name: str) -> Account | None:
        row = await self._pool.fetchrow("select * from accounts where name = $1", account_name(name))
        return account_of(row) if row else None

    async def names(self, account: UUID) -> tuple[str, ...]:
        """The account's name and label, which its password must not contain."""
        row = await self._pool.fetchrow("select name, label from accounts where account_id = $1", account)
        return tuple(row) if row else ()

    async def all(self) -> Sequence[asyncpg.Record]:
        return list(await self._pool.fetch("select * from accounts order by name"))

    async def set_role(self, account: UUID, role: ActorRole) -> None:
        await self._pool.execute(
            "update accounts set role = $2 where account_id = $1 and kind = 'operator'", account, role
        )
        await self._log.add(f"role-{role}", account)

    async def disable(self, account: UUID, *, disabled: bool) -> None:
        """Disable or enable an account. Disabling ends its sessions; both forget its failed attempts."""
        change = "update accounts set disabled = $2 where account_id = $1 returning name"
        async with self._pool.acquire() as connection, connection.transaction():
            name = await connection.fetchval(change, account, disabled)
            if disabled:
                await self.sessions.end_all(account, but=None, within=connection)
        await self._forget_failures(account, name)
        for what in ("disabled", "logged-out-everywhere") if disabled else ("enabled",):
            await self._log.add(what, account)

    async def colleagues(self, organisation: UUID) -> list[Account]:
        """The accounts of one organisation that may log in, by name."""
        rows = await self._pool.fetch(
            "select * from accounts where organisation = $1 and not disabled order by name", organisation
        )
        return [account_of(row) for row in rows]

    async def labels(self, ids: Sequence[UUID], reader: Reader) -> dict[str, str]:
        """Display names of those accounts that the reader may know; others are left out as if they did not exist."""
        return await display_names.labels(self._pool, ids, reader)

    async def sweep(self) -> None:
        """Delete ended sessions, attempts that no longer count, and old lines of the security log."""
        await self.sessions.sweep(self._clock())
        await self._attempts.sweep(self._clock())
        await self._log.forget(self._clock())

    @property
    def _absolute(self) -> timedelta:
        return timedelta(hours=self._settings.session_absolute_hours)


_WITH_NAME = (
    "select a.*, o.name as organisation_name from accounts a left join organisations o using (organisation)"
)
_ADD = """
    insert into accounts (account_id, name, label, kind, organisation, district, password, role)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_STILL = "select true from accounts where account_id = $1 and password = $2 and not disabled"
_CHANGE = """
    update accounts set password = $2
     where account_id = $1 and ($3::text is null or password = $3 and not disabled) returning name
"""
_NAME = "insert into organisations values ($1, $2) on conflict do nothing"
_RENAME = (
    "insert into organisations values ($1, $2) on conflict (organisation) do update set name = excluded.name"
)
