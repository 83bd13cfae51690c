"""What the manager of an organisation does with its accounts. Nobody changes the own role, signature, lock or password here.

Each change first locks the rows of the organisation's accounts and looks who is a manager now. So of two managers who take the
role from each other at the same time the second is no longer a manager when its turn comes, and one always remains.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg
from qingyuan_events import Actor, ActorKind, ActorRole
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.domain.decider import Invalid, Missing, Problem, Refused
from qingyuan_runtime.edge.policy import ROLES_OF
from qingyuan_runtime.edge.problems import Forbidden

from accounts.account import Account, account_of, new_account
from accounts.managing.certificate_demand import require_no_demand
from accounts.managing.changes import begins_to_manage, manages_no_more, require_way_in
from accounts.names import account_name, problem_with_name
from accounts.security_log.writing import SecurityLog
from accounts.service.account_service import AccountService
from accounts.service.adding import NameTaken, PersonTaken, insert_account
from accounts.service.rights import log_rights

NOT_MANAGER: Final = ("role.manager-only", "只有本单位的机构管理员可以管理账户。")
OWN: Final = ("account.own", "不能改变自己的角色、签字权、停用状态和密码，请由本单位另一位机构管理员办理。")


@dataclass(frozen=True, slots=True)
class Rights:
    """What an account may: its role, whether it signs, and whose it is."""

    role: ActorRole
    signs: bool = False
    person: UUID | None = None


class OrganisationAccounts:
    def __init__(self, pool: Pool, accounts: AccountService) -> None:
        self._pool = pool
        self._accounts = accounts

    async def all(self, by: Actor) -> list[asyncpg.Record]:
        return [*await self._pool.fetch(_LIST, organisation_of(by))]

    async def colleagues(self, organisation: UUID) -> list[Account]:
        """The accounts of one organisation that may log in, by name."""
        rows = await self._pool.fetch(_COLLEAGUES, organisation)
        return [account_of(row) for row in rows]

    async def make(self, by: Actor, name: str, label: str, rights: Rights) -> tuple[Account, str]:
        """A new account and its one-time password. Raises `Invalid` or `Refused`."""
        organisation = organisation_of(by)
        require_rights(by.kind, rights)
        account = new_account(
            require_name(name),
            label,
            by.kind,
            organisation,
            None,
            rights.role,
            signs=rights.signs,
            person=rights.person,
        )
        new = await self._accounts.one_time(account.name, label)
        async with self.managing(by) as connection:
            if rights.role == "manager":
                await require_no_demand(connection, organisation, self._accounts.now())
            await insert(self._accounts.log, connection, account, new.hashed, must_change=True)
        return account, new.password

    async def rename(self, by: Actor, account: UUID, label: str) -> None:
        async with self._acting_on(by, account, own=True) as (connection, row):
            if row["label"] == label:
                return
            await connection.execute("update accounts set label = $2 where account_id = $1", account, label)
            await self._accounts.log.add("label-changed", account, within=connection)

    async def set_person(self, by: Actor, account: UUID, person: UUID | None) -> None:
        """Raises `Refused` where the person has another account."""
        async with self._acting_on(by, account, own=True) as (connection, row):
            require_rights(by.kind, Rights(row["role"], row["signs"], person))
            if row["person"] == person:
                return
            try:
                await connection.execute(_SET_PERSON, account, person)
            except asyncpg.UniqueViolationError:
                raise taken_person() from None
            await self._accounts.log.add("person-changed", account, within=connection)

    async def set_rights(self, by: Actor, account: UUID, role: ActorRole, *, signs: bool) -> None:
        organisation_of(by)
        require_rights(by.kind, Rights(role, signs))
        async with self._acting_on(by, account) as (connection, row):
            signing = signs or role == "signatory"
            if (row["role"], row["signs"]) == (role, signing):
                return
            await connection.execute(_RIGHTS, account, role, signing)
            if role == "manager":
                await begins_to_manage(account, connection, self._accounts.now())
            elif row["role"] == "manager":
                await self._gave_up(account, connection)
            await log_rights(self._accounts.log, account, by.kind, role, connection, signs=signing)

    async def lock(self, by: Actor, account: UUID, *, locked: bool) -> None:
        async with self._acting_on(by, account) as (connection, row):
            ways_in = self._accounts.ways_in
            await ways_in.disable(account, connection, disabled=locked, by_platform=False)
            if locked and row["role"] == "manager":
                await require_way_in(account, connection, self._accounts.held)

    async def reset_password(self, by: Actor, account: UUID, *, factors_too: bool = False) -> tuple[str, str]:
        """The name of another's account and its one-time password. `factors_too`: its second steps are lost and go with it.

        Who may is asked again in the transaction that sets it: whoever waits in the queue of hashing may be locked meanwhile.
        """
        async with self._acting_on(by, account) as (_, row):
            name: str = row["name"]
        new = await self._accounts.one_time(name, row["label"])
        async with self._acting_on(by, account) as (connection, _):
            await self._accounts.ways_in.set_one_time(account, new, connection, factors_too=factors_too)
        return name, new.password

    async def end_sessions(self, by: Actor, account: UUID) -> None:
        async with self._acting_on(by, account, own=True) as (connection, _):
            await self._accounts.ways_in.log_out(account, connection)

    async def hand_over(self, by: Actor, to: UUID, role: ActorRole | None) -> None:
        """Make another account manager and give up the own role for another; None: the own account is locked.

        Raises `Refused` where the other one is locked, or where the new role signs and the present one does not.
        """
        async with self._acting_on(by, to) as (connection, row):
            if row["disabled"]:
                raise Refused("account.disabled", "该账户已停用，请先恢复后再移交。")
            await connection.execute("update accounts set role = 'manager' where account_id = $1", to)
            await begins_to_manage(to, connection, self._accounts.now())
            await self._accounts.log.add("role-manager", to, within=connection)
            await self._give_up(connection, by, role)
            await self._gave_up(by.account, connection)

    async def _give_up(self, connection: Connection, by: Actor, role: ActorRole | None) -> None:
        if role is None:
            ways_in = self._accounts.ways_in
            await ways_in.disable(by.account, connection, disabled=True, by_platform=False)
            return
        if role == "manager" or role not in ROLES_OF[by.kind]:
            raise Invalid((Problem("role", "role", "请选择移交后自己的角色。"),))
        if role == "signatory" and not await connection.fetchval(_SIGNS, by.account):
            raise Refused("role.not-signatory", "您没有签字权，不能改任签字人；请选择停用自己的账户。")
        await connection.execute("update accounts set role = $2 where account_id = $1", by.account, role)
        await self._accounts.log.add(f"role-{role}", by.account, within=connection)

    async def _gave_up(self, manager: UUID, within: Connection) -> None:
        await manages_no_more(manager, within)
        await require_way_in(manager, within, self._accounts.held)

    @asynccontextmanager
    async def managing(self, by: Actor) -> AsyncIterator[Connection]:
        """A transaction in which `by` is a manager of its organisation and remains one. Raises `Forbidden`."""
        async with self._pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch(_ALL, organisation_of(by))
            own = next((row for row in rows if row["account_id"] == by.account), None)
            if own is None or own["disabled"] or own["role"] != "manager":
                raise Forbidden(*NOT_MANAGER)
            yield connection

    @asynccontextmanager
    async def _acting_on(
        self, by: Actor, account: UUID, *, own: bool = False
    ) -> AsyncIterator[tuple[Connection, asyncpg.Record]]:
        """The row of an account of the own organisation, locked. Raises `Missing`, and `Refused` for the own one unless `own`."""
        async with self.managing(by) as connection:
            row = await connection.fetchrow(_OF_ORGANISATION, account, organisation_of(by))
            if row is None:
                raise Missing("account")
            if account == by.account and not own:
                raise Refused(*OWN)
            yield connection, row


async def insert(
    log: SecurityLog, within: Connection, account: Account, hashed: str, *, must_change: bool
) -> None:
    """Add an account. Raises `Refused` where its name or its person is taken."""
    try:
        await insert_account(log, within, account, hashed, must_change=must_change)
    except NameTaken:
        raise Refused("account.name-taken", "该账户名已被使用，请换一个。") from None
    except PersonTaken:
        raise taken_person() from None


def organisation_of(by: Actor) -> UUID:
    """Raises `Forbidden` for whoever manages no organisation; whether it still does, the database says."""
    if by.kind not in ("enterprise", "operator") or by.role != "manager" or by.organisation is None:
        raise Forbidden(*NOT_MANAGER)
    return by.organisation


def require_name(name: str) -> str:
    """The name in its normal form. Raises `Invalid`."""
    if sentence := problem_with_name(account_name(name)):
        raise Invalid((Problem("name", "name", sentence),))
    return account_name(name)


def require_rights(kind: ActorKind, rights: Rights) -> None:
    """Raises `Invalid` for what no account of this kind has."""
    problems = []
    if rights.role not in ROLES_OF[kind]:
        problems.append(Problem("role", "role", "这类单位没有这个角色。"))
    if rights.signs and kind != "enterprise":
        problems.append(Problem("signs", "signs", "只有排污单位的账户有签字权。"))
    if rights.person and kind != "operator":
        problems.append(Problem("person", "person", "只有运维机构的账户可以关联备案人员。"))
    if problems:
        raise Invalid(problems)


def taken_person() -> Refused:
    return Refused("person.taken", "该人员已关联本单位另一个账户。")


# All of them in one order: whoever lost the role or was locked meanwhile is no row that somebody locks out of turn.
_ALL: Final = """
    select account_id, role, disabled from accounts where organisation = $1 order by account_id for update
"""
_OF_ORGANISATION: Final = "select * from accounts where account_id = $1 and organisation = $2 for update"
_LIST: Final = "select * from accounts where organisation = $1 order by disabled, name"
_COLLEAGUES: Final = "select * from accounts where organisation = $1 and not disabled order by name"
_RIGHTS: Final = "update accounts set role = $2, signs = $3 where account_id = $1"
_SIGNS: Final = "select signs from accounts where account_id = $1"
# The index decides and nobody looks before: an invitation that is being accepted adds an account meanwhile.
_SET_PERSON: Final = "update accounts set person = $2 where account_id = $1"
