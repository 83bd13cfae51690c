"""How many wrong passwords have been said: by the name they were said for, and by the address they came from.

A guess takes its place *before* it is looked at, in one statement: fifty guesses in flight are not fifty guesses. A right
one gives its place back. What is refused takes none, so that trying during a lock does not lengthen it. Names that no
account has are counted alike: a lock tells nobody that an account exists. Kept in the database, the count survives a
restart and is shared by all processes.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from qingyuan_runtime.database import Connection, Pool

from accounts.settings import AccountsSettings


class Locked(Exception):
    """Too many failures for one name; `until` is when trying again makes sense."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class TooManyFrom(Exception):
    """Too many failures from one address, whatever the names."""


@dataclass(frozen=True, slots=True)
class Place:
    """A guess that may be looked at. `nth` of the failures of its name, should it be one; `last` means the name locks."""

    name: bytes
    address: bytes
    nth: float
    last: bool


class Guesses:
    """An account locks for a time after its last failure; an address drains, since many people may stand behind it."""

    def __init__(self, pool: Pool, settings: AccountsSettings) -> None:
        self._pool = pool
        self._per_name = settings.failures_before_lock
        self._per_address = settings.failures_per_address
        self._window = timedelta(minutes=settings.lock_minutes)

    async def look(self, name: str, address: str, now: datetime) -> None:
        """Raises as `take` would, and takes nothing: what is locked need not queue for its refusal."""
        await self._refuse_locked(self._pool, name_key(name), now)
        most, window = self._per_address, self._window.total_seconds()
        if await self._pool.fetchval(_FULL, address_key(address), now, window, most):
            raise TooManyFrom

    async def take(self, name: str, address: str, now: datetime) -> Place:
        """A place for one guess. Raises `Locked` or `TooManyFrom`, and then has counted nothing."""
        whose, whence, window = name_key(name), address_key(address), self._window.total_seconds()
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(_TAKE_DRAINING, whence, now, window, self._per_address) is None:
                raise TooManyFrom
            nth = await connection.fetchval(_TAKE_LOCKING, whose, now, window, self._per_name)
            if nth is None:
                await self._refuse_locked(connection, whose, now)
                raise Locked(now + self._window)
        return Place(whose, whence, nth, nth + 1 > self._per_name)

    async def give_back(self, place: Place) -> None:
        """It was right: the name's failures up to it are forgotten, those after it stay; the address loses one.

        The address first, as `take` does: in the other order two people would wait for each other.
        """
        await self._pool.executemany(_GIVE_BACK, [(place.address, 1.0), (place.name, place.nth)])

    async def forget(self, name: str) -> None:
        await self._pool.execute("delete from guesses where key = $1", name_key(name))

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


_DRAINED: Final = (
    "greatest(0, g.spent - greatest(0, extract(epoch from $2 - g.last)) * $4::float8 / $3::float8)"
)
_UNLOCKED: Final = "case when g.last <= $2 - make_interval(secs => $3::float8) then 0 else g.spent end"
_TAKE: Final = """
    insert into guesses as g (key, spent, last) values ($1, 1, $2::timestamptz)
    on conflict (key) do update set spent = {left} + 1, last = greatest(g.last, $2)
     where {left} + 1 <= $4::float8
    returning spent
"""
_TAKE_DRAINING: Final = _TAKE.format(left=_DRAINED)
_TAKE_LOCKING: Final = _TAKE.format(left=_UNLOCKED)
_FULL: Final = f"select {_DRAINED} + 1 > $4::float8 from guesses g where key = $1"
_LOCKED: Final = "select last from guesses where key = $1 and last > $2 and spent + 1 > $3::float8"
_GIVE_BACK: Final = "update guesses set spent = greatest(0, spent - $2) where key = $1"
