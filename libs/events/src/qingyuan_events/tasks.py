"""Events of the tasks service: contracts, plans, and the visits that carry them out.

Facts of a visit come from phones with poor signal, so they may be recorded in any order; the resulting state is the same.
Everything from a phone has two times: `claimed_at` by the phone's clock, `received_at` by the server's.
Measured numbers are decimal strings; dates are days in Asia/Shanghai.
The classes of the modules for contracts, plans and record sheets are exported here.
"""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from qingyuan_events.contracts import ContractConfirmed as ContractConfirmed
from qingyuan_events.contracts import ContractDeclined as ContractDeclined
from qingyuan_events.contracts import ContractEnded as ContractEnded
from qingyuan_events.contracts import ContractParticulars as ContractParticulars
from qingyuan_events.contracts import ContractReminded as ContractReminded
from qingyuan_events.contracts import ContractSubmission as ContractSubmission
from qingyuan_events.contracts import ContractSubmitted as ContractSubmitted
from qingyuan_events.contracts import ContractSubmittedV2 as ContractSubmittedV2
from qingyuan_events.contracts import ContractSubmittedV3 as ContractSubmittedV3
from qingyuan_events.contracts import ContractSupplemented as ContractSupplemented
from qingyuan_events.contracts import ContractTerms as ContractTerms
from qingyuan_events.parts import Fix, Moment, Part, Photo, Signature
from qingyuan_events.plans import Assignee as Assignee
from qingyuan_events.plans import AssigneeV2 as AssigneeV2
from qingyuan_events.plans import Device as Device
from qingyuan_events.plans import DeviceV2 as DeviceV2
from qingyuan_events.plans import PaperGap as PaperGap
from qingyuan_events.plans import PlanCrewChanged as PlanCrewChanged
from qingyuan_events.plans import PlanCrewChangedV2 as PlanCrewChangedV2
from qingyuan_events.plans import PlanItem as PlanItem
from qingyuan_events.plans import PlanPublished as PlanPublished
from qingyuan_events.plans import PlanPublishedV2 as PlanPublishedV2
from qingyuan_events.plans import PlanStopped as PlanStopped
from qingyuan_events.plans import Window as Window
from qingyuan_events.sheets import Finding as Finding
from qingyuan_events.sheets import SheetRevision as SheetRevision
from qingyuan_events.sheets import SheetRevisionV2 as SheetRevisionV2
from qingyuan_events.sheets import SheetRevisionV3 as SheetRevisionV3
from qingyuan_events.sheets import TakenFromRegister as TakenFromRegister
from qingyuan_events.sheets import Used as Used
from qingyuan_events.tasks_topic import TasksFact as TasksFact

Mark = Literal["outside_fence", "no_fix", "no_location", "poor_accuracy", "clock_skew", "received_late"]
"""A circumstance of a claimed place or time. A mark refuses nothing and judges nobody: it is shown with its figures."""

BackfillClass = Literal["safety", "secrecy", "signal", "other"]


# Visits


class CycleRef(Part):
    """The window of a plan that a visit is for; `item` is the item's index in the plan, counted from 0."""

    plan_id: UUID
    item: int = Field(ge=0)
    number: int = Field(ge=1)


class Judged(Part):
    """The server's evaluation of a claimed place and time, with the limits it used."""

    distance_m: Decimal | None = Field(default=None, description="from the fix to the point, metres")
    radius_m: Decimal = Field(description="the fence it was judged by, metres")
    marks: tuple[Mark, ...] = ()


class SignIn(Part):
    by: UUID = Field(description="account")
    companions: tuple[UUID, ...] = Field(default=(), description="accounts of who came along")
    claimed_at: Moment
    received_at: Moment
    fix: Fix | None = None
    judged: Judged


class SignOut(Part):
    """The technician declares that the work is done, and which sheets and photographs belong to it."""

    by: UUID
    claimed_at: Moment
    received_at: Moment
    fix: Fix | None = None
    judged: Judged
    sheets: tuple[UUID, ...] = Field(description="revision ids")
    photos: tuple[UUID, ...] = Field(description="photo ids")
    signature: Signature


class UsedDevice(Part):
    """A measuring device that the operator used at a visit, as the technician's phone had it from the plan."""

    name: str
    serial_number: str
    resource_id: UUID | None = Field(
        default=None, description="the filed device; null: not filed, typed in the plan"
    )
    version: int | None = Field(default=None, ge=1, description="the filed version that the phone had")


