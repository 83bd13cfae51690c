"""What an operator files: its basics, its people, devices, vehicles and spare parts, and the papers that prove them.

Field sets follow section 2 of the operating guide for operators (attachment 2, 2023-10-12). Names of people are not here:
they are personal data, and a fact holds them encrypted.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from qingyuan_events.parts import FileRef, Part

BusinessScope = Literal["wastewater", "flue_gas", "voc", "other"]
Education = Literal["secondary", "college", "bachelor", "master", "doctor", "other"]
TechnicalPost = Literal["maintenance", "technical_head", "quality_head", "quality_supervisor", "other"]
PaperKind = Literal["competence_certificate", "verification", "calibration", "vehicle_licence", "lease"]
Ownership = Literal["owned", "leased"]
SparePartKind = Literal["spare_part", "special_equipment"]
ResourceKind = Literal["person", "device", "vehicle", "spare_part"]


class FilingBasics(Part):
    """备案基本信息. Files are null in a draft; it cannot be submitted without them."""

    name: str = Field(description="full name, with Chinese brackets")
    uscc: str = Field(description="unified social credit code, GB 32100-2015, 18 characters")
    registered_in: str = Field(description="province of registration, GB/T 2260, six digits")
    registered_capital: Decimal = Field(description="万元")
    address: str
    scope: tuple[BusinessScope, ...]
    scope_other: str | None = Field(default=None, description="what `other` in the scope stands for")
    projects: int = Field(description="running projects, as the operator declares them")
    project_amount: Decimal = Field(description="their amount as declared, 万元")
    staff: int
    business_licence: FileRef | None = None
    workplace_proof: FileRef | None = None


class Paper(Part):
    """A certificate, verification, calibration, driving licence or lease, with its period of validity.

    Its id is the same in every version of the resource, so that a review, a reminder or a revocation can name it.
    """

    paper_id: UUID
    kind: PaperKind
    number: str | None = None
    issuer: str | None = Field(default=None, description="issuing authority; of a lease, the lessor")
    grade: str | None = Field(default=None, description="class of a competence certificate, as printed on it")
    holder: str | None = Field(default=None, description="of a lease, the lessee as the lease names it")
    valid_from: date | None = None
    valid_to: date | None = Field(default=None, description="the last day, included")
    scan: FileRef | None = Field(default=None, description="null in a draft")


def renewed(papers: tuple[Paper, ...], paper: Paper, replaces: UUID | None) -> tuple[Paper, ...]:
    """The papers of a resource after one was renewed: the new one last, without the one that it replaces."""
    return (*(kept for kept in papers if kept.paper_id != replaces), paper)


class PersonParticulars(Part):
    kind: Literal["person"] = "person"
    education: Education | None = None
    post: str = Field(description="岗位")
    title: str | None = Field(default=None, description="职称")
    technical_posts: tuple[TechnicalPost, ...]
    joined_on: date
    account_id: UUID | None = Field(default=None, description="the account that is this person")
    papers: tuple[Paper, ...] = ()


class DeviceParticulars(Part):
    kind: Literal["device"] = "device"
    asset_number: str
    serial_number: str
    name: str
    model: str
    measures: str | None = Field(default=None, description="what it measures")
    papers: tuple[Paper, ...] = ()


class VehicleParticulars(Part):
    kind: Literal["vehicle"] = "vehicle"
    plate: str = Field(description="GA 36, new-energy plates included")
    ownership: Ownership
    papers: tuple[Paper, ...] = ()


class SparePartParticulars(Part):
    kind: Literal["spare_part"] = "spare_part"
    category: SparePartKind
    name: str
    model: str | None = None
    number: str | None = None
    quantity: Decimal
    value: Decimal = Field(description="of the whole quantity, 元")
    place: str
    papers: tuple[Paper, ...] = ()


ResourceParticulars = Annotated[
    PersonParticulars | DeviceParticulars | VehicleParticulars | SparePartParticulars,
    Field(discriminator="kind"),
]


class ResourceVersion(Part):
    """A resource as it stood at one version of its stream."""

    resource_id: UUID
    kind: ResourceKind
    version: int = Field(ge=1)


class Remark(Part):
    """What a reviewer returns: a field of the basics (no resource), or a field or paper of a resource."""

    resource_id: UUID | None = None
    field: str = Field(description="dotted name, as in the particulars; empty for the whole")
    reason: str = Field(description="code of a reason in the dated list of reasons")
    text: str | None = None
