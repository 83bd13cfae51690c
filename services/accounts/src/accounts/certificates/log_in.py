"""Log in with a certificate: who has signed the challenge is let in, and an organisation's first one registers it."""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal
from uuid import UUID, uuid4

import asyncpg
from qingyuan_certificates.certificate import Certificate, read
from qingyuan_certificates.refusals import CertificateRefused
from qingyuan_certificates.subject import subject
from qingyuan_certificates.verifying import Trust, Verified, verify_bare, verify_signed_data
from qingyuan_events import ActorKind, ActorRole
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.domain.text import with_chinese_brackets

from accounts.account import Account, account_of, new_account
from accounts.certificates.challenges import Asker, Challenge, Challenges
from accounts.manager_conditions import IS_MANAGER
from accounts.one_at_a_time import one_at_a_time
from accounts.security_log.whom import Nobody, WholeOrganisation, Whom
from accounts.service.account_service import AccountService
from accounts.service.adding import NameTaken
from accounts.service.organisation_names import name_organisation
from accounts.sessions.open_sessions import Origin
from accounts.sessions.opened import Session, WrongCredentials


@dataclass(frozen=True, slots=True)
class Bare:
    certificate: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class SignedData:
    content: bytes


Proof = Bare | SignedData
Register = Literal["operator", "technician"]
"""What whoever holds an unknown certificate said when asked: its organisation is an operator, or it belongs to somebody new there."""
UNKNOWN: Final = "certificate.unknown-organisation"
UNKNOWN_HOLDER: Final = "certificate.unknown-holder"
ASKED: Final = frozenset({UNKNOWN, UNKNOWN_HOLDER})


@dataclass(frozen=True, slots=True)
class Entered:
    """`registered`: this log-in has brought the organisation with its first account."""

    session: Session
    registered: bool


class CertificateLogIn:
    def __init__(self, pool: Pool, accounts: AccountService) -> None:
        self._pool = pool
        self._accounts = accounts
        self._trust = accounts.trust
        self._challenges = Challenges(pool)

    async def challenge(self, site: str, address: str) -> Challenge:
        """Raises TooManyChallenges."""
        return await self._challenges.make(Asker(site, address), self._accounts.now())

    async def log_in(
        self, challenge: UUID, proof: Proof, origin: Origin, *, register: Register | None = None
    ) -> Entered:
        """Raises ChallengeGone, CertificateRefused, Refused, or WrongCredentials where the account is disabled."""
        now = self._accounts.now()
        text = await self._challenges.take(challenge, now)
        try:
            verified = await asyncio.to_thread(verified_proof, proof, text.encode(), self._trust.trust(), now)
            account, registered = await self._account_of(verified, now, register=register)
        except (CertificateRefused, Refused, WrongCredentials) as refused:
            await self._note_failure(proof, refused)
            raise
        session = await self._accounts.open_by_certificate(account, fingerprint(verified.certificate), origin)
        return Entered(session, registered)

    async def _note_failure(self, proof: Proof, refused: Exception) -> None:
        """As after a wrong password: with the account of the certificate, where it has one, or the organisation that it names.

        To be asked what one is is no failure.
        """
        if isinstance(refused, Refused) and refused.code in ASKED:
            return
        whom = await self._claimed(proof) or Nobody("unknown-certificate")
        await self._accounts.log.add("log-in-failed", whom, detail={"reason": reason_of(refused)})

    async def _claimed(self, proof: Proof) -> Whom | None:
        """By the certificate as it comes, believed or not: so is a name that is typed with a wrong password."""
        claimed = claimed_certificate(proof)
        if claimed is None:
            return None
        account: UUID | None = await self._pool.fetchval(_WHOSE, fingerprint(claimed))
        known = None if account else await self._pool.fetchrow(_ORGANISATION, _uscc_in(claimed))
        return account or (WholeOrganisation(known["organisation"]) if known else None)

    async def try_out(self, challenge: UUID, proof: Proof) -> Verified:
        """Verify as for a log-in, and open nothing. Raises ChallengeGone or CertificateRefused."""
        now = self._accounts.now()
        text = await self._challenges.take(challenge, now)
        return await asyncio.to_thread(verified_proof, proof, text.encode(), self._trust.trust(), now)

    async def _account_of(
        self, verified: Verified, now: datetime, *, register: Register | None
    ) -> tuple[Account, bool]:
        async with self._pool.acquire() as connection, connection.transaction():
            await one_at_a_time(connection, verified.subject.uscc)
            row = await connection.fetchrow(_KNOWN, fingerprint(verified.certificate))
            if row is not None and row["removed"]:
                raise Refused(
                    "certificate.removed",
                    "此证书已从账户中移除。请用其他方式登录后，在“我的信息”中重新添加。",
                )
            if row is not None and row["disabled"]:
                raise WrongCredentials
            if row:
                return account_of(row), False
            account = await self._register(connection, verified, now, register=register)
            return account, account.role == "manager"

    async def _register(
        self, connection: Connection, verified: Verified, now: datetime, *, register: Register | None
    ) -> Account:
        """The first certificate of a credit code brings the organisation and its manager; a later one belongs to it."""
        uscc, name = verified.subject.uscc, verified.subject.name
        known = await connection.fetchrow(_ORGANISATION, uscc)
        organisation = known["organisation"] if known else uuid4()
        if known is None:
            await one_at_a_time(connection, f"name {with_chinese_brackets(name)}")
            await _require_new_name(connection, name)
            _require_asked(verified, register)
            await connection.execute("insert into organisation_codes values ($1, $2)", uscc, organisation)
        await name_organisation(self._accounts.log, organisation, name, connection, anew=True)
        account = replace(_new(verified, organisation, known), organisation_name=name)
        if known:
            await _require_a_manager(connection, organisation)
            await _require_newcomer(connection, organisation, register)
        account = await self._add(account, uscc, connection)
        certificate = verified.certificate
        await connection.execute(
            _BIND, fingerprint(certificate), account.id, certificate.serial, certificate.der, now
        )
        return account

    async def _add(self, account: Account, uscc: str, connection: Connection) -> Account:
        """The account with the name that it got: the usual one may be taken by anybody, as names are free."""
        try:
            async with connection.transaction():
                await self._accounts.add_without_password(account, connection)
        except NameTaken:
            account = replace(account, name=f"{uscc}-{secrets.token_hex(8)}".lower())
            await self._accounts.add_without_password(account, connection)
        return account


