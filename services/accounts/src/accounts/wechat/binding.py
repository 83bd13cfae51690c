"""Bind a WeChat user to the own account: in WeChat itself, or from another device by a number that both show."""

import hmac
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from qingyuan_runtime.database.connections import Pool
from qingyuan_wechat.client import WeChat

from accounts.security_log.writing import SecurityLog
from accounts.service.account_service import AccountService
from accounts.service.wechat_bindings import WeChatBindings
from accounts.sessions.open_sessions import Origin
from accounts.sessions.tokens import token_hash
from accounts.wechat.states import Settled, State, StateGone, WeChatStates


class SnapshotUser(Exception):
    """A virtual user of WeChat's snapshot page: nobody in particular, so never bound and never let in."""


class WrongNumber(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Arrival:
    outcome: Literal["bound", "confirm"]
    number: str | None = None


class WeChatBinding:
    def __init__(self, pool: Pool, accounts: AccountService, log: SecurityLog, client: WeChat) -> None:
        self._pool = pool
        self._accounts = accounts
        self._log = log
        self._client = client
        self._states = WeChatStates(pool)
        self.bindings = WeChatBindings(pool)

    async def begin(self, account: UUID, session: bytes, name: str, origin: Origin) -> State:
        """Raises TooManyOfAccount. The state belongs to the session that asks."""
        now = self._accounts.now()
        return await self._states.make("binding", session, origin.address, now, account=account, name=name)

    async def arrive(self, state: str, code: str, session: bytes) -> Arrival:
        """WeChat's redirect. In the session that began this binds; elsewhere a number tells that session which phone it was.

        Otherwise whoever photographs the code on a screen could bind the own WeChat to an account of others.
        """
        now = self._accounts.now()
        settled = await self._states.settle(state, "binding", code, self._client.authorised, now)
        if settled.snapshot:
            raise SnapshotUser
        if settled.done:
            return Arrival("bound")
        if not hmac.compare_digest(settled.browser, session):
            return Arrival("confirm", settled.number)
        await self._bind(settled)
        return Arrival("bound")

    async def confirm(self, state: str, number: str, session: bytes) -> None:
        """Bind whoever has scanned, if the number is the one on that phone. Raises WrongNumber, StateGone, SnapshotUser."""
        settled = await self._states.try_number(state, session, self._accounts.now())
        if settled.snapshot:
            raise SnapshotUser
        if not hmac.compare_digest(settled.number.encode(), number.encode()):
            raise WrongNumber
        await self._bind(settled)

    async def _bind(self, settled: Settled) -> None:
        """Once for each state: who has unbound and goes back in the browser does not bind again."""
        assert settled.account
        now = self._accounts.now()
        async with self._pool.acquire() as connection, connection.transaction():
            first = await connection.fetchval(_ONCE, token_hash(settled.token))
            if not first:
                return
            added = await self.bindings.add(
                connection, settled.account, settled.browser, settled.openid, settled.name, now
            )
            if not added:
                raise StateGone
            await self._log.add("wechat-bound", settled.account, within=connection)

    async def unbind(self, account: UUID, binding: UUID) -> bool:
        """Returns whether it was one of this account."""
        async with self._pool.acquire() as connection, connection.transaction():
            removed = await self.bindings.remove(account, binding, connection)
            if removed:
                await self._log.add("wechat-unbound", account, within=connection)
        return removed


_ONCE: Final = "update wechat_states set done = true where state_hash = $1 and not done returning true"
