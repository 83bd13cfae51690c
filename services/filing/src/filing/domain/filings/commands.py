"""Commands on a filing. They carry all that deciding needs: what was loaded for it, and today's date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from qingyuan_events import Personal
from qingyuan_events.filing import FilingBasics, Remark
from qingyuan_events.parts import CertificateProof, Factor, Signature

from filing.domain.resources.leases import RunningContract
from filing.domain.resources.state import ResourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginFiling:
    operator_id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeBasics:
    """`stored`: hashes of the operator's own stored files."""

    basics: FilingBasics
    legal_representative: Personal | None
    contact: Personal | None
    changed_on: date
    stored: frozenset[str]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUndertaking:
    """`version`, `text`: those of today; `shown_version`: what the person read. `stored`, `blank`: the word of the files service."""

    version: str
    text: str
    shown_version: str
    signature: Signature
    stored: frozenset[str]
    blank: frozenset[str]
    by: UUID
    not_before: datetime
    now: datetime
    second_factor: Factor = "password"
    certificate: CertificateProof | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitFiling:
    """`resources`: all that the operator has, as they stand now. `term_months`: within which a change must be reported.
    `contracts`: those that a lease must cover.
    """

    resources: Mapping[UUID, ResourceState]
    term_months: int
    today: date
    contracts: tuple[RunningContract, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawFiling:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReview:
    number: int
    by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A reviewer's answer to submission `number`: passed, or returned with remarks. `reasons`: those that may be named.

    `among_others`: it is passed together with other filings.
    """

    stage: str
    number: int
    by: UUID
    passed: bool
    remarks: tuple[Remark, ...]
    reasons: frozenset[str]
    today: date
    among_others: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOverdueChange:
    """Sent by a timer: the term has ended in which this version, of a resource or of the basics, had to be reported."""

    resource_id: UUID | None
    version: int
    changed_on: date
    last_day: date
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LockFiling:
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskReactivation:
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reactivate:
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelFiling:
    """`revoked`: by a regulator, not by the operator's own wish."""

    revoked: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePeople:
    """Sent where former legal representatives and contacts need not be kept any more. `years`: how long they must be;
    `subjects`: those whose replacement was recorded that long ago, too.
    """

    subjects: frozenset[UUID]
    years: int
    reason: str
    today: date


StandingCommand = NoteOverdueChange | LockFiling | AskReactivation | Reactivate | CancelFiling
FilingCommand = (
    BeginFiling
    | ChangeBasics
    | GiveUndertaking
    | SubmitFiling
    | WithdrawFiling
    | OpenReview
    | Review
    | ErasePeople
    | StandingCommand
)
