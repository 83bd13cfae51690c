"""The token with which the gateway tells a service who is acting. Short-lived and signed, never a cookie."""

from datetime import timedelta
from pathlib import Path
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


def issue(actor: Actor, key: OctKey, *, now: float) -> str:
    """A token for `actor`, valid for `LIFETIME` from `now` (Unix seconds)."""
    claims = {
        "aud": _AUDIENCE,
        "iat": int(now),
        "exp": int(now + LIFETIME.total_seconds()),
        "sub": str(actor.account),
        "kind": actor.kind,
        "org": str(actor.organisation) if actor.organisation else None,
        "district": actor.district,
    }
    return jwt.encode({"alg": "HS256"}, claims, key)


def verify(token: str, key: OctKey, *, now: float) -> Actor:
    """The actor a token speaks for. Raises `Untrusted`."""
    try:
        claims = jwt.decode(token, key, algorithms=["HS256"]).claims
    except (JoseError, ValueError) as error:
        raise Untrusted(str(error)) from error
    if claims.get("aud") != _AUDIENCE or claims.get("exp", 0) < now:
        raise Untrusted("expired or for somebody else")
    return Actor(
        account=UUID(claims["sub"]),
        kind=claims["kind"],
        organisation=UUID(claims["org"]) if claims.get("org") else None,
        district=claims.get("district"),
    )
