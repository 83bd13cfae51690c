"""The book of accounts and sessions in PostgreSQL."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn
from uuid import UUID

import asyncpg
from qingyuan_events import ActorRole
from qingyuan_runtime.database.connections import Pool

from accounts.account import Account, account_of
from accounts.guesses import Counted, Guesses, Place, at_log_in, in_session, name_key, session_key
from accounts.names import account_name
from accounts.open_sessions import NOWHERE, OpenSessions, Origin
from accounts.passwords import Passwords
from accounts.security_log import SecurityLog
from accounts.settings import AccountsSettings

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Session:
    """An open session: `token` is known only when it was just opened, the book keeps its SHA-256."""

    account: Account
    expires_at: datetime
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Proven:
    """Whose password was said, and the stored one that it was compared with: it counts while that is the account's."""

    account: Account
    stored: str


class WrongCredentials(Exception):
    """Name or password is wrong; which of the two is nobody's business."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who wants to know what accounts are called: offices know all, everybody else their own organisation's.

    `vouched` stand on a thing that the reader may see, as the gateway found; `sent` were written onto it by somebody and
    count where they are of one of the thing's `organisations`.
    """

    is_office: bool
    organisation: UUID | None
    vouched: Sequence[UUID] = ()
    sent: Sequence[UUID] = ()
    organisations: Sequence[UUID] = ()


class NameTaken(Exception):
    pass


