"""The responses about reports and exemptions."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from qingyuan_events.parts import FileRef
from qingyuan_events.registry import Medium
from qingyuan_events.reports import (
    AppliedExemption,
    OriginalRecord,
    ReportFinding,
    ReportResult,
    ReturnReason,
)

from views.shared.response_models import Items, NumberedPage, Parties

ReportState = Literal["draft", "submitted", "checked", "returned", "accepted", "superseded", "withdrawn"]
ExemptionState = Literal["upcoming", "holds", "over"]
DocType = Literal[
    "commissioning",
    "acceptance",
    "verification",
    "supervisory_comparison",
    "sample_comparison",
    "trueness_check",
    "flow_comparison",
    "quality_control",
]
Outcome = Literal["pass", "fail", "review", "missing_data", "not_judged", "exempted"]


class ReportPoint(BaseModel):
    """`medium` is null where the point is not known yet."""

    id: UUID
    name: str
    code: str
    medium: Medium | None
    voided: bool


class Performed(BaseModel):
    """As typed."""

    model_config = ConfigDict(serialize_by_alias=True)

    since: str | None = Field(alias="from")
    to: str | None


class ReportRow(Parties):
    """What was handed in last; before that, the draft, whose texts may be anything. Accounts are ids."""

    id: UUID
    version: int
    state: ReportState
    round: int
    number: str | None
    doc_type: str | None
    basis: str | None
    conclusion: str | None
    performed: Performed | None
    first_day: date | None
    last_day: date | None
    district: str
    points: list[ReportPoint]
    factors: list[str]
    result: ReportResult | None = Field(description="of the last verdict on the last submission")
    blocking: bool | None
    failing: list[str] = Field(
        description="rules with a fail or a review that is no note, blocking ones first, at most 10"
    )
    warnings: int
    notes: int
    submitted_at: datetime | None
    submitted_by: UUID | None
    decided_at: datetime | None
    decided_by: UUID | None
    changed_at: datetime
    changed_since: bool = Field(
        description="by its operator after the last submission; for others always false"
    )


class ReportPage(NumberedPage[ReportRow]):
    pass


class ReportDraft(BaseModel):
    document: dict[str, JsonValue]
    file: FileRef | None
    originals: list[OriginalRecord]


class GivenVerdict(BaseModel):
    """`verdict`, `findings` and `exemptions` as in docs/contracts-reports.md."""

    version: int
    what: Literal["checked", "reevaluated"]
    at: datetime
    by: UUID | None
    reason: str | None
    catalogue_version: str
    catalogue_sha256: str
    result: ReportResult
    blocking: bool
    verdict: dict[str, JsonValue]
    findings: list[ReportFinding]
    exemptions: list[AppliedExemption]


class ReportReview(BaseModel):
    what: Literal["accepted", "returned"]
    at: datetime
    by: UUID
    remark: str | None
    reasons: list[ReturnReason]


class ReportRound(ReportDraft):
    """One submission, with the verdicts on it (oldest first) and its review."""

    round: int
    version: int
    number: str
    document_sha256: str
    by: UUID
    submitted_at: datetime
    answer: str | None
    verdicts: list[GivenVerdict]
    review: ReportReview | None


class ReportStep(BaseModel):
    what: str = Field(description="the last word of the fact's type")
    at: datetime
    by: UUID | None
    round: int | None
    text: str | None


class ReportInstrument(BaseModel):
    id: UUID
    kind: str | None
    factor: str | None
    serial_number: str | None
    name: str
    model: str
    voided: bool


class NamedReport(BaseModel):
    id: UUID
    number: str | None


class ExemptionRow(BaseModel):
    """`point`, `factor` and `report` are null where they do not narrow it."""

    id: UUID
    version: int
    rule: str
    title: str
    standard: str
    enterprise_id: UUID
    enterprise_name: str
    district: str
    point: ReportPoint | None
    factor: str | None
    report: NamedReport | None
    first_day: date
    last_day: date
    state: ExemptionState
    reason_code: str
    reason: str = Field(description="the text of the code")
    text: str
    document_number: str | None
    granted_at: datetime
    granted_by: UUID
    ended_at: datetime | None
    ended_by: UUID | None
    end_reason: str | None
    applied: int = Field(description="reports that one may see, whose last verdict was told of it")


class ExemptionPage(NumberedPage[ExemptionRow]):
    pass


class Report(ReportRow):
    draft: ReportDraft | None = Field(description="for its operator, while it may be changed")
    rounds: list[ReportRound] = Field(description="oldest first")
    steps: list[ReportStep] = Field(description="oldest first")
    instruments: list[ReportInstrument] = Field(description="those that the documents name")
    exemptions: list[ExemptionRow] = Field(description="that hold for it on the first day of its work")
    replaces: NamedReport | None
    superseded_by: NamedReport | None


class Figure(BaseModel):
    value: str
    shown: str
    unit: str
    formula: str


class JudgedBefore(BaseModel):
    rule: str
    title: str
    clause: str
    quantity: str
    value: str | None
    shown: str | None
    unit: str | None
    comparison: str
    limit: str | None
    result: ReportResult
    severity: str
    near_limit: bool


class TrendPlace(BaseModel):
    """What the last verdict on one report says of the instrument."""

    id: UUID
    number: str | None
    operator_id: UUID
    operator_name: str
    doc_type: str | None
    basis: str | None
    state: ReportState
    first_day: date
    at: str
    unit: str
    result: ReportResult
    blocking: bool
    concluded: str | None
    figures: dict[str, Figure]
    rules: list[JudgedBefore]


class Trend(BaseModel):
    """`by`: whether the reports have the instrument in common, or point and factor where the report names none."""

    at: str
    point_id: UUID
    point_name: str
    factor: str
    name: str
    unit: str
    by: Literal["instrument", "point"]
    instrument: ReportInstrument | None
    reports: list[TrendPlace] = Field(description="oldest first, the asked one too")


class Trends(Items[Trend]):
    pass


class RuleResults(BaseModel):
    """Every number counts reports; one with several outcomes of a rule is counted at each."""

    rule: str
    title: str
    standard: str
    edition: str
    clause: str
    confidence: str
    severity: str = Field(description="the rule's own, of which judgements may have a lower one")
    reports: int
    outcomes: dict[Outcome, int]
    blocking: int
    near_limit: int


class Results(Items[RuleResults]):
    reports: int = Field(description="that fit the filters and have a verdict")
    results: dict[ReportResult, int]
