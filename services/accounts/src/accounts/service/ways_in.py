"""What opens an account (its password, sessions, WeChat bindings), replaced and ended by others or its owner.

All of it happens in the caller's transaction, with its lines of the security log: what cannot be logged is not done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.domain.decider import Refused

from accounts.attempts import Attempts, keys_of_account, keys_of_passwords
from accounts.factors.held import Factors
from accounts.managing.changes import manages_no_more
from accounts.managing.held_certificates import HeldCertificates
from accounts.passwords.history import PasswordHistory, Replacement
from accounts.security_log.writing import SecurityLog
from accounts.service.lost_ways import end_lost_ways
from accounts.service.wechat_bindings import end_bindings
from accounts.sessions.open_sessions import OpenSessions


@dataclass(frozen=True, slots=True)
class OneTime:
    """A password for the next log-in alone, hashed before the transaction that sets it: hashing waits in a queue."""

    password: str
    hashed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPassword:
    """`instead_of`: only while the account still has that hash. `keep`: by the owner, whose session with this hash goes on."""

    account: UUID
    hashed: str
    instead_of: str | None = None
    keep: bytes | None = None
    must_change: bool = False
    factors_too: bool = False


class WaysIn:
    def __init__(
        self,
        history: PasswordHistory,
        sessions: OpenSessions,
        factors: Factors,
        held: HeldCertificates,
        attempts: Attempts,
        log: SecurityLog,
        clock: Callable[[], datetime],
    ) -> None:
        self._history = history
        self._sessions = sessions
        self._factors = factors
        self._held = held
        self._attempts = attempts
        self._log = log
        self._clock = clock

    async def replace_password(self, new: NewPassword, within: Connection) -> bool:
        """Returns whether it was set: not where the account has another hash than `instead_of` by now."""
        name = await self._history.replace(
            Replacement(new.account, new.hashed, new.instead_of, new.must_change, self._clock()), within
        )
        if name is None:
            return False
        keys = keys_of_account if new.keep is None else keys_of_passwords
        await self._attempts.forget(*keys(new.account, name), within=within)
        for what in ("password-changed", "logged-out-everywhere"):
            await self._log.add(what, new.account, within=within)
        if new.factors_too:
            await self._end_lost(new.account, within)
        if new.keep is None:
            await self.end(new.account, within)
        else:
            await self._sessions.end_all(new.account, but=new.keep, within=within)
        return True

    async def _end_lost(self, account: UUID, within: Connection) -> None:
        ended = await end_lost_ways(self._factors, self._held, account, self._clock(), within)
        for what in ("factors-reset", *(("certificates-ended",) if ended else ())):
            await self._log.add(what, account, within=within)

    async def set_one_time(
        self, account: UUID, new: OneTime, within: Connection, *, factors_too: bool = False
    ) -> None:
        """Its owner has to change it; sessions and WeChat bindings end."""
        await self.replace_password(
            NewPassword(account=account, hashed=new.hashed, must_change=True, factors_too=factors_too), within
        )

    async def disable(
        self, account: UUID, within: Connection, *, disabled: bool, by_platform: bool = True
    ) -> None:
        """Disabling ends every way in and the invitations; both forget the failed attempts, at the second step, too.

        What changes nothing writes nothing. Raises `Refused` where the organisation would undo what the platform did.
        """
        row = await within.fetchrow(_LOCKED, account)
        if row is None:
            return
        if row["disabled_by_platform"] and not (disabled or by_platform):
            raise Refused(*BY_PLATFORM)
        forgotten = await self._attempts.forget(*keys_of_account(account, row["name"]), within=within)
        by = disabled and (by_platform or row["disabled_by_platform"])
        if (disabled, by) != (row["disabled"], row["disabled_by_platform"]):
            await within.execute(_DISABLE, account, disabled, by)
        elif disabled or not forgotten:
            return
        for what in ("disabled", "logged-out-everywhere") if disabled else ("enabled",):
            await self._log.add(what, account, within=within)
        if disabled:
            await manages_no_more(account, within)
            await self.end(account, within)

    async def log_out(self, account: UUID, within: Connection, *, but: bytes | None = None) -> None:
        await self._sessions.end_all(account, but=but, within=within)
        await self._log.add("logged-out-everywhere", account, within=within)

    async def end(self, account: UUID, within: Connection) -> None:
        """What was opened, begun or bound before outlives no recovery and no lock."""
        await self._sessions.end_all(account, but=None, within=within)
        await within.execute(_END_STEPS, account)
        if await end_bindings(account, within):
            await self._log.add("wechat-bindings-ended", account, within=within)


BY_PLATFORM: Final = (
    "account.locked-by-platform",
    "此账户由平台的管理员停用，本单位不能恢复，请联系平台的安全管理员或系统管理员。",
)
_LOCKED: Final = "select name, disabled, disabled_by_platform from accounts where account_id = $1 for update"
_DISABLE: Final = "update accounts set disabled = $2, disabled_by_platform = $3 where account_id = $1"
_END_STEPS: Final = "delete from log_in_steps where account_id = $1"