class Book:
    def __init__(self, pool: Pool, passwords: Passwords, settings: AccountsSettings, clock: Clock) -> None:
        self._pool = pool
        self._passwords = passwords
        self._settings = settings
        self._clock = clock
        self._guesses = Guesses(pool, settings)
        self._log = SecurityLog(pool, settings)
        self.sessions = OpenSessions(pool, settings)

    def now(self) -> datetime:
        return self._clock()

    async def log_in(self, name: str, password: str, origin: Origin = NOWHERE) -> Session:
        """Open a session, while the password that was said is the account's. Raises as `_prove` does."""
        said = account_name(name)
        counted = at_log_in(said, origin.address)
        proven, now = await self._prove(said, password, counted, queue=origin.address), self._clock()
        token = await self.sessions.open(proven.account.id, proven.stored, origin, now)
        if token is None:
            await self._is_no_longer(proven)
        await self._log.add("logged-in", proven.account.id)
        return Session(proven.account, now + self._absolute, token)

    async def prove(self, account: UUID, password: str) -> None:
        """Somebody who is logged in says the password again. Raises `WrongCredentials`, `Locked` or `Crowded`.

        It has a count of its own, which no guess at the log-in reaches: else a stranger who knows a name, or sits behind
        the same address, could keep its owner from signing until the day is over.
        """
        proven = await self._prove_in_session(account, password)
        if not await self._pool.fetchval(_STILL, account, proven.stored):
            await self._is_no_longer(proven)
        await self._log.add("second-factor-given", account)

    async def _prove_in_session(self, account: UUID, password: str) -> Proven:
        name = await self._pool.fetchval("select name from accounts where account_id = $1", account)
        return await self._prove(name or "", password, in_session(account), queue=str(account))

    async def _is_no_longer(self, proven: Proven) -> NoReturn:
        """What was right when it was looked at has been changed since, or its account locked by hand."""
        await self._log.add("log-in-failed", proven.account.id)
        raise WrongCredentials

    async def _prove(self, name: str, password: str, counted: Counted, *, queue: str) -> Proven:
        """Whose password it is. A failure counts, and is logged; a guess is looked at only in a place taken before.

        Raises `WrongCredentials`, `Locked`, `TooManyFrom`, or `Crowded` with nothing counted.
        """
        await self._guesses.look(counted, self._clock())
        async with self._passwords.turn(queue):
            place = await self._guesses.take(counted, self._clock())
            row = await self._pool.fetchrow(f"{_WITH_NAME} where a.name = $1", name)
            right = await self._passwords.fits(password, row["password"] if row else None)
        if row is None or row["disabled"] or not right:
            await self._failed(row, place)
            raise WrongCredentials
        await self._guesses.give_back(place)
        return Proven(account_of(row), row["password"])

    async def _failed(self, row: asyncpg.Record | None, place: Place) -> None:
        whose = row["account_id"] if row else None
        await self._log.add("log-in-failed", whose)
        if place.last:
            await self._log.add("locked", whose)

    async def session(self, hashed: bytes) -> Session | None:
        """The session of a token's hash, kept alive by being asked for; None when it is over."""
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
        """Whether it was one of this account's."""
        ended = await self.sessions.end(account, session)
        if ended:
            await self._log.add("session-ended", account)
        return ended

    async def log_out_everywhere(self, account: UUID, *, but: bytes | None = None) -> None:
        await self.sessions.end_all(account, but=but, within=self._pool)
        await self._log.add("logged-out-everywhere", account)

    async def change_password(self, account: UUID, current: str, new: str, *, keep: bytes) -> None:
        """Other sessions end. A wrong `current` raises and counts as in `log_in`: a stolen session must not guess on."""
        proven = await self._prove_in_session(account, current)
        if not await self._replace(account, new, instead_of=proven.stored, keep=keep):
            await self._is_no_longer(proven)

    async def set_password(self, account: UUID, new: str) -> None:
        """By hand. Whoever had the old one is out."""
        await self._replace(account, new)

    async def _replace(
        self, account: UUID, new: str, *, instead_of: str | None = None, keep: bytes | None = None
    ) -> bool:
        """Whether the password was the stored one that was checked, where that is said: the first of two changes holds."""
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
        """At the log-in and in its sessions."""
        for key in (name_key(name or ""), session_key(account)):
            await self._guesses.forget(key)

    async def add(self, account: Account, password: str) -> None:
        """Raises `NameTaken`."""
        hashed = await self._passwords.hash(password)
        try:
            await self._pool.execute(
                """
                insert into accounts (account_id, name, label, kind, organisation, district, password, role)
                values ($1, $2, $3, $4, $5, $6, $7, $8)
                """,
                account.id,
                account_name(account.name),
                account.label,
                account.kind,
                account.organisation,
                account.district,
                hashed,
                account.role,
            )
        except asyncpg.UniqueViolationError as error:
            raise NameTaken(account.name) from error
        await self._log.add("account-made", account.id)

    async def name_organisation(self, organisation: UUID, name: str, *, anew: bool) -> None:
        """What the organisation is called; one that has a name keeps it unless it is to be named `anew`."""
        await self._pool.execute(_NAME_ANEW if anew else _NAME, organisation, name)

    async def by_name(self, name: str) -> Account | None:
        row = await self._pool.fetchrow("select * from accounts where name = $1", account_name(name))
        return account_of(row) if row else None

    async def names(self, account: UUID) -> tuple[str, ...]:
        """What the account is called: nobody's password."""
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
        """Locking an account by hand ends its sessions; unlocking also forgets failures."""
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
        """Display names, of those that the reader may know; others are left out as if there were none."""
        rows = await self._pool.fetch(
            _LABELS,
            list(ids),
            reader.is_office,
            reader.organisation,
            *(list(some) for some in (reader.vouched, reader.sent, reader.organisations)),
        )
        return {str(row["account_id"]): row["label"] for row in rows}

    async def sweep(self) -> None:
        """What is over and counts for nothing any more is forgotten."""
        await self.sessions.sweep(self._clock())
        await self._guesses.sweep(self._clock())
        await self._log.forget(self._clock())

    @property
    def _absolute(self) -> timedelta:
        return timedelta(hours=self._settings.session_absolute_hours)


_WITH_NAME = (
    "select a.*, o.name as organisation_name from accounts a left join organisations o using (organisation)"
)
_STILL = "select true from accounts where account_id = $1 and password = $2 and not disabled"
_CHANGE = """
    update accounts set password = $2
     where account_id = $1 and ($3::text is null or password = $3 and not disabled) returning name
"""
_NAME = "insert into organisations values ($1, $2) on conflict do nothing"
_NAME_ANEW = (
    "insert into organisations values ($1, $2) on conflict (organisation) do update set name = excluded.name"
)
_LABELS = """
    select account_id, label from accounts
     where account_id = any($1)
       and ($2 or organisation = $3 or account_id = any($4)
            or account_id = any($5) and organisation = any($6))
"""
