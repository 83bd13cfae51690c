"""What the reports service answers to questions. Routes return finished JSON; their tests hold it to these models."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, JsonValue
from qingyuan_events.parts import FileRef
from qingyuan_events.reports import (
    OriginalRecord,
    ReportAccepted,
    ReportChecked,
    ReportReevaluated,
    ReportResubmitted,
    ReportReturned,
    ReportSubmitted,
)


class Report(BaseModel):
    """`version`: of its stream, for `If-Match`. `submission`: the last one. Verdicts and reviews are of all rounds, oldest first."""

    report_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    district: str
    version: int
    status: Literal["draft", "submitted", "checked", "returned", "accepted", "superseded", "withdrawn"]
    round: int
    replaces: UUID | None
    superseded_by: UUID | None
    document: dict[str, JsonValue]
    file: FileRef | None
    originals: list[OriginalRecord]
    submission: ReportSubmitted | ReportResubmitted | None
    verdicts: list[ReportChecked | ReportReevaluated]
    reviews: list[ReportAccepted | ReportReturned]


class CodeAndText(BaseModel):
    code: str
    text: str


class RuleTitle(BaseModel):
    rule: str
    title: str
    standard: str


class ReportOptions(BaseModel):
    """`rules`: of the newest catalogue, from which exemptions are granted."""

    catalogue_version: str
    rules: list[RuleTitle]
    exemption_reasons: list[CodeAndText]
