"""How many wrong passwords have been said: by whom they were said for, and by the address they came from.

A guess takes its place *before* it is looked at, in one statement: fifty guesses in flight are not fifty guesses. A right
one gives its place back. What is refused takes none, so that trying during a lock does not lengthen it. Names that no
account has are counted alike: a lock tells nobody that an account exists. Kept in the database, the count survives a
restart and is shared by all processes.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection, Pool

from accounts.settings import AccountsSettings


class Locked(Exception):
    """Too many failures for one name; `until` is when trying again makes sense."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class TooManyFrom(Exception):
    """Too many failures from one address, whatever the names."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a guess is counted by: the keys of whom it is for and, where strangers guess, of where it comes from."""

    whose: bytes
    whence: bytes | None


def at_log_in(name: str, address: str) -> Counted:
    return Counted(name_key(name), address_key(address))


def in_session(account: UUID) -> Counted:
    """By the account alone: whoever guesses is logged in, and pays for no stranger at the log-in behind the same address."""
    return Counted(session_key(account), None)


@dataclass(frozen=True, slots=True)
class Place:
    """A guess that may be looked at, the `nth` ever; `last` means that it locks, should it be wrong."""

    counted: Counted
    nth: float
    last: bool


class Guesses:
    """An account locks for a time after its last failure; an address drains, since many people may stand behind it."""

    def __init__(self, pool: Pool, settings: AccountsSettings) -> None:
        self._pool = pool
        self._per_name = settings.failures_before_lock
        self._per_address = settings.failures_per_address
        self._window = timedelta(minutes=settings.lock_minutes)

    async def look(self, counted: Counted, now: datetime) -> None:
        """Raises as `take` would, and takes nothing: what is locked need not queue for its refusal."""
        await self._refuse_locked(self._pool, counted.whose, now)
        most, window = self._per_address, self._window.total_seconds()
        if counted.whence and await self._pool.fetchval(_FULL, counted.whence, now, window, most):
            raise TooManyFrom

    async def take(self, counted: Counted, now: datetime) -> Place:
        """A place for one guess. Raises `Locked` or `TooManyFrom`, and then has counted nothing."""
        async with self._pool.acquire() as connection, connection.transaction():
            if counted.whence:
                await self._take_from(connection, counted.whence, now)
            return await self._take_of(connection, counted, now)

    async def _take_from(self, connection: Connection, whence: bytes, now: datetime) -> None:
        window = self._window.total_seconds()
        if await connection.fetchval(_TAKE_DRAINING, whence, now, window, self._per_address) is None:
            raise TooManyFrom

    async def _take_of(self, connection: Connection, counted: Counted, now: datetime) -> Place:
        window = self._window.total_seconds()
        taken = await connection.fetchrow(_TAKE_LOCKING, counted.whose, now, window, self._per_name)
        if taken is None:
            await self._refuse_locked(connection, counted.whose, now)
            raise Locked(now + self._window)
        return Place(counted, taken["spent"], taken["counting"] + 1 > self._per_name)

    async def give_back(self, place: Place) -> None:
        """It was right: failures up to it are forgotten, those after it stay; the address loses one.

        The address first, as `take` does: in the other order two people would wait for each other.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            if place.counted.whence:
                await connection.execute(_GIVE_ONE_BACK, place.counted.whence)
            await connection.execute(_FORGET_UP_TO, place.counted.whose, place.nth)

    async def forget(self, whose: bytes) -> None:
        """All that count now. The row stays, so that what is still in flight keeps its number."""
        await self._pool.execute(_FORGET, whose)

    async def sweep(self, now: datetime) -> None:
        await self._pool.execute("delete from guesses where last < $1", now - 2 * self._window)

    async def _refuse_locked(self, connection: Connection | Pool, whose: bytes, now: datetime) -> None:
        last = await connection.fetchval(_LOCKED, whose, now - self._window, self._per_name)
        if last:
            raise Locked(last + self._window)


def name_key(name: str) -> bytes:
    """Short on purpose: people type passwords where names belong, and six bytes do not give one away."""
    return b"n" + hashlib.sha256(name.encode()).digest()[:6]


def address_key(address: str) -> bytes:
    return b"a" + address.encode()


def session_key(account: UUID) -> bytes:
    """Begins with another byte than the key of a name: no name, whatever somebody says, counts for a session."""
    return b"s" + account.bytes


# `spent` of a name or session only rises, `forgotten` says how far its failures count no more: three right guesses in
# flight then forget what was before the last of them, each, and not three times that.
_DRAINED: Final = (
    "greatest(0, g.spent - greatest(0, extract(epoch from $2 - g.last)) * $4::float8 / $3::float8)"
)
_TAKE_DRAINING: Final = f"""
    insert into guesses as g (key, spent, last) values ($1, 1, $2::timestamptz)
    on conflict (key) do update set spent = {_DRAINED} + 1, last = greatest(g.last, $2)
     where {_DRAINED} + 1 <= $4::float8
    returning spent
"""
_NOT_COUNTING: Final = (
    "case when g.last <= $2 - make_interval(secs => $3::float8) then g.spent else g.forgotten end"
)
_TAKE_LOCKING: Final = f"""
    insert into guesses as g (key, spent, last) values ($1, 1, $2::timestamptz)
    on conflict (key) do update set spent = g.spent + 1, last = greatest(g.last, $2), forgotten = {_NOT_COUNTING}
     where g.spent - {_NOT_COUNTING} + 1 <= $4::float8
    returning spent, spent - forgotten as counting
"""
_FULL: Final = f"select {_DRAINED} + 1 > $4::float8 from guesses g where key = $1"
_LOCKED: Final = (
    "select last from guesses where key = $1 and last > $2 and spent - forgotten + 1 > $3::float8"
)
_GIVE_ONE_BACK: Final = "update guesses set spent = greatest(0, spent - 1) where key = $1"
_FORGET_UP_TO: Final = "update guesses set forgotten = greatest(forgotten, least(spent, $2)) where key = $1"
_FORGET: Final = "update guesses set forgotten = spent where key = $1"
