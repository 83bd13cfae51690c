"""The responses about an operator's information for its credit evaluation."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field
from qingyuan_events.filing import AnnualEntry, DocumentKind, TrainingPlan
from qingyuan_events.parts import FileRef


class FiledDocument(BaseModel):
    id: UUID
    version: int
    kind: DocumentKind
    title: str
    edition: str
    valid_from: date
    filed_at: datetime
    points: list[UUID]
    file: FileRef


class PointCoverage(BaseModel):
    """A point of a contract that runs today; `missing`: the kinds of document that it has none of in force."""

    point_id: UUID
    point_name: str
    point_code: str
    enterprise_id: UUID
    enterprise_name: str
    missing: list[DocumentKind]


class DailyInformation(BaseModel):
    documents: list[FiledDocument]
    points: list[PointCoverage]


class RecordedEntry(BaseModel):
    entry: AnnualEntry
    late: bool
    recorded_at: datetime


class AnnualInformation(BaseModel):
    """`late`: after the year's close. `years`: those that have information, the newest first."""

    year: int
    version: int
    plan: TrainingPlan | None
    plan_late: bool
    closed: bool
    entries: list[RecordedEntry]
    years: list[int] = Field(default_factory=list)
