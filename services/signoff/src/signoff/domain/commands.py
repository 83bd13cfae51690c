"""Commands on a confirmation. They carry all that deciding needs: time, account, and what was loaded for it."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from qingyuan_events.parts import CertificateProof, Factor, FileRef, Signature

Cause = Literal["sheet_corrected", "added_later"]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The visit that is to be confirmed: its ids and those of the two organisations."""

    confirmation_id: UUID
    visit_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    outlet_id: UUID
    point_id: UUID
    district: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The text that a person declares by signing; a new wording has a new version."""

    version: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The visit is complete, so its enterprise is asked to confirm it by the end of the day of the request."""

    about: About
    content_sha256: str
    visit_day: date
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Renew:
    content_sha256: str
    cause: Cause
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteOriginals:
    """What the files service attests of this content: how many originals are `missing`, and `since` when none is."""

    content_sha256: str
    missing: int | None
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    by: UUID
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    """`due_at` tells the request that this reminder belongs to from an earlier or a renewed one."""

    due_at: datetime
    reminder: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    due_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """`content_sha256` and `statement_version` are what the person was shown, `statement` is in force today.

    `missing` is how many files of the content cannot be shown (None: not known yet), `since` when the last of them
    arrived, `stored` are the organisation's own stored files, `blank` those of them that show nothing.
    `not_before` is when the second factor was given, by the server's clock: the signature cannot be older. `certificate` comes
    with the second factor of that kind.
    """

    content_sha256: str
    statement_version: str
    statement: Statement
    signature: Signature
    missing: int | None
    since: datetime | None
    stored: frozenset[str]
    by: UUID
    not_before: datetime
    now: datetime
    blank: Set[str] = frozenset()
    second_factor: Factor = "password"
    certificate: CertificateProof | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    reason: str
    photos: tuple[FileRef, ...]
    stored: frozenset[str]
    by: UUID
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDispute:
    text: str
    photos: tuple[FileRef, ...]
    stored: frozenset[str]
    by: UUID
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    reason: str
    by: UUID
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Void:
    """The log of tasks was restored. `content_sha256` is the visit's content there (None: the visit is not complete there)."""

    content_sha256: str | None
    now: datetime


ConfirmationCommand = (
    Request
    | Renew
    | CompleteOriginals
    | Open
    | Remind
    | Lapse
    | Sign
    | Dispute
    | AnswerDispute
    | Escalate
    | Void
)
