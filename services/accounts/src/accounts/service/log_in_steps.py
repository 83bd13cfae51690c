"""The second step of a log-in: whoever passed the first one gets a session, or is asked for a code or a key.

`begin` serves every first step (password, WeChat). A step is good for five minutes; its wrong codes count like passwords, under a
key of the account's own, which a right password does not clear.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.domain.decider import Refused

from accounts.account import Account, account_of
from accounts.attempts import at_second_step
from accounts.factors.held import Factors, Method
from accounts.factors.webauthn import Site, new_challenge
from accounts.managing.certificate_demand import require_not_demanded
from accounts.security_log.writing import SecurityLog
from accounts.sessions.open_sessions import HOLD, FirstStep, OpenSessions, Origin
from accounts.sessions.opened import Session, WrongCredentials
from accounts.sessions.restrictions import must_now
from accounts.sessions.tokens import token_hash
from accounts.settings import AccountsSettings

LIFETIME: Final = timedelta(minutes=5)
LOGGED: Final = {"password": "logged-in", "wechat": "logged-in-by-wechat"}


@dataclass
class SecondStepDue(Exception):
    """The first step was right, and the account has a second one."""

    step: str
    methods: list[Method]
    webauthn: dict[str, Any] | None


class LogInSteps:
    def __init__(
        self,
        pool: Pool,
        factors: Factors,
        sessions: OpenSessions,
        log: SecurityLog,
        settings: AccountsSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._pool = pool
        self._factors = factors
        self._sessions = sessions
        self._log = log
        self._settings = settings
        self._clock = clock

    async def begin(
        self,
        account: Account,
        origin: Origin,
        first: FirstStep,
    ) -> Session:
        """Open a session, or raise `SecondStepDue`.

        Raises `WrongCredentials` where the account was disabled, its password changed or its binding ended since, and
        `CertificateDemanded`.
        """
        now = self._clock()
        await require_not_demanded(self._pool, self._log, account.id, now)
        methods = await self._factors.methods(account.id)
        if methods:
            raise await self._due(account, origin, first, methods, now)
        async with self._pool.acquire() as connection, connection.transaction():
            token = await self._sessions.open_after_step(account.id, first, origin, now, connection)
        return await self._opened(account, token, first.how, now)

    async def _due(
        self,
        account: Account,
        origin: Origin,
        first: FirstStep,
        methods: list[Method],
        now: datetime,
    ) -> SecondStepDue:
        step, question, challenge = secrets.token_urlsafe(32), None, None
        if "webauthn" in methods:
            challenge = new_challenge()
            question = await self._factors.webauthn.question(account.id, Site(origin.site), challenge)
        values = (
            token_hash(step),
            account.id,
            first.how,
            first.password,
            first.openid,
            challenge,
            now + LIFETIME,
        )
        await self._pool.execute(_MAKE, *values)
        return SecondStepDue(step, methods, question)

    async def finish(self, step: str, method: Method, proof: str | dict[str, Any], origin: Origin) -> Session:
        """Open the session of a step.

        Raises `Refused` where the step is gone, `WrongCode`, `Locked`, `TooManyFromAddress`, and `CertificateDemanded` where it is
        demanded since the first step.
        """
        now = self._clock()
        row = await self._pool.fetchrow(_FIND, token_hash(step), now)
        if row is None:
            raise _gone()
        account = account_of(row)
        if isinstance(proof, str) and method == "recovery":
            token = await self._recover(account.id, step, proof, origin, now)
        else:
            token = await self._prove_and_open(account.id, step, method, proof, origin, now)
        return await self._opened(account, token, row["first"], now)

    async def _recover(
        self, account: UUID, step: str, code: str, origin: Origin, now: datetime
    ) -> str | None:
        """The code and the step are used up together: of several codes at once on one step one is spent."""
        await require_not_demanded(self._pool, self._log, account, now)
        keys = at_second_step(account, origin.address)

        async def opened(within: Connection) -> str | None:
            return await self._take(account, step, origin, now, within)

        return await self._factors.use_recovery(account, code, keys, now, opened)

    async def _prove_and_open(
        self,
        account: UUID,
        step: str,
        method: Method,
        proof: str | dict[str, Any],
        origin: Origin,
        now: datetime,
    ) -> str | None:
        if isinstance(proof, str):
            keys = at_second_step(account, origin.address)
            second = await self._factors.use_code(account, method, proof, keys, now)
        else:
            second = await self._prove(account, step, proof, origin, now)
        await require_not_demanded(self._pool, self._log, account, now)
        return await self._open(account, step, origin, now, second)

    async def _prove(
        self, account: UUID, step: str, assertion: dict[str, Any], origin: Origin, now: datetime
    ) -> UUID:
        """The challenge is taken before the key's answer is looked at, so it serves one try."""
        challenge = await self._pool.fetchval(_TAKE_CHALLENGE, token_hash(step))
        if challenge is None:
            raise _gone()
        keys = at_second_step(account, origin.address)
        return await self._factors.use_key(account, assertion, Site(origin.site), challenge, keys, now)

    async def _open(
        self, account: UUID, step: str, origin: Origin, now: datetime, second: UUID
    ) -> str | None:
        """The account's row is locked first, as a change of the password does, and the step is used up with the session."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(HOLD, account)
            return await self._take(account, step, origin, now, connection, second)

    async def _take(
        self,
        account: UUID,
        step: str,
        origin: Origin,
        now: datetime,
        within: Connection,
        second: UUID | None = None,
    ) -> str | None:
        taken: asyncpg.Record | None = await within.fetchrow(_TAKE, token_hash(step))
        if taken is None:
            raise _gone()
        first = FirstStep(taken["first"], taken["password"], taken["openid"])
        return await self._sessions.open_after_step(account, first, origin, now, within, second)

    async def _opened(self, account: Account, token: str | None, how: str, now: datetime) -> Session:
        if token is None:
            await self._log.add("log-in-failed", account.id, detail={"reason": "changed-meanwhile"})
            raise WrongCredentials
        await self._sessions.remember(account.id, now)
        await self._log.add(LOGGED[how], account.id)
        ends = now + timedelta(hours=self._settings.session_absolute_hours)
        must = await must_now(self._pool, account, self._settings, now)
        return Session(account, ends, token, must)

    async def sweep(self, now: datetime) -> None:
        await self._pool.execute("delete from log_in_steps where expires < $1", now)


def _gone() -> Refused:
    return Refused("log-in.step-gone", "本次登录已使用或超过五分钟，请重新登录。")


_MAKE: Final = """
    insert into log_in_steps (step_hash, account_id, first, password, openid, challenge, expires)
    values ($1, $2, $3, $4, $5, $6, $7)
"""
_FIND: Final = """
    select a.*, s.first, o.name as organisation_name
      from log_in_steps s join accounts a using (account_id) left join organisations o using (organisation)
     where s.step_hash = $1 and s.expires > $2
"""
_TAKE_CHALLENGE: Final = """
    with before as (
        select step_hash, challenge from log_in_steps where step_hash = $1 and challenge is not null for update
    )
    update log_in_steps s set challenge = null from before b where s.step_hash = b.step_hash returning b.challenge
"""
_TAKE: Final = "delete from log_in_steps where step_hash = $1 returning first, password, openid"
