"""Counts failed password attempts: at the log-in by the name and by the client's address, in a session by its account.

An attempt is counted *before* its password is compared, in one statement, so that many attempts at the same time cannot
exceed the limit. A right password is subtracted again. Refused attempts are not counted, so that trying during a lock does
not extend it. Names that no account has are counted in the same way, so a lock does not show that an account exists. The
counts are stored in the database, survive a restart, and are shared by all processes.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from qingyuan_runtime.database.connections import Connection, Pool

from accounts.settings import AccountsSettings

KeyKind = Literal["log-in", "session", "address", "invitation", "lost-key", "second-step"]
KINDS: Final[dict[bytes, KeyKind]] = {
    b"n": "log-in",
    b"s": "session",
    b"a": "address",
    b"i": "invitation",
    b"l": "lost-key",
    b"c": "second-step",
}
"""What is counted under a key, by the first byte of the key. Whoever shows keys asks here, so that none is unknown there."""
BY_ADDRESS: Final = frozenset({b"a", b"i", b"l"})
"""Of these the rest of the key is an address; of the others it is an account, or the hash of a name."""


class Locked(Exception):
    """Too many failures for one name, or in the sessions of one account. `until` is the end of the lock."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class TooManyFromAddress(Exception):
    """Too many failures from one address, for all names together."""


@dataclass(frozen=True, slots=True)
class AttemptKeys:
    """The keys under which an attempt is counted: `owner` for the name or account, `address` for the client's address."""

    owner: bytes
    address: bytes | None


def at_log_in(name: str, address: str) -> AttemptKeys:
    return AttemptKeys(name_key(name), address_key(address))


def in_session(account: UUID) -> AttemptKeys:
    """Only by the account, so that failures of strangers from the same address do not lock out a logged-in user."""
    return AttemptKeys(session_key(account), None)


def at_second_step(account: UUID, address: str | None = None) -> AttemptKeys:
    """Apart from passwords: a right password forgets its own failures, and must not forget wrong codes."""
    return AttemptKeys(code_key(account), address_key(address) if address else None)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted attempt, the `nth` for its owner. `last`: if it fails, the owner is locked."""

    keys: AttemptKeys
    nth: float
    last: bool


class Attempts:
    """A name, or an account in its sessions, is locked for a time after its last failure.

    The count of an address decreases steadily instead, since many people may share one address.
    """

    def __init__(self, pool: Pool, settings: AccountsSettings) -> None:
        self._pool = pool
        self._per_name = settings.failures_before_lock
        self._per_address = settings.failures_per_address
        self._window = timedelta(minutes=settings.lock_minutes)

    async def check(self, keys: AttemptKeys, now: datetime) -> None:
        """Raises what `begin` would raise, without counting. So a locked client need not wait in the queue first."""
        await self._refuse_locked(self._pool, keys.owner, now)
        most, window = self._per_address, self._window.total_seconds()
        if keys.address and await self._pool.fetchval(_FULL, keys.address, now, window, most):
            raise TooManyFromAddress

    async def begin(self, keys: AttemptKeys, now: datetime) -> Attempt:
        """Count one attempt. Raises `Locked` or `TooManyFromAddress`, and then nothing is counted."""
        async with self._pool.acquire() as connection, connection.transaction():
            if keys.address:
                await self._count_address(connection, keys.address, now)
            return await self._count_owner(connection, keys, now)

    async def _count_address(self, connection: Connection, address: bytes, now: datetime) -> None:
        window = self._window.total_seconds()
        if await connection.fetchval(_COUNT_ADDRESS, address, now, window, self._per_address) is None:
            raise TooManyFromAddress

    async def _count_owner(self, connection: Connection, keys: AttemptKeys, now: datetime) -> Attempt:
        window = self._window.total_seconds()
        counted = await connection.fetchrow(_COUNT_OWNER, keys.owner, now, window, self._per_name)
        if counted is None:
            await self._refuse_locked(connection, keys.owner, now)
            raise Locked(now + self._window)
        return Attempt(keys, counted["spent"], counted["counting"] + 1 > self._per_name)

    async def succeed(self, attempt: Attempt) -> None:
        """The password was right: earlier failures of the owner are forgotten, later ones stay; the address counts one less.

        The address is updated first, as in `begin`. In another order two transactions could deadlock.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            if attempt.keys.address:
                await connection.execute(_SUBTRACT_ONE, attempt.keys.address)
            await connection.execute(_FORGET_UP_TO, attempt.keys.owner, attempt.nth)

    async def forget(self, *owners: bytes, within: Connection | None = None) -> bool:
        """Forget all failures so far. Returns whether there were any. The rows stay, so that attempts under way keep their numbers."""
        return bool(await (within or self._pool).fetch(_FORGET, list(owners)))

    async def sweep(self, now: datetime) -> None:
        await self._pool.execute("delete from guesses where last < $1", now - 2 * self._window)

    async def _refuse_locked(self, connection: Connection | Pool, owner: bytes, now: datetime) -> None:
        last = await connection.fetchval(_LOCKED, owner, now - self._window, self._per_name)
        if last:
            raise Locked(last + self._window)


