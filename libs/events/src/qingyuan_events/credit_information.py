"""Events of an operator's information for its credit evaluation (运维信用评价信息), published by the filing service.

Daily information are documents about the instruments at monitoring points; annual information is the training plan of a
year and the entries about education, training and supervision. Section 3 of the guide for operators (2023-10-12).
"""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from qingyuan_events.filing_topic import FilingFact
from qingyuan_events.parts import FileRef, Part

DocumentKind = Literal["operating_instructions", "maintenance_requirements", "management_rules"]
EntryKind = Literal["education", "training", "supervision"]


class CreditDocument(Part):
    """One document, for one or many monitoring points."""

    kind: DocumentKind
    title: str
    edition: str = Field(description="as the document itself names its version")
    valid_from: date
    points: tuple[UUID, ...]
    file: FileRef


class CreditDocumentFiled(FilingFact):
    type: ClassVar[str] = "credit_document.filed.v1"
    document_id: UUID
    document: CreditDocument


class CreditDocumentReplaced(FilingFact):
    """A new version of the document, or other points for it. The earlier version stays in the history."""

    type: ClassVar[str] = "credit_document.replaced.v1"
    document_id: UUID
    document: CreditDocument
    reason: str


class CreditDocumentWithdrawn(FilingFact):
    type: ClassVar[str] = "credit_document.withdrawn.v1"
    document_id: UUID
    reason: str


class TrainingPlan(Part):
    title: str
    file: FileRef


class AnnualEntry(Part):
    """Education, training or supervision that took place. `participants` are people that the operator files."""

    entry_id: UUID
    kind: EntryKind
    first_day: date
    last_day: date
    content: str
    hours: Decimal
    participants: tuple[UUID, ...] = Field(default=(), description="resources of the filing")
    files: tuple[FileRef, ...] = Field(default=(), description="certificates, records")


class AnnualFact(FilingFact):
    year: int


class AnnualPlanFiled(AnnualFact):
    """The training plan of the year; a later one takes its place."""

    type: ClassVar[str] = "annual_information.plan_filed.v1"
    plan: TrainingPlan
    late: bool = Field(description="filed after the year's close")


class AnnualEntryRecorded(AnnualFact):
    """A second one with the same entry id corrects the first."""

    type: ClassVar[str] = "annual_information.entry_recorded.v1"
    entry: AnnualEntry
    late: bool = Field(description="recorded after the year's close")


class AnnualEntryWithdrawn(AnnualFact):
    type: ClassVar[str] = "annual_information.entry_withdrawn.v1"
    entry_id: UUID
    reason: str


class AnnualInformationClosed(AnnualFact):
    """The year is closed for the evaluation. What comes later is kept, and marked."""

    type: ClassVar[str] = "annual_information.closed.v1"
    last_day: date = Field(description="the last day on which information was in time")
