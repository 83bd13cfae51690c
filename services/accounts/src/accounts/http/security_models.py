"""The responses of the security log and of the security administrator's pages."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel
from qingyuan_events import ActorKind, ActorRole

from accounts.attempts import KeyKind


class Named(BaseModel):
    """An account, with its names of today."""

    id: UUID
    name: str | None
    label: str | None


class SecurityLine(BaseModel):
    """`actor` did it, `account` had it done; the organisation and the district are those at that time. `text` is the word for `what`,
    `explanation` says `detail` in words."""

    id: int
    at: datetime
    what: str
    text: str
    result: Literal["done", "refused", "failed"]
    actor: Named | None
    account: Named | None
    kind: str | None
    organisation: UUID | None
    organisation_name: str | None
    district: str | None
    address: str
    device: str
    detail: dict[str, str | int]
    explanation: str


class SecurityLines(BaseModel):
    items: list[SecurityLine]
    next: str | None


class SecurityWords(BaseModel):
    """The Chinese word of each code that a line may have."""

    words: dict[str, str]


class Lock(BaseModel):
    """`of`: the log-in with a name, an account in its sessions or at its second step, an address, or an address that
    tries codes of invitations or of lost keys.

    Of an unknown name nothing is known.
    """

    id: str
    of: KeyKind
    account: Named | None
    address: str | None
    until: datetime


class Locks(BaseModel):
    items: list[Lock]


class SessionOfAccount(BaseModel):
    id: UUID
    device: str
    address: str
    since: datetime
    last_seen: datetime


class WatchedAccount(BaseModel):
    """`guarded`: an administrator's, locked and logged out on the command line alone."""

    id: UUID
    name: str
    label: str
    kind: ActorKind
    role: ActorRole | None
    organisation_name: str | None
    locked: bool
    guarded: bool
    sessions: list[SessionOfAccount]


class WatchedAccounts(BaseModel):
    items: list[WatchedAccount]
    more: bool


class PolicyRule(BaseModel):
    """`since` is the day from which the source demands it, if anybody but this system does."""

    code: str
    text: str
    value: str
    source: str
    since: date | None


class SecurityPolicy(BaseModel):
    items: list[PolicyRule]


class TrustedCertificate(BaseModel):
    """`list_…` is of the newest revocation list that this authority itself has signed: the one by which its certificates are
    looked up. `list_overdue` also where there is none."""

    part: Literal["root", "between"]
    subject: str
    issuer: str
    serial: str
    valid_from: datetime
    valid_to: datetime
    valid: bool
    list_made_at: datetime | None
    list_next_at: datetime | None
    list_overdue: bool


class TrustedList(BaseModel):
    """A revocation list. `overdue`: its authority should have published a newer one, or does not say when it will."""

    issuer: str
    made_at: datetime
    next_at: datetime | None
    revoked: int
    overdue: bool


class TrustedRoots(BaseModel):
    """`at`: when this was found out; what is valid or overdue is so then."""

    at: datetime
    certificates: list[TrustedCertificate]
    lists: list[TrustedList]


class SessionLeft(BaseModel):
    """How long the session still lasts: `idle_seconds` if it is not used, `whole_seconds` at the most."""

    idle_seconds: int
    whole_seconds: int