class SignOutV2(SignOut):
    """As before; in addition the devices that were used.

    None where none is named: the canonical text of a visit omits None, so a signing-out of version 1 keeps its hash.
    """

    devices: tuple[UsedDevice, ...] | None = None


class Backfill(Part):
    """补录: why the visit was recorded later than the work."""

    reason_class: BackfillClass
    explanation: str
    by: UUID
    claimed_at: Moment
    received_at: Moment


class BackfillV2(Backfill):
    """As before; in addition the real times of the work, as the person states them.

    None where they were not asked for: the canonical text of a visit omits None, so a back-fill of version 1 keeps its hash.
    """

    arrived_at: Moment | None = Field(default=None, description="when the work began on site")
    left_at: Moment | None = Field(default=None, description="when the site was left")


class Obstruction(Part):
    """阻挠: the enterprise kept the technician from the work."""

    what: str
    by: UUID
    claimed_at: Moment
    received_at: Moment


class VisitFact(TasksFact):
    visit_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    outlet_id: UUID
    point_id: UUID
    district: str


class VisitOpened(VisitFact):
    type: ClassVar[str] = "visit.opened.v1"
    contract_id: UUID | None = None
    cycles: tuple[CycleRef, ...] = ()
    by: UUID
    claimed_at: Moment
    received_at: Moment


class VisitSignedIn(VisitFact):
    type: ClassVar[str] = "visit.signed_in.v1"
    sign_in: SignIn


class VisitSheetRecorded(VisitFact):
    """A record sheet was filled in, or changed before the visit was complete."""

    type: ClassVar[str] = "visit.sheet_recorded.v1"
    sheet: SheetRevision


class VisitSheetCorrected(VisitFact):
    """A sheet of a complete visit was corrected, with a reason. The signed revision stays readable."""

    type: ClassVar[str] = "visit.sheet_corrected.v1"
    sheet: SheetRevision


class VisitSheetRecordedV2(VisitFact):
    """As version 1; in addition the sheet says which fields were filled by group."""

    type: ClassVar[str] = "visit.sheet_recorded.v2"
    sheet: SheetRevisionV2


class VisitSheetCorrectedV2(VisitFact):
    """As version 1; in addition the sheet says which fields were filled by group."""

    type: ClassVar[str] = "visit.sheet_corrected.v2"
    sheet: SheetRevisionV2


class VisitSheetRecordedV3(VisitFact):
    """As version 2; in addition the sheet says what the register gave, and in how many seconds it was filled."""

    type: ClassVar[str] = "visit.sheet_recorded.v3"
    sheet: SheetRevisionV3


class VisitSheetCorrectedV3(VisitFact):
    """As version 2; in addition the sheet says what the register gave, and in how many seconds it was filled."""

    type: ClassVar[str] = "visit.sheet_corrected.v3"
    sheet: SheetRevisionV3


class VisitPhotoAdded(VisitFact):
    type: ClassVar[str] = "visit.photo_added.v1"
    photo: Photo
    by: UUID
    received_at: Moment


class VisitSignedOut(VisitFact):
    type: ClassVar[str] = "visit.signed_out.v1"
    sign_out: SignOut


class VisitSignedOutV2(VisitFact):
    """As version 1; in addition the devices that were used."""

    type: ClassVar[str] = "visit.signed_out.v2"
    sign_out: SignOutV2


class VisitBackfilled(VisitFact):
    type: ClassVar[str] = "visit.backfilled.v1"
    backfill: Backfill


class VisitBackfilledV2(VisitFact):
    """As version 1; in addition the real times of arrival and departure."""

    type: ClassVar[str] = "visit.backfilled.v2"
    backfill: BackfillV2


class VisitObstructed(VisitFact):
    type: ClassVar[str] = "visit.obstructed.v1"
    obstruction: Obstruction


class VisitAborted(VisitFact):
    """The visit ended without its work; the enterprise need not confirm it."""

    type: ClassVar[str] = "visit.aborted.v1"
    reason: str
    by: UUID
    claimed_at: Moment
    received_at: Moment


class VisitCompleted(VisitFact):
    """Signed in and signed out, and all sheets and photographs named at sign-out have been received."""

    type: ClassVar[str] = "visit.completed.v1"
    day: date = Field(description="the legal day of the signing-out as claimed")
    contents: tuple[str, ...]
    content_sha256: str = Field(description="of the canonical content, see qingyuan_events.content")


class VisitAmended(VisitFact):
    """The content of a complete visit changed by a correction, or by something received afterwards."""

    type: ClassVar[str] = "visit.amended.v1"
    contents: tuple[str, ...]
    content_sha256: str
    cause: Literal["sheet_corrected", "added_later"]
