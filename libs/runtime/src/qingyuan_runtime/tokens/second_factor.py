"""The proof that a person gave the second factor for exactly these contents. Accounts issues it, signoff verifies it.

Its time of issue comes from the server, and the signature that uses it cannot be older.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

from pydantic import ValidationError
from qingyuan_events.parts import CertificateProof, Factor

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


@dataclass(frozen=True, slots=True)
class Given:
    """When and how the second factor was given; for a certificate, what anybody can verify later."""

    given_at: datetime
    factor: Factor = "password"
    certificate: CertificateProof | None = None


def wrong() -> Unproven:
    return Unproven("second-factor.wrong", "身份验证未通过，请重新输入登录密码。")


def wrong_code() -> Unproven:
    return Unproven("second-factor.wrong", "动态码不正确或已用过，请等待下一个动态码。")


def wrong_key() -> Unproven:
    return Unproven("second-factor.wrong", "安全密钥的验证未通过，请重试。")


def issue(
    account: UUID,
    over: Iterable[str],
    key: Signs,
    now: datetime,
    *,
    factor: Factor = "password",
    certificate: CertificateProof | None = None,
) -> Issued:
    """A proof for `account` and the contents with these SHA-256 values, valid for `LIFETIME` from `now`."""
    since = int(now.timestamp())
    until = since + int(LIFETIME.total_seconds())
    claims: dict[str, Any] = {
        "aud": _AUDIENCE,
        "iat": since,
        "exp": until,
        "sub": str(account),
        "over": sorted(set(over)),
        "factor": factor,
    }
    if certificate is not None:
        claims["certificate"] = certificate.model_dump(mode="json")
    return Issued(key.sign("accounts", claims), datetime.fromtimestamp(until, UTC))


def verify(token: str, account: UUID, sha256: str, trusted: Trusts, now: datetime) -> Given:
    """When the second factor was given, rounded down to whole seconds, and how. Raises `Unproven`."""
    claims = _claims(token, trusted)
    if claims.get("aud") != _AUDIENCE or claims.get("sub") != str(account) or sha256 not in claims["over"]:
        raise wrong()
    if claims["exp"] <= now.timestamp():
        raise Unproven("second-factor.expired", "身份验证已超过 5 分钟，请重新验证后签字。")
    return _given(claims)


def _given(claims: Claims) -> Given:
    """A certificate comes with its proof, and nothing else does."""
    factor, proof = claims.get("factor", "password"), claims.get("certificate")
    if factor not in get_args(Factor) or (factor == "certificate") != (proof is not None):
        raise wrong()
    try:
        certificate = CertificateProof.model_validate(proof) if proof is not None else None
    except ValidationError as error:
        raise wrong() from error
    return Given(datetime.fromtimestamp(claims["iat"], UTC), factor, certificate)


def _claims(token: str, trusted: Trusts) -> Claims:
    try:
        return trusted.read(token, "accounts")
    except NotIssued as error:
        raise wrong() from error
