"""What may be asked of a confirmation. Time, account and what was looked up come inside the command."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from qingyuan_events.parts import FileRef, Signature

Cause = Literal["sheet_corrected", "added_later"]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which work at which place this is about, and whose."""

    confirmation_id: UUID
    visit_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    outlet_id: UUID
    point_id: UUID
    district: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a person declares by signing, as it is worded since some day."""

    version: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The visit is complete. It is due by the end of the day on which it is asked for."""

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
    """`missing` and `since` are the word of files about this content: how many are missing, and since when none is."""

    content_sha256: str
    missing: int | None
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    by: UUID
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    """`due_at` names the asking that this belongs to: a reminder of an earlier one comes too late."""

    due_at: datetime
    reminder: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    due_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """`content_sha256` and `statement_version` are what the person was shown, `statement` is what holds today.

    `missing` is how many files of the content cannot be shown (None: nobody can say), `since` when the last of them
    came, `stored` are files of the own organisation that are safe, `blank` are those of them that show nothing.
    `not_before` is when the second factor was given, by the server's clock.
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
    """The log of tasks was restored: `content_sha256` is what it has kept of the visit (None: it is not complete there)."""

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
