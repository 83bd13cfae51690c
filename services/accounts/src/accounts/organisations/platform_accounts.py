"""What the system administrator does with organisations and accounts. Accounts of administrators are not touched here.

They are made, locked and given passwords on the command line of the server alone, so that no administrator makes another
one, or stands above those who watch the administrators (docs/decisions/0039).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import asyncpg
from qingyuan_events import Actor, ActorKind, ActorRole
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.domain.decider import Invalid, Missing, Problem, Refused
from qingyuan_runtime.edge.problems import Forbidden

from accounts.account import Account, new_account
from accounts.manager_conditions import IS_MANAGER
from accounts.managing.certificate_demand import require_no_demand
from accounts.managing.changes import LOCK_WITH_MANAGERS
from accounts.organisations.organisation_accounts import Rights, insert, require_name, require_rights
from accounts.service.account_service import AccountService

ADMINISTRATORS: Final = ("account.administrator", "管理员账户只能在服务器上用命令办理。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which accounts are asked for; None: all."""

    text: str | None = None
    kind: ActorKind | None = None
    organisation: UUID | None = None
    district: str | None = None
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a new account belongs: an organisation by its id, its name where it is new, or a regulator's district."""

    organisation: UUID | None = None
    organisation_name: str | None = None
    district: str | None = None


class PlatformAccounts:
    def __init__(self, pool: Pool, accounts: AccountService) -> None:
        self._pool = pool
        self._accounts = accounts

    async def organisations(self, text: str | None, after: UUID | None, limit: int) -> list[asyncpg.Record]:
        return [*await self._pool.fetch(_ORGANISATIONS, text, after, limit)]

    async def search(self, wanted: Wanted) -> list[asyncpg.Record]:
        values = (wanted.text, wanted.kind, wanted.organisation, wanted.district, wanted.after, wanted.limit)
        return [*await self._pool.fetch(_SEARCH, *values)]

    async def make(
        self, by: Actor, name: str, label: str, kind: ActorKind, role: ActorRole, place: Place, *, signs: bool
    ) -> tuple[Account, str]:
        """A new account and its one-time password. Raises `Invalid` or `Refused`."""
        require_rights(kind, Rights(role, signs))
        organisation = _organisation(kind, place)
        account = new_account(
            require_name(name), label, kind, organisation, place.district, role, signs=signs
        )
        new = await self._accounts.one_time(account.name, label)
        async with self._administering(by) as connection:
            if organisation:
                await _settle(connection, organisation, kind, place.organisation_name)
            if organisation and kind == "enterprise":
                await _require_needed(connection, organisation, Rights(role, account.signs))
            if organisation and role == "manager":
                await require_no_demand(connection, organisation, self._accounts.now())
            await insert(self._accounts.log, connection, account, new.hashed, must_change=True)
        return account, new.password

    async def lock(self, by: Actor, account: UUID, *, locked: bool) -> None:
        await self._require_touchable(account)
        async with self._administering(by) as connection:
            await self._accounts.ways_in.disable(account, connection, disabled=locked)

    async def reset_password(self, by: Actor, account: UUID) -> tuple[str, str]:
        """The name of the account and its one-time password."""
        names = await self._require_touchable(account)
        new = await self._accounts.one_time(*names)
        async with self._administering(by) as connection:
            await self._accounts.ways_in.set_one_time(account, new, connection)
        return names[0], new.password

    async def reset_factors(self, by: Actor, account: UUID) -> tuple[str, str]:
        """The same, and its lost second steps go with it: for regulators, and for a manager who has no other one beside."""
        names = await self._require_touchable(account)
        await _require_nobody_else(self._pool, account)
        new = await self._accounts.one_time(*names)
        async with self._administering(by) as connection:
            await connection.execute(LOCK_WITH_MANAGERS, account)
            await _require_nobody_else(connection, account)
            await self._accounts.ways_in.set_one_time(account, new, connection, factors_too=True)
        return names[0], new.password

    @asynccontextmanager
    async def _administering(self, by: Actor) -> AsyncIterator[Connection]:
        """A transaction in which `by` is a system administrator and remains one: whoever waits to hash may be locked meanwhile.

        Raises `Forbidden`.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            if not await connection.fetchval(_IS_SYSTEM, by.account):
                raise Forbidden
            yield connection

    async def _require_touchable(self, account: UUID) -> tuple[str, str]:
        """The name and label of an account. Its kind never changes, so it may be looked at before. Raises `Refused`."""
        row = await self._pool.fetchrow(
            "select name, label, kind from accounts where account_id = $1", account
        )
        if row is None:
            raise Missing("account")
        if row["kind"] == "administrator":
            raise Refused(*ADMINISTRATORS)
        return row["name"], row["label"]


async def _require_nobody_else(database: Pool | Connection, account: UUID) -> None:
    if not await database.fetchval(_NOBODY_ELSE, account):
        raise Refused(
            "account.own-manager",
            "该账户的两步验证由本单位的机构管理员重置；本单位没有其他机构管理员的，系统管理员只重置机构管理员的。",
        )


def _organisation(kind: ActorKind, place: Place) -> UUID | None:
    """The organisation of a new account; a new operator gets an id, an enterprise has that of the register. Raises `Invalid`."""
    if kind == "regulator":
        if not place.district or place.organisation or place.organisation_name:
            raise Invalid((Problem("district", "district", "监管账户只填写辖区。"),))
        return None
    if place.district:
        raise Invalid((Problem("district", "district", "只有监管账户填写辖区。"),))
    if place.organisation is None and (kind == "enterprise" or not place.organisation_name):
        raise Invalid((Problem("organisation", "organisation", "请选择单位；新的运维机构请填写单位名称。"),))
    return place.organisation or uuid4()


async def _settle(connection: Connection, organisation: UUID, kind: ActorKind, name: str | None) -> None:
    """Name an organisation that has no name yet. Raises `Refused` where its accounts are of another kind."""
    await connection.execute(
        "select pg_advisory_xact_lock(hashtextextended($1, 0))", f"organisation {organisation}"
    )
    other = await connection.fetchval(_OTHER_KIND, organisation, kind)
    if other:
        raise Refused("organisation.other-kind", "该单位的账户是另一类单位的账户，请核对所选单位。")
    if name:
        await connection.execute(_NAME, organisation, name)
    elif not await connection.fetchval(_KNOWN, organisation):
        raise Invalid((Problem("organisation_name", "required", "该单位还没有登记名称，请填写。"),))


async def _require_needed(connection: Connection, enterprise: UUID, rights: Rights) -> None:
    """An administrator makes an enterprise the manager that it lacks, and nobody who signs for it once it has accounts.

    Otherwise an administrator could sign for any enterprise by an account of the own making. Raises `Refused`.
    """
    if rights.role != "manager":
        raise Refused("organisation.own-accounts", "签字人由该单位的机构管理员新建或邀请，系统管理员不办理。")
    has = await connection.fetchrow(_HAS, enterprise)
    if has and has["managers"]:
        raise Refused(
            "organisation.has-manager", "该单位已有机构管理员，账户由其新建或邀请，系统管理员不办理。"
        )
    if has and has["accounts"] and rights.signs:
        raise Refused(
            "organisation.own-accounts",
            "该单位已有账户，系统管理员不能再给出签字权；请不勾选签字，由新的机构管理员办理。",
        )


_IS_SYSTEM: Final = """
    select true from accounts
     where account_id = $1 and kind = 'administrator' and role = 'system' and not disabled for share
