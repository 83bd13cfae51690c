"""The second factor of a signature, in four kinds: password, authenticator app, security key, certificate.

Whatever the kind, the proof is for exactly the contents whose hashes the person was shown.
"""

import asyncio
import hashlib
import secrets
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import UUID

from qingyuan_certificates.verifying import Verified
from qingyuan_events import Actor
from qingyuan_events.parts import CertificateProof
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.tokens import second_factor

from accounts.attempts import at_second_step
from accounts.certificates.log_in import Bare, Proof, fingerprint, verified_proof
from accounts.factors.challenges import FactorChallenge
from accounts.factors.held import WrongCode
from accounts.factors.webauthn import Site, new_challenge
from accounts.service.account_service import AccountService
from accounts.sessions.opened import WrongCredentials

Kind = Literal["password", "totp", "webauthn", "certificate"]


@dataclass(frozen=True, slots=True)
class SigningAsked:
    """What is to be signed: a text by a certificate, or what the browser asks a security key."""

    challenge: FactorChallenge
    text: str | None
    webauthn: dict[str, Any] | None


class Signing:
    def __init__(self, pool: Pool, accounts: AccountService) -> None:
        self._pool = pool
        self._accounts = accounts
        self._trust = accounts.trust

    async def kinds(self, actor: Actor) -> list[Kind]:
        """What the account can confirm a signature with, the password first."""
        methods = await self._accounts.factors.methods(actor.account)
        has_password = await self._pool.fetchval(
            "select password is not null from accounts where account_id = $1", actor.account
        )
        has_certificate = await self._accounts.held.in_organisation(actor.organisation, self._pool)
        given: dict[Kind, bool] = {
            "password": bool(has_password),
            "totp": "totp" in methods,
            "webauthn": "webauthn" in methods,
            "certificate": has_certificate,
        }
        return [kind for kind, is_given in given.items() if is_given]

    async def ask_key(self, actor: Actor, over: Sequence[str], site: str) -> SigningAsked:
        """The challenge ends with the hash of the hashes, so the key signs for these contents."""
        content = new_challenge() + hash_of(over)
        made = await self._accounts.factors.challenges.make(
            actor.account, "sign-webauthn", content, over, site, self._accounts.now()
        )
        question = await self._accounts.factors.webauthn.question(actor.account, Site(site), content)
        return SigningAsked(made, None, question)

    async def ask_certificate(self, actor: Actor, over: Sequence[str], site: str) -> SigningAsked:
        now = self._accounts.now()
        text = _text(site, actor.account, over, now)
        made = await self._accounts.factors.challenges.make(
            actor.account, "sign-certificate", text.encode(), over, site, now
        )
        return SigningAsked(made, text, None)

    async def by_password(self, actor: Actor, password: str) -> None:
        """Raises `Unproven`, `Locked` or `Crowded`."""
        try:
            await self._accounts.verify_again(actor.account, password)
        except WrongCredentials:
            raise second_factor.wrong() from None

    async def by_code(self, actor: Actor, code: str) -> None:
        """Raises `Unproven` or `Locked`."""
        keys = at_second_step(actor.account)
        try:
            await self._accounts.factors.use_code(actor.account, "totp", code, keys, self._accounts.now())
        except WrongCode:
            raise second_factor.wrong_code() from None
        await self._accounts.log.add("second-factor-given", actor.account)

    async def by_key(
        self, actor: Actor, over: Sequence[str], challenge: UUID, assertion: dict[str, Any]
    ) -> None:
        """Raises `Unproven`, `Refused` or `Locked`."""
        now, factors = self._accounts.now(), self._accounts.factors
        asked = await factors.challenges.take(challenge, actor.account, "sign-webauthn", now)
        _require_same(asked, over)
        keys = at_second_step(actor.account)
        try:
            await factors.use_key(actor.account, assertion, Site(asked.site), asked.content, keys, now)
        except WrongCode:
            raise second_factor.wrong_key() from None
        await self._accounts.log.add("second-factor-given", actor.account)

    async def by_certificate(
        self, actor: Actor, over: Sequence[str], challenge: UUID, proof: Proof
    ) -> CertificateProof:
        """What can be verified later without us. Raises `Unproven`, `Refused` or `CertificateRefused`."""
        now = self._accounts.now()
        asked = await self._accounts.factors.challenges.take(
            challenge, actor.account, "sign-certificate", now
        )
        _require_same(asked, over)
        verified = await asyncio.to_thread(verified_proof, proof, asked.content, self._trust.trust(), now)
        await self._require_own(verified, actor)
        await self._accounts.log.add("second-factor-given", actor.account)
        return _proof(verified, asked.content.decode(), proof)

    async def _require_own(self, verified: Verified, actor: Actor) -> None:
        """The certificate of an account of this organisation, or one of no account with the organisation's credit code."""
        known = await self._pool.fetchval(
            _IS_OWN,
            fingerprint(verified.certificate),
            actor.account,
            actor.organisation,
            verified.subject.uscc,
        )
        if not known:
            raise second_factor.Unproven(
                "second-factor.certificate-not-own", "该证书不属于本账户或本单位，不能用于签字。"
            )


def hash_of(over: Sequence[str]) -> bytes:
    return hashlib.sha256("\n".join(sorted(set(over))).encode()).digest()


def _require_same(asked: FactorChallenge, over: Sequence[str]) -> None:
    if set(asked.over) != set(over):
        raise second_factor.Unproven(
            "second-factor.other-contents", "所验证的内容与要签字的内容不一致，请重新签字。"
        )


def _text(site: str, account: UUID, over: Sequence[str], now: datetime) -> str:
    hashes = "".join(f"内容 {sha256}\n" for sha256 in sorted(set(over)))
    return (
        f"清源签字\n网址 {site}\n账户 {account}\n{hashes}"
        f"时间 {now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\n随机数 {secrets.token_urlsafe(32)}\n"
    )


def _proof(verified: Verified, text: str, proof: Proof) -> CertificateProof:
    certificate = verified.certificate
    bare = b64encode(proof.signature).decode() if isinstance(proof, Bare) else None
    whole = None if isinstance(proof, Bare) else b64encode(proof.content).decode()
    return CertificateProof(
        serial=certificate.serial,
        issuer=certificate.parsed.issuer.rfc4514_string(),
        certificate=b64encode(certificate.der).decode(),
        text=text,
        signature=bare,
        signed_data=whole,
    )


# The credit code is asked for only where no account ever held the certificate: otherwise one that was removed would sign on.
_IS_OWN: Final = """
    select coalesce(
        (select c.removed is null and not a.disabled and (a.account_id = $2 or a.organisation = $3::uuid)
           from account_certificates c join accounts a using (account_id) where c.fingerprint = $1),
        exists (select from organisation_codes where uscc = $4 and organisation = $3::uuid)
    )
"""
