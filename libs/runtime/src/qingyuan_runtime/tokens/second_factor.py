"""The proof that a person gave the second factor for exactly these contents. Accounts issues it, signoff verifies it.

Its time of issue comes from the server, and the signature that uses it cannot be older.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.tokens.issuers import Claims, NotIssued, Signs, Trusts

LIFETIME = timedelta(minutes=5)
_AUDIENCE = "qingyuan-second-factor"


class Unproven(Refused):
    """The second factor was not given, was given for other contents, or too long ago (HTTP 403)."""


@dataclass(frozen=True, slots=True)
class Issued:
    token: str
    expires_at: datetime


def wrong() -> Unproven:
    return Unproven("second-factor.wrong", "身份验证未通过，请重新输入登录密码。")


def issue(account: UUID, over: Iterable[str], key: Signs, now: datetime) -> Issued:
    """A proof for `account` and the contents with these SHA-256 values, valid for `LIFETIME` from `now`."""
    since = int(now.timestamp())
    until = since + int(LIFETIME.total_seconds())
    claims = {"aud": _AUDIENCE, "iat": since, "exp": until, "sub": str(account), "over": sorted(set(over))}
    return Issued(key.sign("accounts", claims), datetime.fromtimestamp(until, UTC))


def verify(token: str, account: UUID, sha256: str, trusted: Trusts, now: datetime) -> datetime:
    """When the second factor was given, rounded down to whole seconds. Raises `Unproven`."""
    claims = _claims(token, trusted)
    if claims.get("aud") != _AUDIENCE or claims.get("sub") != str(account) or sha256 not in claims["over"]:
        raise wrong()
    if claims["exp"] <= now.timestamp():
        raise Unproven("second-factor.expired", "身份验证已超过 5 分钟，请重新输入登录密码后签字。")
    return datetime.fromtimestamp(claims["iat"], UTC)


def _claims(token: str, trusted: Trusts) -> Claims:
    try:
        return trusted.read(token, "accounts")
    except NotIssued as error:
        raise wrong() from error
