"""Events of the reports service: comparison and verification reports, their checks, reviews, and exemptions from rules.

A report's document is JSON as docs/contracts-reports.md describes it; the ids of its points are those of the register.
Days and times inside a document are Shanghai's.
The classes of `report_parts` are exported here.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field, JsonValue

from qingyuan_events.parts import FileRef, Moment
from qingyuan_events.report_parts import AppliedExemption as AppliedExemption
from qingyuan_events.report_parts import EarlierPairs as EarlierPairs
from qingyuan_events.report_parts import OriginalRecord as OriginalRecord
from qingyuan_events.report_parts import PairsPrint as PairsPrint
from qingyuan_events.report_parts import ReportFinding as ReportFinding
from qingyuan_events.report_parts import ReportFindingCode as ReportFindingCode
from qingyuan_events.report_parts import ReportResult as ReportResult
from qingyuan_events.report_parts import ReturnReason as ReturnReason
from qingyuan_events.reports_topic import ReportsFact as ReportsFact

Sha256 = Field(pattern="^[0-9a-f]{64}$")
Round = Field(ge=1, description="which submission of the report, counted from 1")


class ReportFact(ReportsFact):
    report_id: UUID
    operator_id: UUID


class ReportDrafted(ReportFact):
    """An operator begins a report. A draft may be incomplete."""

    type: ClassVar[str] = "report.drafted.v1"
    document: dict[str, JsonValue] = Field(description="as typed; no floating numbers")
    points: tuple[UUID, ...]
    replaces: UUID | None = Field(default=None, description="an accepted report, once this one is accepted")
    by: UUID


class ReportChanged(ReportFact):
    """The document as a whole after the change."""

    type: ClassVar[str] = "report.changed.v1"
    document: dict[str, JsonValue] = Field(description="as typed; no floating numbers")
    points: tuple[UUID, ...]
    by: UUID


class ReportFileAttached(ReportFact):
    """The report itself as a file, in place of one that was attached before."""

    type: ClassVar[str] = "report.file_attached.v1"
    file: FileRef
    by: UUID


class ReportOriginalAttached(ReportFact):
    type: ClassVar[str] = "report.original_attached.v1"
    original: OriginalRecord
    by: UUID


class ReportOriginalRemoved(ReportFact):
    """It was attached by mistake. The file stays stored, and this history names it."""

    type: ClassVar[str] = "report.original_removed.v1"
    original_id: UUID
    reason: str
    by: UUID


class ReportSubmissionFact(ReportFact):
    """What is handed in, the first time or again."""

    round: int = Round
    version: int = Field(
        ge=1, description="of the report's stream: document and files are those of this version"
    )
    number: str = Field(description="报告编号")
    document_sha256: str = Field(pattern="^[0-9a-f]{64}$", description="of the document's canonical JSON")
    prints: tuple[PairsPrint, ...] = ()


class ReportSubmitted(ReportSubmissionFact):
    """The operator hands the report in, as its stream stands at `version`. The check follows by itself."""

    type: ClassVar[str] = "report.submitted.v1"
    by: UUID
    submitted_at: Moment


class ReportResubmitted(ReportSubmissionFact):
    """After a return; what the report claimed before, it claims anew."""

    type: ClassVar[str] = "report.resubmitted.v1"
    answer: str = Field(description="to the reasons of the return")
    by: UUID
    submitted_at: Moment


class ReportVerdictFact(ReportFact):
    """What a check has come to: the verdict of the rules, and what other knowledge adds to it."""

    round: int = Round
    catalogue_version: str
    catalogue_sha256: str = Sha256
    result: ReportResult
    blocking: bool = Field(description="keeps the report from being accepted")
    verdict: dict[str, JsonValue] = Field(
        description="of docs/contracts-reports.md; of the document with `exemptions`"
    )
    findings: tuple[ReportFinding, ...] = ()
    exemptions: tuple[AppliedExemption, ...] = ()


class ReportChecked(ReportVerdictFact):
    """The first verdict on a submission; it follows by itself."""

    type: ClassVar[str] = "report.checked.v1"
    checked_at: Moment


class ReportReevaluated(ReportVerdictFact):
    """Somebody had the submission judged anew. This verdict stands beside the earlier ones."""

    type: ClassVar[str] = "report.reevaluated.v1"
    reason: str
    by: UUID
    reevaluated_at: Moment


class ReportAccepted(ReportFact):
    type: ClassVar[str] = "report.accepted.v1"
    round: int = Round
    remark: str | None = None
    replaces: UUID | None = Field(default=None, description="the report that this one takes the place of")
    by: UUID
    accepted_at: Moment


class ReportReturned(ReportFact):
    type: ClassVar[str] = "report.returned.v1"
    round: int = Round
    reasons: tuple[ReturnReason, ...]
    by: UUID
    returned_at: Moment


class ReportWithdrawn(ReportFact):
    """The operator takes it back before it is accepted. Its number may be used again."""

    type: ClassVar[str] = "report.withdrawn.v1"
    reason: str
    by: UUID
    withdrawn_at: Moment


class ReportSuperseded(ReportFact):
    """Another report of the operator has taken its place; it was accepted and stays to be read."""

    type: ClassVar[str] = "report.superseded.v1"
    superseded_by: UUID


class ExemptionFact(ReportsFact):
    exemption_id: UUID


class ExemptionGranted(ExemptionFact):
    """规则豁免: a regulator exempts an enterprise, a point, a factor or one report from a rule, for a time."""

    type: ClassVar[str] = "exemption.granted.v1"
    rule: str
    point_id: UUID | None = Field(default=None, description="null: every point of the enterprise")
    factor: str | None = Field(default=None, description="null: every factor of the rule")
    report_id: UUID | None = Field(default=None, description="null: every report")
    first_day: date
    last_day: date
    reason_code: str
    text: str
    document_number: str | None = Field(default=None, description="文号 of what it rests on")
    by: UUID


class ExemptionEnded(ExemptionFact):
    """It ends before its last day. Reports checked while it held keep their verdicts."""

    type: ClassVar[str] = "exemption.ended.v1"
    last_day: date = Field(description="the last day on which it holds")
    reason: str
    by: UUID
