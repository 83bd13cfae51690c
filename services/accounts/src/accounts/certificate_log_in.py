"""Log in with a certificate: who has signed the challenge is let in, and an organisation's first one registers it."""

import asyncio
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import asyncpg
from qingyuan_certificates.certificate import Certificate
from qingyuan_certificates.verifying import Trust, Verified, verify_bare, verify_signed_data
from qingyuan_events import ActorKind, ActorRole
from qingyuan_runtime.database.connections import Connection, Pool

from accounts.account import Account, account_of, new_account
from accounts.account_service import AccountService, Session, WrongCredentials
from accounts.certificate_challenges import Challenge, Challenges
from accounts.certificate_trust import TrustSource
from accounts.open_sessions import Origin


@dataclass(frozen=True, slots=True)
class Bare:
    certificate: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class SignedData:
    content: bytes


Proof = Bare | SignedData


class CertificateLogIn:
    def __init__(self, pool: Pool, accounts: AccountService, trust: TrustSource) -> None:
        self._pool = pool
        self._accounts = accounts
        self._trust = trust
        self._challenges = Challenges(pool)

    async def challenge(self, site: str, address: str) -> Challenge:
        """Raises TooManyChallenges."""
        return await self._challenges.make(site, address, self._accounts.now())

    async def log_in(self, challenge: UUID, proof: Proof, origin: Origin) -> Session:
        """Raises ChallengeGone, CertificateRefused, or WrongCredentials where the account is disabled."""
        now = self._accounts.now()
        text = await self._challenges.take(challenge, now)
        verified = await asyncio.to_thread(_verified, proof, text.encode(), self._trust.trust(), now)
        account = await self._account_of(verified, now)
        return await self._accounts.open_by_certificate(account, fingerprint(verified.certificate), origin)

    async def _account_of(self, verified: Verified, now: datetime) -> Account:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "select pg_advisory_xact_lock(hashtextextended($1, 0))", verified.subject.uscc
            )
            row = await connection.fetchrow(_KNOWN, fingerprint(verified.certificate))
            if row is not None and row["disabled"]:
                raise WrongCredentials
            return account_of(row) if row else await self._register(connection, verified, now)

    async def _register(self, connection: Connection, verified: Verified, now: datetime) -> Account:
        """The first certificate of a credit code brings the organisation and its manager; a later one belongs to it."""
        uscc, name = verified.subject.uscc, verified.subject.name
        known = await connection.fetchrow(_ORGANISATION, uscc)
        organisation = known["organisation"] if known else uuid4()
        if known is None:
            await connection.execute("insert into organisation_codes values ($1, $2)", uscc, organisation)
        await self._accounts.name_organisation(organisation, name, anew=True, within=connection)
        account = replace(_new(verified, organisation, known), organisation_name=name)
        await self._accounts.add_without_password(account, connection)
        certificate = verified.certificate
        await connection.execute(
            _BIND, fingerprint(certificate), account.id, certificate.serial, certificate.der, now
        )
        return account


def fingerprint(certificate: Certificate) -> bytes:
    return hashlib.sha256(certificate.der).digest()


def _verified(proof: Proof, message: bytes, trust: Trust, now: datetime) -> Verified:
    match proof:
        case Bare():
            return verify_bare(proof.certificate, proof.signature, message, trust, now)
        case SignedData():
            return verify_signed_data(proof.content, message, trust, now)


def _new(verified: Verified, organisation: UUID, known: asyncpg.Record | None) -> Account:
    """Nobody gives rights to themselves: only the first certificate makes a manager, a later one somebody who works there."""
    kind: ActorKind = known["kind"] if known and known["kind"] else "operator"
    role: ActorRole = "technician" if known else "manager"
    name = f"{verified.subject.uscc}-{verified.certificate.serial[-8:]}".lower()
    label = f"{verified.subject.name}（法人一证通）"
    return new_account(name, label, kind, organisation, None, role if kind == "operator" else None)


_KNOWN: Final = """
    select a.*, o.name as organisation_name
      from account_certificates c join accounts a using (account_id) left join organisations o using (organisation)
     where c.fingerprint = $1
"""
_ORGANISATION: Final = """
    select c.organisation, (select min(kind) from accounts a where a.organisation = c.organisation) as kind
      from organisation_codes c where uscc = $1
"""
_BIND: Final = "insert into account_certificates values ($1, $2, $3, $4, $5)"