def name_key(name: str) -> bytes:
    """Only six bytes of the hash, since users sometimes type their password as the name: it cannot be recovered from them."""
    return b"n" + hashlib.sha256(name.encode()).digest()[:6]


def address_key(address: str) -> bytes:
    return b"a" + address.encode()


def session_key(account: UUID) -> bytes:
    """Begins with another byte than the key of a name, so that no name can have the key of a session."""
    return b"s" + account.bytes


def invitation_key(address: str) -> bytes:
    """By the address: whoever tries codes of invitations has no name yet."""
    return b"i" + address.encode()


def lost_key_code_key(address: str) -> bytes:
    """By the address, as with invitations: whoever tries codes of lost keys has no name yet."""
    return b"l" + address.encode()


def code_key(account: UUID) -> bytes:
    return b"c" + account.bytes


def keys_of_passwords(account: UUID, name: str) -> tuple[bytes, ...]:
    return name_key(name), session_key(account)


def keys_of_account(account: UUID, name: str) -> tuple[bytes, ...]:
    """Whatever an account may have failed at. Only others forget all of it: who knows the password could else guess codes for ever."""
    return *keys_of_passwords(account, name), code_key(account)


# `spent` of a name or account only increases; failures up to `forgotten` no longer count. So several right passwords at the
# same time forget the failures before the last of them once, and not once for each.
_DECREASED: Final = (
    "greatest(0, g.spent - greatest(0, extract(epoch from $2 - g.last)) * $4::float8 / $3::float8)"
)
_COUNT_ADDRESS: Final = f"""
    insert into guesses as g (key, spent, last) values ($1, 1, $2::timestamptz)
    on conflict (key) do update set spent = {_DECREASED} + 1, last = greatest(g.last, $2)
     where {_DECREASED} + 1 <= $4::float8
    returning spent
"""
_NOT_COUNTING: Final = (
    "case when g.last <= $2 - make_interval(secs => $3::float8) then g.spent else g.forgotten end"
)
_COUNT_OWNER: Final = f"""
    insert into guesses as g (key, spent, last) values ($1, 1, $2::timestamptz)
    on conflict (key) do update set spent = g.spent + 1, last = greatest(g.last, $2), forgotten = {_NOT_COUNTING}
     where g.spent - {_NOT_COUNTING} + 1 <= $4::float8
    returning spent, spent - forgotten as counting
"""
_FULL: Final = f"select {_DECREASED} + 1 > $4::float8 from guesses g where key = $1"
_LOCKED: Final = (
    "select last from guesses where key = $1 and last > $2 and spent - forgotten + 1 > $3::float8"
)
_SUBTRACT_ONE: Final = "update guesses set spent = greatest(0, spent - 1) where key = $1"
_FORGET_UP_TO: Final = "update guesses set forgotten = greatest(forgotten, least(spent, $2)) where key = $1"
_FORGET: Final = (
    "update guesses set forgotten = spent where key = any($1) and spent > forgotten returning true"
)
