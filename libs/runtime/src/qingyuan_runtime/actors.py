"""The token with which the gateway tells a service who is acting. Short-lived and signed, never a cookie."""

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from qingyuan_events import Actor

LIFETIME = timedelta(seconds=60)
_AUDIENCE = "qingyuan-services"


class Untrusted(Exception):
    """The token is missing, forged or too old."""


def read_key(path: Path) -> OctKey:
    return OctKey.import_key(path.read_bytes().strip())


def issue(actor: Actor, key: OctKey, *, now: float, organisation_name: str | None = None) -> str:
    """A token for `actor`, valid for `LIFETIME` from `now` (Unix seconds)."""
    claims = {
        "aud": _AUDIENCE,
        "iat": int(now),
        "exp": int(now + LIFETIME.total_seconds()),
        "sub": str(actor.account),
        "kind": actor.kind,
        "org": str(actor.organisation) if actor.organisation else None,
        "district": actor.district,
        "role": actor.role,
        "org_name": organisation_name,
    }
    return jwt.encode({"alg": "HS256"}, claims, key)


class Verifier:
    """Who a token speaks for. The gateway sends the same token for some seconds, so its signature is checked once."""

    def __init__(self, key: OctKey, *, remembered: int = 2_000) -> None:
        self._key = key
        self._read = lru_cache(remembered)(self._read_once)

    def verify(self, token: str, *, now: float) -> Actor:
        """The actor; `now` in Unix seconds. Raises `Untrusted`."""
        return self._valid(token, now)[0]

    def organisation_name(self, token: str, *, now: float) -> str | None:
        """What the actor's organisation is called; accounts knows it. Raises `Untrusted`."""
        return self._valid(token, now)[1]

    def _valid(self, token: str, now: float) -> tuple[Actor, str | None]:
        actor, name, expires = self._read(token)
        if expires < now:
            raise Untrusted("expired")
        return actor, name

    def _read_once(self, token: str) -> tuple[Actor, str | None, float]:
        claims = self._claims(token)
        if claims.get("aud") != _AUDIENCE:
            raise Untrusted("for somebody else")
        actor = Actor(
            account=UUID(claims["sub"]),
            kind=claims["kind"],
            organisation=UUID(claims["org"]) if claims.get("org") else None,
            district=claims.get("district"),
            role=claims.get("role"),
        )
        return actor, claims.get("org_name"), claims.get("exp", 0)

    def _claims(self, token: str) -> Mapping[str, Any]:
        try:
            return jwt.decode(token, self._key, algorithms=["HS256"]).claims
        except (JoseError, ValueError) as error:
            raise Untrusted(str(error)) from error
