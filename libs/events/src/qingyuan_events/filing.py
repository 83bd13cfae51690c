"""Events of the filing service: an operator's filing (备案), its reviews, and the resources that it files.

A filing has the id of its operator. What is filed is what the last `filing.filed` fact names: the basics and each
resource at the versions that passed. Later versions are drafts until they pass, too. Dates are days in Asia/Shanghai.
The classes of `filing_parts` and `credit_information` are exported here.
"""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from qingyuan_events.credit_information import AnnualEntry as AnnualEntry
from qingyuan_events.credit_information import AnnualEntryRecorded as AnnualEntryRecorded
from qingyuan_events.credit_information import AnnualEntryWithdrawn as AnnualEntryWithdrawn
from qingyuan_events.credit_information import AnnualFact as AnnualFact
from qingyuan_events.credit_information import AnnualInformationClosed as AnnualInformationClosed
from qingyuan_events.credit_information import AnnualPlanFiled as AnnualPlanFiled
from qingyuan_events.credit_information import CreditDocument as CreditDocument
from qingyuan_events.credit_information import CreditDocumentFiled as CreditDocumentFiled
from qingyuan_events.credit_information import CreditDocumentReplaced as CreditDocumentReplaced
from qingyuan_events.credit_information import CreditDocumentWithdrawn as CreditDocumentWithdrawn
from qingyuan_events.credit_information import DocumentKind as DocumentKind
from qingyuan_events.credit_information import EntryKind as EntryKind
from qingyuan_events.credit_information import TrainingPlan as TrainingPlan
from qingyuan_events.filing_parts import BusinessScope as BusinessScope
from qingyuan_events.filing_parts import DeviceParticulars as DeviceParticulars
from qingyuan_events.filing_parts import Education as Education
from qingyuan_events.filing_parts import FilingBasics as FilingBasics
from qingyuan_events.filing_parts import Paper as Paper
from qingyuan_events.filing_parts import PaperKind as PaperKind
from qingyuan_events.filing_parts import PersonParticulars as PersonParticulars
from qingyuan_events.filing_parts import Remark as Remark
from qingyuan_events.filing_parts import ResourceKind as ResourceKind
from qingyuan_events.filing_parts import ResourceParticulars as ResourceParticulars
from qingyuan_events.filing_parts import ResourceVersion as ResourceVersion
from qingyuan_events.filing_parts import SparePartParticulars as SparePartParticulars
from qingyuan_events.filing_parts import TechnicalPost as TechnicalPost
from qingyuan_events.filing_parts import VehicleParticulars as VehicleParticulars
from qingyuan_events.filing_parts import renewed as renewed
from qingyuan_events.filing_topic import FilingFact as FilingFact
from qingyuan_events.parts import CertificateProof, Factor, Moment, Signature
from qingyuan_events.personal import Personal

# The filing


class FilingBegun(FilingFact):
    type: ClassVar[str] = "filing.begun.v1"
    name: str = Field(description="of the operator, as accounts knows it")


class FilingBasicsChanged(FilingFact):
    """The first one fills the draft; later ones are changes, filed only when they have passed a review."""

    type: ClassVar[str] = "filing.basics_changed.v1"
    basics: FilingBasics
    legal_representative: Personal | None = Field(default=None, description="null: as before")
    contact: Personal | None = Field(default=None, description="null: as before")
    changed_on: date = Field(description="day since which it is so")


class FilingUndertakingGiven(FilingFact):
    """书面承诺: somebody of the operator has signed the undertaking, with the password once more."""

    type: ClassVar[str] = "filing.undertaking_given.v1"
    edition: str = Field(description="of the text, as the dated setting names it")
    text: str
    text_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    signature: Signature
    second_factor: Literal["password"]
    by: UUID
    not_before: Moment = Field(description="the server's own word from before the signature: it is not older")
    given_at: Moment = Field(description="received by the server")


class FilingUndertakingGivenV2(FilingFact):
    """书面承诺: somebody of the operator has signed the undertaking, with a second factor. Version 1 knew the password only."""

    type: ClassVar[str] = "filing.undertaking_given.v2"
    edition: str = Field(description="of the text, as the dated setting names it")
    text: str
    text_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    signature: Signature
    second_factor: Factor
    certificate: CertificateProof | None = Field(
        default=None, description="where the second factor is a certificate"
    )
    by: UUID
    not_before: Moment = Field(description="the server's own word from before the signature: it is not older")
    given_at: Moment = Field(description="received by the server")


class FilingSubmitted(FilingFact):
    """The operator hands in what is new or changed since the last review that it passed."""

    type: ClassVar[str] = "filing.submitted.v1"
    number: int = Field(ge=1, description="of the submission, counted from 1")
    basics_version: int | None = Field(
        default=None, description="version of the filing's stream; null where they are unchanged"
    )
    resources: tuple[ResourceVersion, ...]
    late: bool = Field(description="a change in it was reported after its term")


