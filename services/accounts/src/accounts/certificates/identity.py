"""Who is logged in shows once more who they are by a certificate of the own account, where others type the password."""

import asyncio
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from qingyuan_runtime.domain.decider import Refused

from accounts.certificates.challenges import Asker, Challenge, ChallengeGone, Challenges, account_in
from accounts.certificates.log_in import Proof, fingerprint, verified_proof
from accounts.service.account_service import AccountService


@dataclass(frozen=True, slots=True)
class OwnWays:
    """By what the account can show who it is, beside the code of an app."""

    password: bool
    certificate: bool


class CertificateIdentity:
    def __init__(self, accounts: AccountService) -> None:
        self._accounts = accounts
        self._trust = accounts.trust
        self._challenges = Challenges(accounts.pool)

    async def ways(self, account: UUID) -> OwnWays:
        password = await self._accounts.pool.fetchval(_WAYS, account)
        return OwnWays(bool(password), await self._accounts.held.by(account, self._accounts.pool))

    async def challenge(self, site: str, address: str, account: UUID) -> Challenge:
        """Raises TooManyOfAccount."""
        asker = Asker(site, address, account, await self._name(account))
        return await self._challenges.make(asker, self._accounts.now(), "identity")

    async def show(self, account: UUID, challenge: UUID, proof: Proof) -> None:
        """Raises ChallengeGone, CertificateRefused, or Refused where the certificate is not one of this account."""
        now = self._accounts.now()
        text = await self._challenges.take(challenge, now, "identity")
        if account_in(text) != await self._name(account):
            raise ChallengeGone
        verified = await asyncio.to_thread(verified_proof, proof, text.encode(), self._trust.trust(), now)
        if not await self._accounts.pool.fetchval(_IS_OWN, account, fingerprint(verified.certificate)):
            raise Refused(
                "certificate.other-account",
                "这张证书没有绑定到本账户。请换用“我的信息”的“证书”一栏列出的证书。",
            )
        await self._accounts.log.add("identity-shown-again", account)

    async def _name(self, account: UUID) -> str:
        names = await self._accounts.names(account)
        return names[0] if names else ""


_WAYS: Final = "select password is not null from accounts where account_id = $1"
_IS_OWN: Final = """
    select true from account_certificates c join accounts a using (account_id)
     where a.account_id = $1 and not a.disabled and c.fingerprint = $2 and c.removed is null
"""
