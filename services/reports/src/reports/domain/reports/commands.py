"""What may be asked of a report. Time, ids and what was looked up elsewhere are part of a command."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from qingyuan_events.parts import FileRef
from qingyuan_events.reports import (
    AppliedExemption,
    OriginalRecord,
    ReportFinding,
    ReportResult,
    ReturnReason,
)

from reports.domain.documents import Document
from reports.domain.places import PointCopy
from reports.domain.reports.state import ReportState


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`points`: those of the document, in its order. `replaced`: the report that this one is to take the place of."""

    report_id: UUID
    operator_id: UUID
    document: Document
    points: tuple[PointCopy, ...]
    replaced: ReportState | None
    by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    document: Document
    points: tuple[PointCopy, ...]
    by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachFile:
    """`stored`: hashes of the files that the files service attests."""

    file: FileRef
    stored: frozenset[str]
    by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachOriginal:
    original: OriginalRecord
    stored: frozenset[str]
    by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveOriginal:
    original_id: UUID
    reason: str
    by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """`uncontracted`: the points for which the operator had no contract on the day of the work. `verdict_bytes`: how large its
    verdict will be, about. `answer`: to a return."""

    uncontracted: frozenset[UUID]
    verdict_bytes: int
    by: UUID
    now: datetime
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the rules and what is known beyond the document make of a submission."""

    catalogue_version: str
    catalogue_sha256: str
    result: ReportResult
    blocking: bool
    verdict: Mapping[str, Any]
    findings: tuple[ReportFinding, ...]
    exemptions: tuple[AppliedExemption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Sent by the reaction to a submission."""

    round: int
    judgement: Judgement
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reevaluate:
    judgement: Judgement
    reason: str
    by: UUID
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """`round`: the submission that the reviewer has seen. `replaced`: the report whose place this one is to take, as it stands."""

    round: int
    remark: str | None
    replaced: ReportState | None
    by: UUID
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    round: int
    reasons: tuple[ReturnReason, ...]
    by: UUID
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    reason: str
    by: UUID
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Supersede:
    """Sent by the reaction to the acceptance of the report that takes this one's place."""

    superseded_by: UUID


ReportCommand = (
    Draft
    | Change
    | AttachFile
    | AttachOriginal
    | RemoveOriginal
    | Submit
    | Check
    | Reevaluate
    | Accept
    | Return
    | Withdraw
    | Supersede
)