def fingerprint(certificate: Certificate) -> bytes:
    return hashlib.sha256(certificate.der).digest()


def claimed_certificate(proof: Proof) -> Certificate | None:
    """The one that comes with a signature, whether or not that is believed. None where it cannot be read, and for signed data."""
    if not isinstance(proof, Bare):
        return None
    try:
        return read(proof.certificate)
    except CertificateRefused:
        return None


def _uscc_in(claimed: Certificate) -> str:
    """Empty where the certificate names none."""
    try:
        return subject(claimed).uscc
    except CertificateRefused:
        return ""


def reason_of(refused: Exception) -> str:
    """For the security log, which has its words in `security/explaining.py`."""
    if isinstance(refused, CertificateRefused):
        return str(refused.reason)
    return str(getattr(refused, "code", "account-disabled"))


def verified_proof(proof: Proof, message: bytes, trust: Trust, now: datetime) -> Verified:
    match proof:
        case Bare():
            return verify_bare(proof.certificate, proof.signature, message, trust, now)
        case SignedData():
            return verify_signed_data(proof.content, message, trust, now)


def _new(verified: Verified, organisation: UUID, known: asyncpg.Record | None) -> Account:
    """Nobody gives rights to themselves: only the first certificate makes a manager, a later one somebody who works there."""
    kind: ActorKind = known["kind"] if known and known["kind"] else "operator"
    if kind != "operator":
        raise Refused(
            "certificate.unbound", "此证书还没有绑定账户。请用其他方式登录后，在“我的信息”中添加证书。"
        )
    role: ActorRole = "technician" if known else "manager"
    name = f"{verified.subject.uscc}-{verified.certificate.serial[-8:]}".lower()
    label = f"{verified.subject.name}（法人一证通）"
    return new_account(name, label, kind, organisation, None, role)


async def _require_a_manager(connection: Connection, organisation: UUID) -> None:
    """Who locked an organisation's accounts would not have locked it if its next key made a new one."""
    if not await connection.fetchval(_HAS_MANAGER, organisation):
        raise Refused(
            "certificate.no-manager",
            "本单位没有可用的机构管理员账户，不能用新证书开户。请联系平台的系统管理员。",
        )


async def _require_new_name(connection: Connection, name: str) -> None:
    """An organisation that has accounts without a certificate is not registered a second time: one of them adds it."""
    if await connection.fetchval(_SAME_NAME, with_chinese_brackets(name)):
        raise Refused(
            "certificate.unbound",
            "本单位已有账户。请先用密码登录，在“我的信息”中添加证书，之后即可用证书登录。",
        )


async def _require_newcomer(connection: Connection, organisation: UUID, register: Register | None) -> None:
    """A manager's renewed key is an unknown certificate, too. An account of its own would hold it, and shut the manager out."""
    if register != "technician" and await connection.fetchval(_MANAGER_HAD_ONE, organisation):
        raise Refused(
            UNKNOWN_HOLDER,
            "这张证书还没有绑定账户。机构管理员更换了证书的，请登录原来的账户，在“我的信息”中添加；登录不了的，在登录页申请“证书丢失”。运维人员第一次使用的，请确认后新建账户。",
        )


def _require_asked(verified: Verified, register: Register | None) -> None:
    """A certificate does not say whether its organisation is an operator, so whoever holds it is asked first."""
    if register != "operator":
        name, uscc = verified.subject.name, verified.subject.uscc
        raise Refused(
            UNKNOWN,
            f"{name}（{uscc}）在本平台还没有登记，请确认本单位是不是运维机构。",
            details={"organisation": name, "uscc": uscc},
        )


# Locked until the account exists, so that a lock of the last manager comes before or after it.
_HAS_MANAGER: Final = f"""
    select true from accounts a where a.organisation = $1 and {IS_MANAGER} and not a.disabled limit 1 for share
"""
# Also one that has expired or was removed: after a lost key all of them are.
_MANAGER_HAD_ONE: Final = f"""
    select true from accounts a join account_certificates c using (account_id)
     where a.organisation = $1 and {IS_MANAGER} and not a.disabled limit 1
"""
_SAME_NAME: Final = """
    select true from organisations o
     where translate(o.name, '()', '（）') = $1 and exists (select from accounts a where a.organisation = o.organisation)
     limit 1
"""
_WHOSE: Final = "select account_id from account_certificates where fingerprint = $1"
_KNOWN: Final = """
    select a.*, c.removed, o.name as organisation_name
      from account_certificates c join accounts a using (account_id) left join organisations o using (organisation)
     where c.fingerprint = $1
"""
_ORGANISATION: Final = """
    select c.organisation, (select min(kind) from accounts a where a.organisation = c.organisation) as kind
      from organisation_codes c where uscc = $1
"""
_BIND: Final = """
    insert into account_certificates (fingerprint, account_id, serial, content, first_used) values ($1, $2, $3, $4, $5)
"""
