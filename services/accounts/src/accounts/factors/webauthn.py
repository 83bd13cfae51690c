"""Security keys and the device's own lock (WebAuthn): the server keeps public keys, several with names for an account.

The library checks every signature, the origin and the site; this module keeps what it needs, and each challenge serves once.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import webauthn as library
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.domain.decider import Refused
from webauthn.helpers import base64url_to_bytes, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

NAME_OF_SITE: Final = "清源"
CHALLENGE_BYTES: Final = 32
MOST_KEYS: Final = 10
KIND: Final = {"type": "public-key"}
"""The only kind that there is; requests do not say it."""
LOCAL: Final = frozenset({"localhost"})


class NotProven(Exception):
    """The answer of the key is not what it should be."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the browser is: the relying party, and the origins that its pages may have."""

    host: str

    @property
    def relying_party(self) -> str:
        return self.host.rsplit(":", 1)[0] if not self.host.endswith("]") else self.host

    @property
    def origins(self) -> list[str]:
        """Only on one's own machine does a browser offer this without TLS."""
        plain = [f"http://{self.host}"] if self.relying_party in LOCAL else []
        return [f"https://{self.host}", *plain]


class WebAuthn:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of(self, account: UUID) -> list[asyncpg.Record]:
        """The keys of an account, the oldest first."""
        return list(await self._pool.fetch(_KEYS, account))

    async def enrolment(
        self, account: UUID, name: str, label: str, site: Site, challenge: bytes
    ) -> dict[str, Any]:
        """What the browser needs to make a new key. A key that is already enrolled is not offered again."""
        options = library.generate_registration_options(
            rp_id=site.relying_party,
            rp_name=NAME_OF_SITE,
            user_id=account.bytes,
            user_name=name,
            user_display_name=label,
            challenge=challenge,
            exclude_credentials=await self._descriptors(account),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.DISCOURAGED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
        )
        return _as_json(options_to_json(options))

    async def question(self, account: UUID, site: Site, challenge: bytes) -> dict[str, Any]:
        """What the browser needs to ask for one of the account's keys."""
        options = library.generate_authentication_options(
            rp_id=site.relying_party,
            challenge=challenge,
            allow_credentials=await self._descriptors(account),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
        return _as_json(options_to_json(options))

    async def enrol(
        self,
        account: UUID,
        name: str,
        credential: dict[str, Any],
        site: Site,
        challenge: bytes,
        now: datetime,
        within: Connection,
    ) -> None:
        """Raises `NotProven`, or `Refused` where the key is known already or the account has as many as it may."""
        try:
            made = library.verify_registration_response(
                credential=credential | KIND,
                expected_challenge=challenge,
                expected_rp_id=site.relying_party,
                expected_origin=site.origins,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError) as error:
            raise NotProven from error
        values = (made.credential_id, account, name, made.credential_public_key, made.sign_count, now)
        if not await within.fetchval(_ENROL, *values, MOST_KEYS):
            raise Refused(
                "factors.key-not-added", f"该安全密钥已登记过，或本账户已有 {MOST_KEYS} 个安全密钥。"
            )

    async def prove(
        self, account: UUID, assertion: dict[str, Any], site: Site, challenge: bytes, now: datetime
    ) -> UUID:
        """Which key it was. Raises `NotProven`. The key's counter must have grown, so a copy of a key is noticed; the database decides a race."""
        identifier = _credential_id(assertion)
        known = await self._pool.fetchrow(_KEY, account, identifier)
        if known is None:
            raise NotProven
        try:
            proven = library.verify_authentication_response(
                credential=assertion | KIND,
                expected_challenge=challenge,
                expected_rp_id=site.relying_party,
                expected_origin=site.origins,
                credential_public_key=known["public_key"],
                credential_current_sign_count=known["sign_count"],
            )
        except (WebAuthnException, ValueError, TypeError, KeyError) as error:
            raise NotProven from error
        key: UUID | None = await self._pool.fetchval(_USE, identifier, proven.new_sign_count, now)
        if key is None:
            raise NotProven
        return key

    async def _descriptors(self, account: UUID) -> list[PublicKeyCredentialDescriptor]:
        rows = await self._pool.fetch(
            "select credential_id from webauthn_keys where account_id = $1", account
        )
        return [PublicKeyCredentialDescriptor(id=row["credential_id"]) for row in rows]


def new_challenge() -> bytes:
    return secrets.token_bytes(CHALLENGE_BYTES)


def _as_json(text: str) -> dict[str, Any]:
    options: dict[str, Any] = json.loads(text)
    return options


def _credential_id(assertion: dict[str, Any]) -> bytes:
    try:
        return base64url_to_bytes(str(assertion["rawId"]))
    except (KeyError, ValueError) as error:
        raise NotProven from error


_KEYS: Final = "select key_id, name, added, last_used from webauthn_keys where account_id = $1 order by added"
_KEY: Final = "select public_key, sign_count from webauthn_keys where account_id = $1 and credential_id = $2 "
_ENROL: Final = """
    insert into webauthn_keys (credential_id, account_id, name, public_key, sign_count, added)
    select $1, $2, $3, $4, $5, $6 where (select count(*) from webauthn_keys where account_id = $2) < $7
    on conflict (credential_id) do nothing returning true
"""
_USE: Final = """
    update webauthn_keys set sign_count = $2, last_used = $3
     where credential_id = $1 and (sign_count < $2 or sign_count = 0 and $2 = 0) returning key_id
"""
