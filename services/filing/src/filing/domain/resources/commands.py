"""Commands on a resource. They carry all that deciding needs: which files are stored, and today's date."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from qingyuan_events import Personal
from qingyuan_events.filing import Paper, ResourceParticulars


@dataclass(frozen=True, slots=True, kw_only=True)
class AddResource:
    """`person`: the encrypted name, of a person only. `stored`: hashes of the operator's own stored files."""

    operator_id: UUID
    resource_id: UUID
    particulars: ResourceParticulars
    person: Personal | None
    changed_on: date
    stored: frozenset[str]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectResource:
    particulars: ResourceParticulars
    person: Personal | None
    changed_on: date
    reason: str
    stored: frozenset[str]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewPaper:
    """`replaces`: the paper that the new one takes the place of; None where both stand beside each other."""

    paper: Paper
    replaces: UUID | None
    changed_on: date
    stored: frozenset[str]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokePaper:
    """By a regulator. `first_day` may lie in the past."""

    paper_id: UUID
    first_day: date
    reason: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndResource:
    last_day: date
    reason: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePaperEnding:
    """Sent by a timer: the reminder `days` before the end of a paper."""

    paper_id: UUID
    days: int
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePerson:
    """Sent where the name of a person who has left need not be kept any more. `years`: how long it must be."""

    years: int
    reason: str
    today: date


ResourceCommand = (
    AddResource | CorrectResource | RenewPaper | RevokePaper | NotePaperEnding | EndResource | ErasePerson
)
