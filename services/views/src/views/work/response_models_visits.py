"""The responses about visits."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field
from qingyuan_events.filing import PaperKind
from qingyuan_events.parts import Moment, Photo
from qingyuan_events.tasks import (
    BackfillV2,
    Finding,
    Obstruction,
    SheetRevisionV3,
    SignIn,
    SignOutV2,
    UsedDevice,
)

from views.confirmations.response_models import Confirmation, ConfirmationState
from views.register.response_models import InstrumentKind
from views.shared.response_models import AtPoint, NumberedPage, OperatorFiling
from views.work.filing_marks import FilingMark
from views.work.visits import Aborted, Opened, Stated

VisitState = Literal["open", "complete", "aborted"]
Mark = Literal[
    "outside_fence",
    "no_fix",
    "no_location",
    "poor_accuracy",
    "clock_skew",
    "received_late",
    "implausible_travel",
    "empty",
]


class VisitSummary(AtPoint):
    id: UUID
    version: int
    day: date
    state: VisitState
    outlet_id: UUID
    district: str
    by: UUID
    contents: list[str]
    marks: list[Mark]
    filing_marks: list[FilingMark] = Field(description="what filings say against it, as known now")
    operator_filing: OperatorFiling = Field(description="on the day of the work")
    backfilled: bool
    obstructed: bool
    conflict: bool
    sign_in_at: datetime | None
    sign_out_at: datetime | None
    distance_m: Decimal | None


class VisitConfirmation(BaseModel):
    id: UUID
    state: ConfirmationState
    due_at: datetime
    signed_at: datetime | None
    late: bool | None


class VisitRow(VisitSummary):
    """A visit in a list, with the numbers of its sheets and photographs."""

    sheets: int
    photos: int
    technician: str = Field(description="the name of `by`; empty where it is not known at present")
    confirmation: VisitConfirmation | None


class VisitPage(NumberedPage[VisitRow]):
    pass


class Sheet(BaseModel):
    """`heads` are the revisions that none supersedes; more than one is a conflict."""

    sheet_id: UUID
    form: str
    form_version: int
    content: str
    heads: list[SheetRevisionV3]
    revisions: list[SheetRevisionV3]


class VisitInstrument(BaseModel):
    """An instrument that a sheet names, as of the day of the visit; of a signed one, as known when it was signed."""

    id: UUID
    kind: InstrumentKind
    factor: str | None
    name: str = Field(description="its own, else what an instrument for its factor is called")
    model: str
    serial_number: str | None
    voided: bool = Field(description="it was registered by mistake; what its sheets say stays")


class HeldPaper(BaseModel):
    """A filed paper. `valid_to` is the last day; from `revoked_from` on it does not hold."""

    paper_id: UUID
    kind: PaperKind
    number: str | None
    valid_from: date | None
    valid_to: date | None
    revoked_from: date | None


class VisitCertificate(BaseModel):
    """A person of the visit and the certificate for the day: the evidence of the mark, if there is one."""

    account: UUID
    mark: Literal["certificate_missing", "not_filed_person"] | None
    paper: HeldPaper | None
    relied: bool = Field(description="the paper was filed for the day, and was revoked or corrected since")


class VisitDevice(UsedDevice):
    """A device that the visit names, and its verification or calibration for the day: the evidence of the mark, if there is one."""

    mark: Literal["calibration_missing"] | None
    paper: HeldPaper | None = Field(
        description="null where it is not filed, or the operator was not filed on the day"
    )
    relied: bool = Field(description="the paper was filed for the day, and was revoked or corrected since")


class VisitFinding(Finding):
    """What is noticed about a sheet only beside the rest of the visit or the register; it is not part of what is signed."""

    sheet_id: UUID
    title: str


class VisitPhoto(Photo):
    by: UUID
    received_at: Moment


class SignedContent(BaseModel):
    """The canonical text that is signed, and its hash."""

    text: str
    sha256: str


class Visit(VisitSummary):
    opened: Opened | None
    sign_in: SignIn | None
    sign_out: SignOutV2 | None
    sheets: list[Sheet]
    instruments: list[VisitInstrument]
    certificates: list[VisitCertificate] = Field(
        description="of its people; empty where the operator was not filed on the day"
    )
    devices: list[VisitDevice] = Field(description="those that the signing-out names")
    findings: list[VisitFinding]
    photos: list[VisitPhoto]
    backfill: BackfillV2 | None
    obstruction: Obstruction | None
    aborted: Aborted | None
    completed: Stated | None
    amendments: list[Stated]
    content: SignedContent | None
    confirmation: Confirmation | None