class FilingWithdrawn(FilingFact):
    """The operator takes a submission back before it is decided."""

    type: ClassVar[str] = "filing.withdrawn.v1"
    number: int


class FilingReviewOpened(FilingFact):
    """A reviewer has opened the submission. Recorded once for each reviewer at each of the two reviews."""

    type: ClassVar[str] = "filing.review_opened.v1"
    number: int
    by: UUID = Field(description="account")


class FilingFirstReviewPassed(FilingFact):
    """The basics of the submission are accepted; its resources go to the second review."""

    type: ClassVar[str] = "filing.first_review_passed.v1"
    number: int
    by: UUID


class FilingFirstReviewReturned(FilingFact):
    type: ClassVar[str] = "filing.first_review_returned.v1"
    number: int
    by: UUID
    remarks: tuple[Remark, ...]


class FilingSecondReviewPassed(FilingFact):
    type: ClassVar[str] = "filing.second_review_passed.v1"
    number: int
    by: UUID


class FilingSecondReviewReturned(FilingFact):
    """`passed`: the resources that need no second look; the next submission has only what changed after them."""

    type: ClassVar[str] = "filing.second_review_returned.v1"
    number: int
    by: UUID
    remarks: tuple[Remark, ...]
    passed: tuple[ResourceVersion, ...]


class Filed(FilingFact):
    """已备案: these basics and resources stand from now on, together with those of earlier `filing.filed` facts."""

    type: ClassVar[str] = "filing.filed.v1"
    number: int
    basics_version: int | None = Field(default=None, description="null: those filed before stand")
    resources: tuple[ResourceVersion, ...]
    filed_on: date


class FilingChangeOverdue(FilingFact):
    """A change was not handed in within its term."""

    type: ClassVar[str] = "filing.change_overdue.v1"
    resource_id: UUID | None = Field(default=None, description="null: the basics")
    version: int = Field(description="of the stream that was changed")
    changed_on: date
    last_day: date = Field(description="the last day of the term")


class FilingLocked(FilingFact):
    """已锁定: the operator has had no business for the term of the rule, or a regulator locked it for another reason."""

    type: ClassVar[str] = "filing.locked.v1"
    reason: str


class FilingReactivationAsked(FilingFact):
    type: ClassVar[str] = "filing.reactivation_asked.v1"
    reason: str


class FilingReactivated(FilingFact):
    type: ClassVar[str] = "filing.reactivated.v1"
    reason: str


class FilingCancelled(FilingFact):
    """The operator gives its filing up, or a regulator revokes it. It may begin another."""

    type: ClassVar[str] = "filing.cancelled.v1"
    revoked: bool = Field(description="by a regulator; false: by its own wish")
    reason: str


class FilingPersonErased(FilingFact):
    """The key of a former legal representative or contact was destroyed, so no copy of the ciphertext can be read any more."""

    type: ClassVar[str] = "filing.person_erased.v1"
    subject: UUID
    reason: str


# People, devices, vehicles, spare parts


class ResourceAdded(FilingFact):
    type: ClassVar[str] = "resource.added.v1"
    resource_id: UUID
    particulars: ResourceParticulars
    person: Personal | None = Field(default=None, description="the name of a person, encrypted")
    changed_on: date


class ResourceCorrected(FilingFact):
    type: ClassVar[str] = "resource.corrected.v1"
    resource_id: UUID
    particulars: ResourceParticulars
    person: Personal | None = Field(default=None, description="null: as before")
    changed_on: date
    reason: str


class ResourcePaperRenewed(FilingFact):
    """A new certificate, calibration, licence or lease, in place of the one named, or beside those that it has."""

    type: ClassVar[str] = "resource.paper_renewed.v1"
    resource_id: UUID
    paper: Paper
    replaces: UUID | None = Field(default=None, description="paper")
    changed_on: date


class ResourcePaperRevoked(FilingFact):
    """A regulator declares a paper void from a day on, perhaps one in the past."""

    type: ClassVar[str] = "resource.paper_revoked.v1"
    resource_id: UUID
    paper_id: UUID
    first_day: date = Field(description="first day on which it does not hold")
    reason: str


class ResourcePaperEnding(FilingFact):
    """A paper ends in so many days, or today."""

    type: ClassVar[str] = "resource.paper_ending.v1"
    resource_id: UUID
    paper_id: UUID
    valid_to: date
    days: int = Field(ge=0, description="the reminder of the rule that this is: so many days before the end")


class ResourceEnded(FilingFact):
    """A person has left; a device, vehicle or part is no longer there."""

    type: ClassVar[str] = "resource.ended.v1"
    resource_id: UUID
    last_day: date = Field(description="the last day on which it was there")
    reason: str


class ResourcePersonErased(FilingFact):
    """The key of the name of a person who has left was destroyed, so no copy of the ciphertext can be read any more."""

    type: ClassVar[str] = "resource.person_erased.v1"
    resource_id: UUID
    subject: UUID
    reason: str
