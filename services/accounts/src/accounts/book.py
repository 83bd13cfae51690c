"""The book of accounts and sessions in PostgreSQL."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
from qingyuan_events import ActorKind, ActorRole
from qingyuan_runtime.database import Pool

from accounts.passwords import Passwords
from accounts.settings import AccountsSettings

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Account:
    id: UUID
    name: str
    label: str
    kind: ActorKind
    organisation: UUID | None
    district: str | None
    role: ActorRole | None = None
    organisation_name: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """An open session: `token` is known only when it was just opened, the book keeps its SHA-256."""

    account: Account
    expires_at: datetime
    token: str | None = None


class WrongCredentials(Exception):
    """Name or password is wrong; which of the two is nobody's business."""


class Locked(Exception):
    """Too many failures; `until` is when trying again makes sense."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class NameTaken(Exception):
    pass


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class Book:
    def __init__(self, pool: Pool, passwords: Passwords, settings: AccountsSettings, clock: Clock) -> None:
        self._pool = pool
        self._passwords = passwords
        self._settings = settings
        self._clock = clock

    def now(self) -> datetime:
        return self._clock()

    async def log_in(self, name: str, password: str) -> Session:
        """Open a session. Raises `WrongCredentials` or `Locked`; each failure counts and is logged."""
        row = await self._pool.fetchrow(f"{_WITH_NAME} where a.name = $1", name.strip().lower())
        account = await self._prove(row, password)
        await self.log("logged-in", account.id)
        return await self._open(account, self._clock())

    async def prove(self, account: UUID, password: str) -> None:
        """Somebody who is logged in says the password again. Raises and counts as `log_in` does."""
        row = await self._pool.fetchrow("select * from accounts where account_id = $1", account)
        await self._prove(row, password)
        await self.log("second-factor-given", account)

    async def _prove(self, row: asyncpg.Record | None, password: str) -> Account:
        now = self._clock()
        if row and row["locked_until"] and row["locked_until"] > now:
            raise Locked(row["locked_until"])
        right = await self._passwords.fits(password, row["password"] if row else None)
        if row is None or row["disabled"] or not right:
            await self._count_failure(row, now)
            raise WrongCredentials
        await self._pool.execute(
            "update accounts set failures = 0, locked_until = null where account_id = $1", row["account_id"]
        )
        return _account(row)

    async def _count_failure(self, row: asyncpg.Record | None, now: datetime) -> None:
        await self.log("log-in-failed", row["account_id"] if row else None)
        if row is None:
            return
        until = now + timedelta(minutes=self._settings.lock_minutes)
        locked = await self._pool.fetchval(
            """
            update accounts
               set failures = case when failures + 1 >= $2 then 0 else failures + 1 end,
                   locked_until = case when failures + 1 >= $2 then $3 else locked_until end
             where account_id = $1 returning locked_until = $3
            """,
            row["account_id"],
            self._settings.failures_before_lock,
            until,
        )
        if locked:
            await self.log("locked", row["account_id"])

    async def _open(self, account: Account, now: datetime) -> Session:
        token = secrets.token_urlsafe(32)
        await self._pool.execute(
            "insert into sessions values ($1, $2, $3, $3)", token_hash(token), account.id, now
        )
        return Session(account, now + self._absolute, token)

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
        return Session(_account(row), row["opened"] + self._absolute) if row else None

    async def log_out(self, hashed: bytes) -> None:
        await self._pool.execute("delete from sessions where token_hash = $1", hashed)

    async def log_out_everywhere(self, account: UUID, *, but: bytes | None = None) -> None:
        await self._pool.execute(
            "delete from sessions where account_id = $1 and token_hash is distinct from $2", account, but
        )
        await self.log("logged-out-everywhere", account)

    async def change_password(self, account: UUID, current: str, new: str, *, keep: bytes) -> None:
        """Other sessions end. A wrong `current` raises and counts as in `log_in`: a stolen session must not guess on."""
        row = await self._pool.fetchrow("select * from accounts where account_id = $1", account)
        await self._prove(row, current)
        await self.set_password(account, new)
        await self.log_out_everywhere(account, but=keep)

    async def set_password(self, account: UUID, new: str) -> None:
        hashed = await self._passwords.hash(new)
        await self._pool.execute(
            "update accounts set password = $2, failures = 0, locked_until = null where account_id = $1",
            account,
            hashed,
        )
        await self.log("password-changed", account)

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
                account.name.lower(),
                account.label,
                account.kind,
                account.organisation,
                account.district,
                hashed,
                account.role,
            )
        except asyncpg.UniqueViolationError as error:
            raise NameTaken(account.name) from error
        await self.log("account-made", account.id)

    async def name_organisation(self, organisation: UUID, name: str, *, anew: bool) -> None:
        """What the organisation is called; one that has a name keeps it unless it is to be named `anew`."""
        await self._pool.execute(_NAME_ANEW if anew else _NAME, organisation, name)

    async def by_name(self, name: str) -> Account | None:
        row = await self._pool.fetchrow("select * from accounts where name = $1", name.lower())
        return _account(row) if row else None

    async def all(self) -> Sequence[asyncpg.Record]:
        return list(await self._pool.fetch("select * from accounts order by name"))

    async def set_role(self, account: UUID, role: ActorRole) -> None:
        await self._pool.execute(
            "update accounts set role = $2 where account_id = $1 and kind = 'operator'", account, role
        )
        await self.log(f"role-{role}", account)

    async def disable(self, account: UUID, *, disabled: bool) -> None:
        """Locking an account by hand ends its sessions; unlocking also forgets failures."""
        await self._pool.execute(
            "update accounts set disabled = $2, failures = 0, locked_until = null where account_id = $1",
            account,
            disabled,
        )
        await self.log("disabled" if disabled else "enabled", account)
        if disabled:
            await self.log_out_everywhere(account)

    async def colleagues(self, organisation: UUID) -> list[Account]:
        """The accounts of one organisation that may log in, by name."""
        rows = await self._pool.fetch(
            "select * from accounts where organisation = $1 and not disabled order by name", organisation
        )
        return [_account(row) for row in rows]

    async def labels(self, ids: Sequence[UUID]) -> dict[str, str]:
        rows = await self._pool.fetch(
            "select account_id, label from accounts where account_id = any($1)", list(ids)
        )
        return {str(row["account_id"]): row["label"] for row in rows}

    async def log(self, what: str, account: UUID | None) -> None:
        await self._pool.execute("insert into security_log (account_id, what) values ($1, $2)", account, what)

    async def forget_old_sessions(self) -> None:
        await self._pool.execute("delete from sessions where created < $1", self._clock() - self._absolute)

    @property
    def _absolute(self) -> timedelta:
        return timedelta(hours=self._settings.session_absolute_hours)


def new_account(
    name: str,
    label: str,
    kind: ActorKind,
    organisation: UUID | None,
    district: str | None,
    role: ActorRole | None = None,
) -> Account:
    """An operator's account is a manager's unless it is said to be a technician's; others have no role."""
    return Account(
        uuid4(),
        name,
        label,
        kind,
        organisation,
        district,
        (role or "manager") if kind == "operator" else None,
    )


def _account(row: asyncpg.Record) -> Account:
    return Account(
        row["account_id"],
        row["name"],
        row["label"],
        row["kind"],
        row["organisation"],
        row["district"],
        row["role"],
        row.get("organisation_name"),
    )


_WITH_NAME = (
    "select a.*, o.name as organisation_name from accounts a left join organisations o using (organisation)"
)
_NAME = "insert into organisations values ($1, $2) on conflict do nothing"
_NAME_ANEW = (
    "insert into organisations values ($1, $2) on conflict (organisation) do update set name = excluded.name"
)