"""
_NOBODY_ELSE: Final = f"""
    select true from accounts t where t.account_id = $1 and (
        t.organisation is null or coalesce(t.role, 'manager') = 'manager' and not exists (
            select from accounts a
             where a.organisation = t.organisation and {IS_MANAGER} and not a.disabled and a.account_id <> $1))
"""
_HAS: Final = """
    select count(*) as accounts, count(*) filter (where role = 'manager' and not disabled) as managers
      from accounts where organisation = $1
"""
_NAME: Final = "insert into organisations values ($1, $2) on conflict do nothing"
_KNOWN: Final = "select true from organisations where organisation = $1"
_OTHER_KIND: Final = "select true from accounts where organisation = $1 and kind <> $2 limit 1"
_ORGANISATIONS: Final = """
    select o.organisation, o.name, c.uscc, n.kind, n.accounts, n.managers
      from organisations o left join organisation_codes c using (organisation)
      cross join lateral (
        select min(kind) as kind, count(*) as accounts,
               count(*) filter (where role = 'manager' and not disabled) as managers
          from accounts a where a.organisation = o.organisation) n
     where ($1::text is null or position(lower($1) in lower(o.name)) > 0 or c.uscc = upper($1))
       and ($2::uuid is null or (o.name, o.organisation) >
            (select p.name, p.organisation from organisations p where p.organisation = $2))
     order by o.name, o.organisation limit $3
"""
_SEARCH: Final = """
    select a.*, o.name as organisation_name from accounts a left join organisations o using (organisation)
     where ($1::text is null or position(lower($1) in lower(a.name || ' ' || a.label)) > 0)
       and ($2::text is null or a.kind = $2) and ($3::uuid is null or a.organisation = $3)
       and ($4::text is null or a.district = $4) and ($5::text is null or a.name > $5)
     order by a.name limit $6
"""
