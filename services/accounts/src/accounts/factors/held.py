"""The second steps that accounts have, and the proof of one of them: a code of an app, a key, a recovery code."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NoReturn
from uuid import UUID

from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.domain.decider import Missing, Refused

from accounts.attempts import AttemptKeys, Attempts, at_second_step
from accounts.factors.challenges import FactorChallenge, FactorChallenges
from accounts.factors.opened_by import end_opened_by
from accounts.factors.recovery import Recovery
from accounts.factors.totp import Totp
from accounts.factors.webauthn import NotProven, Site, WebAuthn, new_challenge
from accounts.security_log.writing import SecurityLog
from accounts.sessions.restrictions import is_last_demanded
from accounts.sessions.still_open import require_open
from accounts.settings import AccountsSettings

Method = Literal["totp", "webauthn", "recovery"]
Failed = Literal["second-step-failed", "second-factor-failed", "identity-check-failed"]
"""What a wrong code or key is called in the security log, by what it was given for."""
LOCK_ACCOUNT: Final = "select from accounts where account_id = $1 for update"
"""Before factors are added, removed or their recovery codes made, so that two of these are one after the other."""


class NothingOpened(Exception):
    """Undoes the transaction in which a right recovery code was used, as nothing came of it."""


class WrongCode(Exception):
    """The code is wrong or was used before, or the key's answer is not right. It is not said which."""


@dataclass(frozen=True, slots=True)
class EnrolmentAsked:
    """What the browser needs to make a key, and the challenge that its answer names."""

    challenge: FactorChallenge
    webauthn: dict[str, Any]


