"""The token with which the gateway names the actor of a request to a service. Short-lived and signed, never a cookie.

Views issues tokens of two other purposes, to read the images and the names of a record or list that a user prints or exports;
messages of another, to ask for addresses.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

from qingyuan_events import Actor

from qingyuan_runtime.tokens.issuers import Claims, NotIssued, Signs, Trusts
from qingyuan_runtime.topology import Issuer

LIFETIME = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a token is for, and the only service that may issue it."""

    issuer: Issuer
    audience: str


ACTING: Final = Purpose("gateway", "qingyuan-services")
SHOWING: Final = Purpose("views", "qingyuan-pictures")
"""Only to read an image on behalf of a user."""
NAMING: Final = Purpose("views", "qingyuan-names")
"""Only to read names: of accounts on a record being printed, and of people in a list being exported."""
ADDRESSING: Final = Purpose("messages", "qingyuan-addresses")
"""Only to ask whom a message reaches, and how."""


class Untrusted(Exception):
    """The token is missing, forged or too old."""


def issue(
    actor: Actor,
    key: Signs,
    *,
    now: float,
    organisation_name: str | None = None,
    purpose: Purpose = ACTING,
) -> str:
    """A token for `actor`, valid for `LIFETIME` from `now` (Unix seconds)."""
    claims = {
        "aud": purpose.audience,
        "iat": int(now),
        "exp": int(now + LIFETIME.total_seconds()),
        "sub": str(actor.account),
        "kind": actor.kind,
        "org": str(actor.organisation) if actor.organisation else None,
        "district": actor.district,
        "role": actor.role,
        "org_name": organisation_name,
    }
    return key.sign(purpose.issuer, claims)


class Verifier:
    """Verifies tokens. The gateway sends the same token for some seconds, so results are cached.

    Therefore tokens of a deleted key may be accepted until they expire.
    """

    def __init__(self, trusted: Trusts, *purposes: Purpose, remembered: int = 2_000) -> None:
        self._trusted = trusted
        self._purposes = purposes or (ACTING,)
        self._read = lru_cache(remembered)(self._read_once)

    def verify(self, token: str, *, now: float) -> Actor:
        """The actor; `now` in Unix seconds. Raises `Untrusted`."""
        return self._valid(token, now)[0]

    def organisation_name(self, token: str, *, now: float) -> str | None:
        """The name of the actor's organisation, as accounts has it. Raises `Untrusted`."""
        return self._valid(token, now)[1]

    def _valid(self, token: str, now: float) -> tuple[Actor, str | None]:
        actor, name, expires = self._read(token)
        if expires < now:
            raise Untrusted("expired")
        return actor, name

    def _read_once(self, token: str) -> tuple[Actor, str | None, float]:
        claims = self._claims(token)
        actor = Actor(
            account=UUID(claims["sub"]),
            kind=claims["kind"],
            organisation=UUID(claims["org"]) if claims.get("org") else None,
            district=claims.get("district"),
            role=claims.get("role"),
        )
        return actor, claims.get("org_name"), claims.get("exp", 0)

    def _claims(self, token: str) -> Claims:
        reasons = []
        for purpose in self._purposes:
            try:
                claims = self._trusted.read(token, purpose.issuer)
            except NotIssued as error:
                reasons.append(str(error))
                continue
            if claims.get("aud") == purpose.audience:
                return claims
            reasons.append("for somebody else")
        raise Untrusted("; ".join(reasons))
