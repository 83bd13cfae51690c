"""Invitations: a code for one new account of the inviting manager's organisation, good once and for some days."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID, uuid4

import asyncpg
from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.domain.decider import Invalid, Missing, Problem, Refused

from accounts.account import Account, new_account
from accounts.attempts import AttemptKeys, Locked, TooManyFromAddress, address_key, invitation_key
from accounts.managing.certificate_demand import require_no_demand
from accounts.organisations.organisation_accounts import (
    OrganisationAccounts,
    Rights,
    insert,
    organisation_of,
    require_name,
    require_rights,
)
from accounts.passwords.judging import problem_with
from accounts.passwords.one_time import code_hash, invitation_code
from accounts.security_log.whom import Nobody, WholeOrganisation
from accounts.service.account_service import AccountService, Session
from accounts.service.rights import rights_in_log
from accounts.sessions.open_sessions import Origin


class TooManyCodes(Exception):
    """Too many wrong codes from one address."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """`code` is known only when it was just made: its hash alone is stored."""

    id: UUID
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewOwn:
    """What the invited person chooses: the name of the account and its password."""

    name: str
    password: str


class Invitations:
    def __init__(self, pool: Pool, accounts: AccountService, managers: OrganisationAccounts) -> None:
        self._pool = pool
        self._accounts = accounts
        self._managers = managers
        self._lasts = timedelta(hours=accounts.settings.invitation_hours)

    async def make(self, by: Actor, label: str, rights: Rights) -> Invitation:
        organisation = organisation_of(by)
        require_rights(by.kind, rights)
        now, code = self._accounts.now(), invitation_code()
        made = Invitation(uuid4(), code, now + self._lasts)
        signs = rights.signs or rights.role == "signatory"
        values = (organisation, by.kind, rights.role, signs, label, rights.person, by.account)
        async with self._managers.managing(by) as connection:
            if rights.role == "manager":
                await require_no_demand(connection, organisation, now)
            await connection.execute(_ADD, made.id, code_hash(code), *values, now, made.expires_at)
            await self._log("invited", made.id, by, Rights(rights.role, signs), connection)
        return made

    async def of(self, by: Actor) -> Sequence[asyncpg.Record]:
        """The organisation's invitations that are still good, the latest first."""
        return [*await self._pool.fetch(_OPEN, organisation_of(by), self._accounts.now())]

    async def withdraw(self, by: Actor, invitation: UUID) -> None:
        async with self._managers.managing(by) as connection:
            gone = await connection.fetchrow(_WITHDRAW, invitation, organisation_of(by))
            if gone is None:
                raise Missing("invitation")
            rights = Rights(gone["role"], gone["signs"])
            await self._log("invitation-withdrawn", invitation, by, rights, connection)

    async def _log(
        self,
        what: Literal["invited", "invitation-withdrawn"],
        invitation: UUID,
        by: Actor,
        rights: Rights,
        within: Connection,
    ) -> None:
        """It is done to the organisation: the account is not there yet, and whoever is invited has no name in the log."""
        said = rights_in_log(by.kind, rights.role, signs=rights.signs)
        whom, detail = WholeOrganisation(organisation_of(by)), {"invitation": str(invitation)} | said
        await self._accounts.log.add(what, whom, detail=detail, within=within)

    async def found(self, code: str, origin: Origin) -> asyncpg.Record:
        """What a good code is for. A wrong one counts like a wrong password. Raises `Refused` or `TooManyCodes`."""
        now = self._accounts.now()
        try:
            attempt = await self._accounts.attempts.begin(_keys(origin), now)
        except (Locked, TooManyFromAddress):
            raise TooManyCodes from None
        row = await self._pool.fetchrow(_GOOD, code_hash(code), now)
        if row is None:
            await self._accounts.log.add("invitation-refused", Nobody("unknown-invitation"))
            raise _unknown()
        await self._accounts.attempts.succeed(attempt)
        return row

    async def accept(self, code: str, own: NewOwn, origin: Origin) -> Session:
        """Make the account and open its session. Raises `Refused`, `Invalid` or `TooManyCodes`."""
        row = await self.found(code, origin)
        if sentence := problem_with(own.password, own.name, row["label"]):
            raise Invalid((Problem("password", "password-strength", sentence),))
        account = _account_of(row, require_name(own.name))
        hashed = await self._accounts.passwords.hash(own.password)
        await self._take(row["code_hash"], account, hashed)
        return await self._accounts.open_with_hash(account, hashed, origin)

    async def _take(self, hashed_code: bytes, account: Account, hashed: str) -> None:
        """The invitation is used up and the account made, or neither: a name that is taken leaves the code good, and so does a demand."""
        async with self._pool.acquire() as connection, connection.transaction():
            used = await connection.fetchval(_USE, hashed_code, self._accounts.now(), account.id)
            if not used:
                raise _unknown()
            if account.role == "manager" and account.organisation:
                now = self._accounts.now()
                await require_no_demand(connection, account.organisation, now)
            log = self._accounts.log
            await insert(log, connection, account, hashed, must_change=False)
            detail = {"invitation": str(used)}
            await log.add("invitation-accepted", account.id, detail=detail, within=connection)


async def forget_expired(pool: Pool, now: datetime) -> None:
    await pool.execute("delete from invitations where expires < $1", now)


def _unknown() -> Refused:
    return Refused(
        "invitation.unknown", "邀请码不正确、已被使用、已撤回或已过期，请向本单位的机构管理员核对。"
    )


def _account_of(row: asyncpg.Record, name: str) -> Account:
    account = new_account(
        name,
        row["label"],
        row["kind"],
        row["organisation"],
        None,
        row["role"],
        signs=row["signs"],
        person=row["person"],
    )
    return replace(account, organisation_name=row["organisation_name"])


def _keys(origin: Origin) -> AttemptKeys:
    return AttemptKeys(invitation_key(origin.address), address_key(origin.address))


_ADD: Final = """
    insert into invitations
        (invitation_id, code_hash, organisation, kind, role, signs, label, person, made_by, made, expires)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
_OPEN: Final = """
    select i.*, a.label as made_by_label from invitations i join accounts a on a.account_id = i.made_by
     where i.organisation = $1 and i.used is null and i.expires > $2 order by i.made desc
"""
_WITHDRAW: Final = """
    delete from invitations where invitation_id = $1 and organisation = $2 and used is null
    returning role, signs
"""
# An invitation is no better than who made it: it ends when that account is no manager any more.
_STILL_MANAGER: Final = """
    exists (select from accounts m where m.account_id = i.made_by and m.organisation = i.organisation
                and m.role = 'manager' and not m.disabled)
"""
_GOOD: Final = f"""
    select i.*, (select name from organisations o where o.organisation = i.organisation) as organisation_name
      from invitations i where code_hash = $1 and used is null and expires > $2 and {_STILL_MANAGER}
"""
_USE: Final = f"""
    update invitations i set used = $2, used_by = $3
     where code_hash = $1 and used is null and expires > $2 and {_STILL_MANAGER} returning invitation_id
"""
