"""Operations on accounts and sessions, stored in PostgreSQL: log in, verify and change passwords, name accounts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal, NoReturn
from uuid import UUID

import asyncpg
from qingyuan_events import ActorRole
from qingyuan_runtime.database.connections import Connection, Pool

from accounts.account import Account, account_of
from accounts.attempts import (
    Attempt,
    AttemptKeys,
    Attempts,
    at_log_in,
    in_session,
)
from accounts.factors.held import Factors
from accounts.factors.totp import Totp
from accounts.managing.certificate_demand import CertificateDemands
from accounts.managing.changes import begins_to_manage, manages_no_more
from accounts.managing.held_certificates import BelievesNobody, HeldCertificates, TrustSource
from accounts.names import account_name
from accounts.passwords.hashing import Passwords
from accounts.passwords.history import PasswordHistory
from accounts.passwords.one_time import one_time_password
from accounts.sealing import Sealing
from accounts.security_log.whom import Nobody
from accounts.security_log.writing import SecurityLog
from accounts.service.account_reading import AccountReading
from accounts.service.adding import insert_account
from accounts.service.addresses import Addresses
from accounts.service.log_in_steps import LogInSteps
from accounts.service.organisation_names import name_organisation
from accounts.service.rights import log_rights
from accounts.service.ways_in import NewPassword, OneTime, WaysIn
from accounts.sessions.open_sessions import UNKNOWN_ORIGIN, FirstStep, OpenSessions, Origin
from accounts.sessions.opened import Session, VerifiedPassword, WrongCredentials
from accounts.sessions.restrictions import HAS_FACTOR, must_now, must_of
from accounts.sessions.still_open import require_open
from accounts.settings import AccountsSettings

__all__ = ["AccountService", "Session", "WrongCredentials"]

Clock = Callable[[], datetime]
Failed = Literal["log-in-failed", "second-factor-failed", "identity-check-failed"]
"""What a wrong password is called in the security log, by what it was given for."""


class AccountService(AccountReading):
    def __init__(
        self,
        pool: Pool,
        passwords: Passwords,
        settings: AccountsSettings,
        clock: Clock,
        sealing: Sealing | None = None,
        trust: TrustSource | None = None,
    ) -> None:
        """Without `trust` no certificate is believed."""
        super().__init__(pool)
        self.pool = pool
        self._passwords = self.passwords = passwords
        self.settings = settings
        self._clock = clock
        self._attempts = self.attempts = Attempts(pool, settings)
        self.log = SecurityLog(pool, settings)
        self._history = self.history = PasswordHistory(pool, passwords)
        self.sessions = OpenSessions(pool, settings)
        self.addresses = Addresses(pool, self.log)
        self.factors = Factors(pool, Totp(pool, sealing), self._attempts, self.log, settings)
        self.trust = trust or BelievesNobody()
        self.held = HeldCertificates(self.trust, clock)
        self.demands = CertificateDemands(pool, self.log, self.held, clock)
        self.ways_in = WaysIn(
            self._history, self.sessions, self.factors, self.held, self._attempts, self.log, clock
        )
        self.steps = LogInSteps(pool, self.factors, self.sessions, self.log, settings, clock)

    def now(self) -> datetime:
        return self._clock()

    async def log_in(self, name: str, password: str, origin: Origin = UNKNOWN_ORIGIN) -> Session:
        """Open a session if the password is right. Raises what `_verify` and `LogInSteps.begin` raise."""
        account = account_name(name)
        verified = await self._verify(
            account, password, at_log_in(account, origin.address), queue=origin.address
        )
        return await self.steps.begin(verified.account, origin, FirstStep("password", verified.stored))

    async def open_with_hash(self, account: Account, hashed: str, origin: Origin) -> Session:
        """Open a session for an account that was just made, as long as it has this hash. Raises `WrongCredentials`."""
        now = self._clock()
        token = await self.sessions.open(account.id, hashed, origin, now)
        if token is None:
            raise WrongCredentials
        await self.log.add("logged-in", account.id)
        must = await must_now(self._pool, account, self.settings, now)
        return Session(account, now + self._absolute, token, must)

    async def open_by_certificate(self, account: Account, fingerprint: bytes, origin: Origin) -> Session:
        """Open a session for whoever proved to hold the certificate. Raises `WrongCredentials` if it was taken away meanwhile."""
        now = self._clock()
        token = await self.sessions.open_by_certificate(account.id, fingerprint, origin, now)
        if token is None:
            await self.log.add("log-in-failed", account.id, detail={"reason": "changed-meanwhile"})
            raise WrongCredentials
        await self.log.add("logged-in-by-certificate", account.id)
        must = await must_now(self._pool, account, self.settings, now)
        return Session(account, now + self._absolute, token, must)

    async def verify_again(
        self, account: UUID, password: str, failed: Failed = "second-factor-failed"
    ) -> None:
        """Verify the password of a logged-in user; what it was right for is logged by the caller. Raises `WrongCredentials`, `Locked` or `Crowded`.

        These attempts are counted apart from those at the log-in. Otherwise a stranger who knows the name, or who has the
        same address, could keep the user from signing until the day is over.
        """
        verified = await self._verify_in_session(account, password, failed)
        if not await self._pool.fetchval(_STILL, account, verified.stored):
            await self._refuse_changed(verified, failed)

    async def _verify_in_session(self, account: UUID, password: str, failed: Failed) -> VerifiedPassword:
        name = await self._pool.fetchval("select name from accounts where account_id = $1", account)
        return await self._verify(
            name or "", password, in_session(account), queue=str(account), failed=failed
        )

    async def _refuse_changed(self, verified: VerifiedPassword, failed: Failed) -> NoReturn:
        """The password was changed, or the account disabled, after the password was verified."""
        await self.log.add(failed, verified.account.id, detail={"reason": "changed-meanwhile"})
        raise WrongCredentials

    async def _verify(
        self, name: str, password: str, keys: AttemptKeys, *, queue: str, failed: Failed = "log-in-failed"
    ) -> VerifiedPassword:
        """Verify a password. The attempt is counted before the password is compared; failures are logged.

        Raises `WrongCredentials`, `Locked`, `TooManyFromAddress`, or `Crowded`, which is not counted.
        """
        await self._attempts.check(keys, self._clock())
        async with self._passwords.turn(queue):
            attempt = await self._attempts.begin(keys, self._clock())
            row = await self._pool.fetchrow(f"{_WITH_NAME} where a.name = $1", name)
            right = await self._passwords.verify(password, row["password"] if row else None)
        if row is None or row["disabled"] or not right:
            await self._log_failure(row, attempt, failed)
            raise WrongCredentials
        await self._attempts.succeed(attempt)
        return VerifiedPassword(account_of(row), row["password"])

    async def _log_failure(self, row: asyncpg.Record | None, attempt: Attempt, failed: Failed) -> None:
        whom = row["account_id"] if row else Nobody("unknown-name")
        reason = "account-disabled" if row and row["disabled"] else "password-wrong"
        await self.log.add(failed, whom, detail={"reason": reason} if row else None)
        if attempt.last:
            await self.log.add("locked", whom)

    async def session(self, hashed: bytes, *, used: bool = True) -> Session | None:
        """The session of a token's hash, None where it has ended. Calling this keeps it alive, if it is `used`."""
        now = self._clock()
        row = await self._pool.fetchrow(
            f"""
            update sessions s set last_seen = case when $5 then greatest(last_seen, $2) else last_seen end
              from accounts a
             where s.token_hash = $1 and a.account_id = s.account_id and not a.disabled
               and s.last_seen > $3 and s.created > $4
            returning a.*, s.created as opened, {HAS_FACTOR},
                (select o.name from organisations o where o.organisation = a.organisation) as organisation_name
            """,
            hashed,
            now,
            now - timedelta(minutes=self.settings.session_idle_minutes),
            now - self._absolute,
            used,
        )
        if row is None:
            return None
        must = must_of(row, self.settings, now)
        return Session(account_of(row), row["opened"] + self._absolute, must=must)

    async def log_out(self, hashed: bytes) -> None:
        ended = "delete from sessions where token_hash = $1 returning account_id"
        async with self._pool.acquire() as connection, connection.transaction():
            if account := await connection.fetchval(ended, hashed):
                await self.log.add("logged-out", account, within=connection)

    async def end_session(self, account: UUID, session: UUID) -> bool:
        """End one session. Returns whether it was one of this account."""
        async with self._pool.acquire() as connection, connection.transaction():
            ended = await self.sessions.end(account, session, connection)
            if ended:
                await self.log.add("session-ended", account, within=connection)
        return ended

    async def log_out_everywhere(self, account: UUID, *, but: bytes | None = None) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            await self.ways_in.log_out(account, connection, but=but)

    async def change_password(self, account: UUID, current: str, new: str, *, keep: bytes) -> None:
        """Change the password and end the other sessions. A wrong `current` counts as a failed attempt.

        Otherwise somebody with a stolen session could guess the password. Raises `UsedBefore` or `SessionEnded`.
        """
        verified = await self._verify_in_session(account, current, "identity-check-failed")
        await self._history.refuse_earlier(account, new, self._clock())
        hashed = await self._passwords.hash(new)
        changed = NewPassword(account=account, hashed=hashed, instead_of=verified.stored, keep=keep)
        async with self._pool.acquire() as connection, connection.transaction():
            replaced = await self.ways_in.replace_password(changed, connection)
            if replaced:
                await require_open(account, keep, connection)
        if not replaced:
            await self._refuse_changed(verified, "identity-check-failed")

    async def set_password(self, account: UUID, new: str, *, must_change: bool = False) -> None:
        """Set the password as an administrator, and end all sessions and WeChat bindings. `must_change`: only for the next log-in."""
        hashed = await self._passwords.hash(new)
        replaced = NewPassword(account=account, hashed=hashed, must_change=must_change)
        async with self._pool.acquire() as connection, connection.transaction():
            await self.ways_in.replace_password(replaced, connection)

    async def one_time(self, *names: str) -> OneTime:
        """A one-time password for the account with these names, to be set in a transaction that asks again who may."""
        password = one_time_password(*names)
        return OneTime(password, await self._passwords.hash(password))

    async def add(self, account: Account, password: str) -> None:
        """Raises `NameTaken`."""
        hashed = await self.passwords.hash(password)
        async with self._pool.acquire() as connection, connection.transaction():
            await insert_account(self.log, connection, account, hashed)

    async def add_without_password(self, account: Account, within: Connection) -> None:
        """For whoever comes with a certificate; no password is right for the account until one is set."""
        await insert_account(self.log, within, account, None)

    async def set_role(self, account: UUID, role: ActorRole, *, signs: bool) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            kind = await connection.fetchval(_RIGHTS, account, role, signs)
            if role == "manager":
                await begins_to_manage(account, connection, self._clock())
            else:
                await manages_no_more(account, connection)
            await log_rights(self.log, account, kind, role, connection, signs=signs)

    async def name_organisation(self, organisation: UUID, name: str, *, anew: bool) -> None:
        async with self.pool.acquire() as connection, connection.transaction():
            await name_organisation(self.log, organisation, name, connection, anew=anew)

    async def disable(self, account: UUID, *, disabled: bool) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            await self.ways_in.disable(account, connection, disabled=disabled)

    async def sweep(self) -> None:
        """Delete ended sessions, attempts that no longer count, and old lines of the security log."""
        await self.sessions.sweep(self._clock())
        await self.steps.sweep(self._clock())
        await self.factors.challenges.sweep(self._clock())
        await self._attempts.sweep(self._clock())
        await self.log.forget(self._clock())

    @property
    def _absolute(self) -> timedelta:
        return timedelta(hours=self.settings.session_absolute_hours)


_WITH_NAME = (
    "select a.*, o.name as organisation_name from accounts a left join organisations o using (organisation)"
)
_RIGHTS = "update accounts set role = $2, signs = $3 where account_id = $1 returning kind"
_STILL = "select true from accounts where account_id = $1 and password = $2 and not disabled"
