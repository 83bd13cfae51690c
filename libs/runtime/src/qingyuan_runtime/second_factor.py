"""The proof that a person gave the second factor for exactly these contents. Accounts issues it, the signing service verifies.

Its time of issue is the server's own word from before the signature: what carries it is not older.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from qingyuan_runtime.decider import Refused

LIFETIME = timedelta(minutes=5)
_AUDIENCE = "qingyuan-second-factor"


class Unproven(Refused):
    """The second factor was not given, not for this, or too long ago (HTTP 403)."""


@dataclass(frozen=True, slots=True)
class Issued:
    token: str
    expires_at: datetime


def wrong() -> Unproven:
    return Unproven("second-factor.wrong", "身份验证未通过，请重新输入登录密码。")


def issue(account: UUID, over: Iterable[str], key: OctKey, now: datetime) -> Issued:
    """A token that speaks for `account` and the contents with these SHA-256 values, for `LIFETIME` from `now`."""
    since = int(now.timestamp())
    until = since + int(LIFETIME.total_seconds())
    claims = {"aud": _AUDIENCE, "iat": since, "exp": until, "sub": str(account), "over": sorted(set(over))}
    return Issued(jwt.encode({"alg": "HS256"}, claims, key), datetime.fromtimestamp(until, UTC))


def verify(token: str, account: UUID, sha256: str, key: OctKey, now: datetime) -> datetime:
    """When the second factor was given, in whole seconds, never later than it was. Raises `Unproven`."""
    claims = _claims(token, key)
    if claims.get("aud") != _AUDIENCE or claims.get("sub") != str(account) or sha256 not in claims["over"]:
        raise wrong()
    if claims["exp"] <= now.timestamp():
        raise Unproven("second-factor.expired", "身份验证已超过 5 分钟，请重新输入登录密码后签字。")
    return datetime.fromtimestamp(claims["iat"], UTC)


def _claims(token: str, key: OctKey) -> Mapping[str, Any]:
    try:
        return jwt.decode(token, key, algorithms=["HS256"]).claims
    except (JoseError, ValueError) as error:
        raise wrong() from error
