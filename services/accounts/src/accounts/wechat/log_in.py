"""Log in with a WeChat user that is bound: to one account at once, to one of several by choice."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from qingyuan_runtime.database.connections import Pool
from qingyuan_wechat.client import WeChat

from accounts.account import Account
from accounts.security_log.whom import Nobody
from accounts.security_log.writing import SecurityLog
from accounts.service.account_service import AccountService, Session, WrongCredentials
from accounts.service.wechat_bindings import WeChatBindings
from accounts.sessions.open_sessions import FirstStep, Origin
from accounts.sessions.tokens import token_hash
from accounts.wechat.binding import SnapshotUser
from accounts.wechat.states import Settled, State, WeChatStates


class Unbound(Exception):
    """No account that is enabled is bound to this WeChat user."""


@dataclass
class SeveralAccounts(Exception):
    accounts: list[Account]


class WeChatLogIn:
    def __init__(
        self,
        pool: Pool,
        accounts: AccountService,
        log: SecurityLog,
        client: WeChat,
    ) -> None:
        self._accounts = accounts
        self._log = log
        self._client = client
        self._states = WeChatStates(pool)
        self._bindings = WeChatBindings(pool)

    async def begin(self, origin: Origin) -> tuple[State, str]:
        """A state, and the secret that stays in the browser: nobody is led into a session that somebody else began."""
        secret = secrets.token_urlsafe(24)
        state = await self._states.make("log-in", token_hash(secret), origin.address, self._accounts.now())
        return state, secret

    async def log_in(self, state: str, secret: str, code: str, origin: Origin) -> Session:
        """Raises StateGone, SnapshotUser, Unbound, SeveralAccounts. The same again, while it is young, opens a session again."""
        settled = await self._states.settle(
            state, "log-in", code, self._client.authorised, self._accounts.now(), browser=token_hash(secret)
        )
        known = await self._accounts_of(settled)
        if len(known) > 1:
            raise SeveralAccounts(known)
        return await self._open(known[0], settled.openid, origin)

    async def choose(self, state: str, secret: str, account: UUID, origin: Origin) -> Session:
        """Raises StateGone, SnapshotUser, Unbound."""
        settled = await self._states.settled(state, "log-in", token_hash(secret), self._accounts.now())
        chosen = [known for known in await self._accounts_of(settled) if known.id == account]
        if not chosen:
            raise Unbound
        return await self._open(chosen[0], settled.openid, origin)

    async def _accounts_of(self, settled: Settled) -> list[Account]:
        if settled.snapshot:
            raise SnapshotUser
        known = await self._bindings.accounts_of(settled.openid)
        if not known:
            await self._log.add("log-in-failed", Nobody("unknown-wechat"))
            raise Unbound
        return known

    async def _open(self, account: Account, openid: str, origin: Origin) -> Session:
        """Raises Unbound if the binding was ended, or the account disabled, meanwhile, and what `LogInSteps.begin` raises."""
        try:
            return await self._accounts.steps.begin(account, origin, FirstStep("wechat", openid=openid))
        except WrongCredentials:
            raise Unbound from None
