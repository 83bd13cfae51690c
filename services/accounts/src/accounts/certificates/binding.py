"""The certificates of one's own account: listed, added by signing a challenge, removed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
from qingyuan_certificates.certificate import read
from qingyuan_certificates.subject import subject
from qingyuan_certificates.verifying import Verified
from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.domain.decider import Missing, Refused
from qingyuan_runtime.domain.text import with_chinese_brackets

from accounts.certificates.challenges import Asker, Challenge, ChallengeGone, Challenges, account_in
from accounts.certificates.log_in import Proof, fingerprint, verified_proof
from accounts.factors.opened_by import end_opened_by
from accounts.manager_conditions import IS_MANAGER
from accounts.managing.changes import LOCK_WITH_MANAGERS, require_own_way_in
from accounts.one_at_a_time import one_at_a_time
from accounts.service.account_service import AccountService
from accounts.sessions.still_open import require_open


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    id: UUID
    serial: str
    organisation: str
    uscc: str
    valid_to: datetime
    since: datetime


class CertificateBinding:
    def __init__(self, accounts: AccountService) -> None:
        self._accounts = accounts
        self._pool = accounts.pool
        self._log = accounts.log
        self._trust = accounts.trust
        self._challenges = Challenges(accounts.pool)

    async def challenge(self, site: str, address: str, account: UUID, now: datetime) -> Challenge:
        """Raises TooManyOfAccount. The text names the account, so that nobody binds a signature of somebody else to it."""
        asker = Asker(site, address, account, await self._name(account))
        return await self._challenges.make(asker, now, "binding")

    async def own(self, account: UUID) -> list[OwnCertificate]:
        return [_own(row) for row in await self._pool.fetch(_OWN, account)]

    async def add(
        self, actor: Actor, session: bytes, challenge: UUID, proof: Proof, now: datetime
    ) -> OwnCertificate:
        """Raises ChallengeGone, CertificateRefused, SessionEnded, or Refused where the certificate is another organisation's or account's."""
        text = await self._challenges.take(challenge, now, "binding")
        if account_in(text) != await self._name(actor.account):
            raise ChallengeGone
        verified = await asyncio.to_thread(verified_proof, proof, text.encode(), self._trust.trust(), now)
        async with self._pool.acquire() as connection, connection.transaction():
            for what in (verified.subject.uscc, f"organisation {actor.organisation}"):
                await one_at_a_time(connection, what)
            await require_open(actor.account, session, connection)
            await _require_own_organisation(connection, actor, verified)
            certificate = verified.certificate
            values = (fingerprint(certificate), actor.account, certificate.serial, certificate.der, now)
            row = await connection.fetchrow(_ADD, *values)
            if row is None:
                raise Refused("certificate.taken", "此证书已绑定另一个账户，请先在那个账户中移除。")
            await self._log.add("certificate-added", actor.account, within=connection)
        return _own(row)

    async def _name(self, account: UUID) -> str:
        names = await self._accounts.names(account)
        return names[0] if names else ""

    async def remove(self, account: UUID, session: bytes, certificate: UUID, now: datetime) -> None:
        """Ends the sessions that it opened. Raises SessionEnded, Missing, or Refused for the last way in of an account without a password or of managers."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(LOCK_WITH_MANAGERS, account)
            await require_open(account, session, connection)
            found = await connection.fetchrow(_FOUND, account, certificate)
            if found is None:
                raise Missing("certificate")
            await connection.execute(_REMOVE, certificate, now)
            if not found["has_password"] and not await self._accounts.held.by(account, connection):
                raise Refused(
                    "certificate.only-way", "这是登录此账户的唯一方式。请先设置密码或添加另一张证书。"
                )
            await require_own_way_in(account, connection, self._accounts.held)
            await end_opened_by(certificate, account, self._log, connection)
            await self._log.add("certificate-removed", account, within=connection)


async def _require_own_organisation(connection: Connection, actor: Actor, verified: Verified) -> None:
    """The credit code is the organisation's; where it has none yet, a manager adds it if the names are the same."""
    rows: Sequence[asyncpg.Record] = await connection.fetch(_CODES, actor.organisation, verified.subject.uscc)
    known = {(row["organisation"], row["uscc"]) for row in rows}
    if known == {(actor.organisation, verified.subject.uscc)}:
        return
    account = await connection.fetchrow(_ACCOUNT, actor.account)
    same_name = account and with_chinese_brackets(account["organisation_name"] or "") == (
        with_chinese_brackets(verified.subject.name)
    )
    if known or not account or not same_name:
        raise Refused(
            "certificate.other-organisation",
            f"证书属于{verified.subject.name}（{verified.subject.uscc}），不是本单位的证书。",
        )
    if not account["is_manager"]:
        raise Refused("certificate.manager-first", "本单位的第一张证书须由管理员账户添加。")
    await connection.execute(
        "insert into organisation_codes values ($1, $2)", verified.subject.uscc, actor.organisation
    )


def _own(row: asyncpg.Record) -> OwnCertificate:
    certificate = read(row["content"])
    whose = subject(certificate)
    return OwnCertificate(
        row["certificate_id"],
        row["serial"],
        whose.name,
        whose.uscc,
        certificate.valid_to,
        row["first_used"],
    )


_OWN: Final = (
    "select * from account_certificates where account_id = $1 and removed is null order by first_used, serial"
)
_CODES: Final = "select organisation, uscc from organisation_codes where organisation = $1 or uscc = $2"
_ACCOUNT: Final = f"""
    select o.name as organisation_name, {IS_MANAGER} as is_manager
      from accounts a left join organisations o using (organisation) where a.account_id = $1
"""
# One that was removed may be added again, by whichever account of the organisation its holder is logged in to.
_ADD: Final = """
    insert into account_certificates as c (fingerprint, account_id, serial, content, first_used)
    values ($1, $2, $3, $4, $5)
    on conflict (fingerprint) do update set account_id = excluded.account_id, removed = null
     where c.removed is not null or c.account_id = excluded.account_id
    returning *
"""
_FOUND: Final = """
    select a.password is not null as has_password
      from account_certificates c join accounts a using (account_id)
     where c.account_id = $1 and c.certificate_id = $2 and c.removed is null
"""
_REMOVE: Final = "update account_certificates set removed = $2 where certificate_id = $1"
