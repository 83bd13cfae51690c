"""Values in the facts of the reports service: original records, marks of copied pairs, findings, reasons."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from qingyuan_events.parts import FileRef, Part

ReportResult = Literal["pass", "fail", "review", "not_judged", "missing_data"]
ReportFindingCode = Literal["pairs.in-earlier-report", "instrument.not-installed", "instrument.unnamed"]


class OriginalRecord(Part):
    """相关原始记录: one of the records that the report rests on."""

    original_id: UUID
    title: str
    file: FileRef


class PairsPrint(Part):
    """What the counted pairs of a factor are known by: reports with one hash have the same pairs, in whatever order."""

    at: str = Field(description="JSON pointer to the factor in the document")
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class EarlierPairs(Part):
    """A factor of an earlier report that has the same pairs."""

    report_id: UUID
    at: str = Field(description="JSON pointer into that report's document")


class ReportFinding(Part):
    """What the check has found with knowledge beyond the document. It never keeps a report from being accepted."""

    code: ReportFindingCode
    severity: Literal["warning", "note"]
    at: str = Field(description="JSON pointer into the document")
    earlier: tuple[EarlierPairs, ...] = ()
    sentence: str


class AppliedExemption(Part):
    """An exemption as it was told to the rules when the report was checked, with its id for the reason."""

    exemption_id: UUID
    rule: str
    point_id: UUID | None = None
    factor: str | None = None
    first_day: date
    last_day: date


class ReturnReason(Part):
    """Why a report is returned: because of a rule's judgement or a finding of the last verdict, or of the whole."""

    code: str | None = Field(default=None, description="rule or finding; null: the report as a whole")
    at: str = Field(default="", description="JSON pointer into the document, as in the verdict")
    text: str