class Factors:
    def __init__(
        self, pool: Pool, totp: Totp, attempts: Attempts, log: SecurityLog, settings: AccountsSettings
    ) -> None:
        self._pool = pool
        self._attempts = attempts
        self._log = log
        self._settings = settings
        self.totp = totp
        self.webauthn = WebAuthn(pool)
        self.recovery = Recovery(pool)
        self.challenges = FactorChallenges(pool)

    async def methods(self, account: UUID, within: Connection | None = None) -> list[Method]:
        """The account's second steps. Recovery codes are none of their own: they stand in for one of the others."""
        row = await (within or self._pool).fetchrow(_METHODS, account)
        assert row is not None
        own: tuple[Method, Method] = ("totp", "webauthn")
        enrolled: list[Method] = [method for method in own if row[method]]
        return [*enrolled, "recovery"] if enrolled and row["recovery"] else enrolled

    async def use_code(
        self,
        account: UUID,
        method: Method,
        code: str,
        keys: AttemptKeys,
        now: datetime,
        failed: Failed = "second-step-failed",
    ) -> UUID:
        """The app whose code it is. The attempt is counted before the code is compared. Raises `WrongCode`, `Locked` or `TooManyFromAddress`.

        Recovery codes are used where their step ends (`use_recovery`).
        """
        attempt = await self._attempts.begin(keys, now)
        app = await self.totp.use(account, code, now) if method == "totp" else None
        if app is None:
            await self._fail(account, failed, last=attempt.last)
        await self._attempts.succeed(attempt)
        return app

    async def use_recovery(
        self,
        account: UUID,
        code: str,
        keys: AttemptKeys,
        now: datetime,
        then: Callable[[Connection], Awaitable[str | None]],
    ) -> str | None:
        """What `then` gives, in the transaction that uses up the code: if it raises or gives nothing, the code stays good.

        Raises `WrongCode`, `Locked`, `TooManyFromAddress`, and what `then` raises.
        """
        attempt = await self._attempts.begin(keys, now)
        right, given = False, None
        with suppress(NothingOpened):
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute("select from accounts where account_id = $1 for share", account)
                right = await self.recovery.use(account, code, now, connection)
                given = await self._opened(account, then, connection) if right else None
        if not right:
            await self._fail(account, "second-step-failed", last=attempt.last)
        await self._attempts.succeed(attempt)
        return given

    async def _opened(
        self, account: UUID, then: Callable[[Connection], Awaitable[str | None]], within: Connection
    ) -> str:
        given = await then(within)
        if given is None:
            raise NothingOpened
        await self._log.add("recovery-code-used", account, within=within)
        return given

    async def use_key(
        self,
        account: UUID,
        assertion: dict[str, Any],
        site: Site,
        challenge: bytes,
        keys: AttemptKeys,
        now: datetime,
        failed: Failed = "second-step-failed",
    ) -> UUID:
        """Which key it was. Raises `WrongCode`, `Locked` or `TooManyFromAddress`."""
        attempt = await self._attempts.begin(keys, now)
        try:
            key = await self.webauthn.prove(account, assertion, site, challenge, now)
        except NotProven:
            await self._fail(account, failed, last=attempt.last)
        await self._attempts.succeed(attempt)
        return key

    async def _fail(self, account: UUID, failed: Failed, *, last: bool) -> NoReturn:
        await self._log.add(failed, account)
        if last:
            await self._log.add("locked", account)
        raise WrongCode

    async def confirm_totp(self, account: UUID, session: bytes, code: str, now: datetime) -> Sequence[str]:
        """The first code of the app. Returns recovery codes where the account has none yet.

        Raises what `use_code` raises, and `SessionEnded`.
        """
        attempt = await self._attempts.begin(at_second_step(account), now)
        async with self._pool.acquire() as connection, connection.transaction():
            await require_open(account, session, connection)
            right = await self.totp.confirm(account, code, now, connection)
            codes = await self._first_codes(account, connection) if right else []
            if right:
                await self._log.add("factor-added-totp", account, within=connection)
        if not right:
            await self._fail(account, "second-step-failed", last=attempt.last)
        await self._attempts.succeed(attempt)
        return codes

    async def ask_for_key(
        self, account: UUID, name: str, label: str, site: str, now: datetime
    ) -> EnrolmentAsked:
        made = await self.challenges.make(account, "enrol", new_challenge(), (), site, now)
        options = await self.webauthn.enrolment(account, name, label, Site(site), made.content)
        return EnrolmentAsked(made, options)

    async def add_key(
        self,
        account: UUID,
        session: bytes,
        challenge: UUID,
        name: str,
        credential: dict[str, Any],
        now: datetime,
    ) -> Sequence[str]:
        """Returns recovery codes where the account has none yet. Raises `Refused`, `WrongCode` or `SessionEnded`."""
        asked = await self.challenges.take(challenge, account, "enrol", now)
        async with self._pool.acquire() as connection, connection.transaction():
            await require_open(account, session, connection)
            try:
                await self.webauthn.enrol(
                    account, name, credential, Site(asked.site), asked.content, now, connection
                )
            except NotProven as error:
                raise Refused("factors.key-not-proven", "安全密钥的应答未通过验证，请重新登记。") from error
            codes = await self._first_codes(account, connection)
            await self._log.add("factor-added-webauthn", account, within=connection)
        return codes

    async def _first_codes(self, account: UUID, connection: Connection) -> Sequence[str]:
        known = await connection.fetchval(
            "select true from recovery_codes where account_id = $1 limit 1", account
        )
        return [] if known else await self.recovery.renew(account, connection)

    async def remove_totp(self, account: UUID, session: bytes) -> None:
        await self._remove(account, session, "factor-removed-totp", _REMOVE_TOTP, account)

    async def remove_key(self, account: UUID, session: bytes, key: UUID) -> None:
        await self._remove(account, session, "factor-removed-webauthn", _REMOVE_KEY, account, key)

    async def _remove(
        self,
        account: UUID,
        session: bytes,
        what: Literal["factor-removed-totp", "factor-removed-webauthn"],
        statement: str,
        *values: object,
    ) -> None:
        """Ends the sessions that it helped to open. With the last factor its recovery codes go, too: there is nothing left that they could stand in for.

        Raises `SessionEnded`, `Refused` or `Missing`.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await require_open(account, session, connection)
            if await is_last_demanded(connection, account, self._settings):
                raise Refused("factors.demanded", "本账户必须启用两步验证，不能停用最后一种方式。")
            removed: UUID | None = await connection.fetchval(statement, *values)
            if removed is None:
                raise Missing("factor")
            await end_opened_by(removed, account, self._log, connection)
            await connection.execute(_FORGET_CODES, account)
            await self._log.add(what, account, within=connection)

    async def forget(self, account: UUID, within: Connection) -> None:
        """All second steps of an account whose owner has lost them, also where one is demanded: it is then due at the next log-in."""
        for statement in _FORGET:
            await within.execute(statement, account)

    async def renew_codes(self, account: UUID, session: bytes) -> Sequence[str]:
        """Raises `SessionEnded`, or `Refused` where there is no second step that they could stand in for."""
        async with self._pool.acquire() as connection, connection.transaction():
            await require_open(account, session, connection)
            if not await self.methods(account, connection):
                raise Refused("factors.none", "请先启用验证器动态码或登记安全密钥。")
            codes = await self.recovery.renew(account, connection)
            await self._log.add("recovery-codes-renewed", account, within=connection)
        return codes


_METHODS: Final = """
    select exists (select from totp_keys where account_id = $1 and confirmed is not null) as totp,
           exists (select from webauthn_keys where account_id = $1) as webauthn,
           exists (select from recovery_codes where account_id = $1 and used is null) as recovery
"""
_REMOVE_TOTP: Final = "delete from totp_keys where account_id = $1 returning key_id"
_REMOVE_KEY: Final = "delete from webauthn_keys where account_id = $1 and key_id = $2 returning key_id"
_FORGET: Final = (
    "delete from totp_keys where account_id = $1",
    "delete from webauthn_keys where account_id = $1",
    "delete from recovery_codes where account_id = $1",
)
_FORGET_CODES: Final = """
    delete from recovery_codes r where r.account_id = $1
       and not exists (select from totp_keys where account_id = $1 and confirmed is not null)
       and not exists (select from webauthn_keys where account_id = $1)
"""
