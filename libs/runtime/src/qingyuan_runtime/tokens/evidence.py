"""A statement of the files service about files, on a signed token that a client passes on with its command.

So no command waits for the files service, and the deciding service can still rely on what it has stated
(docs/decisions/0008).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.tokens.issuers import Claims, NotIssued, Signs, Trusts
from qingyuan_runtime.tokens.second_factor import Issued

LIFETIME = timedelta(hours=1)
_AUDIENCE = "qingyuan-evidence"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Contents are the records that refer to files, each named by its hash.

    `missing`: for each content that files knows, how many of its files cannot be shown. `stored`: hashes of the account's
    own files. `since`: for each content with no missing files, when the last of them was stored. `blank`: those of
    `stored` that show nothing as a signature: an image of one colour, or no strokes.
    """

    missing: Mapping[str, int]
    stored: frozenset[str]
    since: Mapping[str, datetime] = field(default_factory=dict)
    blank: frozenset[str] = frozenset()


NONE: Final = Evidence({}, frozenset())
"""For a command that names no file."""


def issue(account: UUID, seen: Evidence, key: Signs, now: datetime) -> Issued:
    """A token with `seen` for `account`, valid for `LIFETIME` from `now`."""
    since = int(now.timestamp())
    until = since + int(LIFETIME.total_seconds())
    claims = {
        "aud": _AUDIENCE,
        "iat": since,
        "exp": until,
        "sub": str(account),
        "missing": dict(seen.missing),
        "stored": sorted(seen.stored),
        "since": {content: moment.isoformat() for content, moment in seen.since.items()},
        "blank": sorted(seen.blank),
    }
    return Issued(key.sign("files", claims), datetime.fromtimestamp(until, UTC))


def verify(token: str, account: UUID, trusted: Trusts, now: datetime) -> Evidence:
    """The statement in the token. Raises `Refused` where the token belongs to another account or has expired."""
    claims = _claims(token, trusted)
    if claims.get("aud") != _AUDIENCE or claims.get("sub") != str(account):
        raise _wrong()
    if claims["exp"] <= now.timestamp():
        raise Refused("evidence.expired", "文件核对结果已过期，请重新提交。")
    since = {content: datetime.fromisoformat(text) for content, text in claims.get("since", {}).items()}
    blank = frozenset(claims.get("blank", ()))
    return Evidence(claims["missing"], frozenset(claims["stored"]), since, blank)


def _wrong() -> Refused:
    return Refused("evidence.wrong", "文件核对结果无效，请刷新页面后重新提交。")


def _claims(token: str, trusted: Trusts) -> Claims:
    try:
        return trusted.read(token, "files")
    except NotIssued as error:
        raise _wrong() from error
