"""The responses about contracts, plans, cycles and today's tasks."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue
from qingyuan_events.parts import FileRef, Location
from qingyuan_events.registry import Medium
from qingyuan_events.tasks import AssigneeV2, ContractTerms, DeviceV2, PlanItem

from views.register.response_models import InstrumentKind
from views.shared.response_models import AtPoint, NumberedPage, OperatorFiling, Parties
from views.work.contracts import Supplement, Word
from views.work.plans import Crew

ContractState = Literal["submitted", "confirmed", "declined", "ended"]
CycleState = Literal["open", "done", "missed", "stopped"]


class NamedPoint(BaseModel):
    """Empty, and `medium` null, where the register does not know the point yet."""

    id: UUID
    name: str
    code: str
    medium: Medium | None
    voided: bool = Field(description="it was registered by mistake")


class PlanSummary(Parties):
    id: UUID
    version: int
    name: str
    district: str
    contract_id: UUID
    first_day: date
    last_day: date
    stopped_on: date | None
    contents: list[str]
    published_at: datetime
    operator_filing: OperatorFiling = Field(description="at present")


class PlanRow(PlanSummary):
    points: list[UUID]


class PlanPage(NumberedPage[PlanRow]):
    pass


class PlanCycle(BaseModel):
    """What became of one window of a plan at one point."""

    item: int
    number: int
    stopped: bool
    point_id: UUID
    visit_id: UUID | None
    done_on: date | None


class Plan(PlanSummary):
    contract_number: str | None
    points: list[NamedPoint]
    items: list[PlanItem]
    calendar: str
    assignees: list[AssigneeV2]
    devices: list[DeviceV2]
    crews: list[Crew]
    stop_reason: str | None
    cycles: list[PlanCycle]


class ContractSummary(Parties):
    id: UUID
    version: int
    number: str
    name: str
    state: ContractState
    district: str | None = Field(description="null until the enterprise has confirmed the contract")
    first_day: date
    last_day: date
    ended_on: date | None
    submitted_at: datetime
    reminders: int = Field(description="how often the enterprise was reminded to answer")
    reminded_at: datetime | None
    operator_filing: OperatorFiling = Field(description="at present")


class ContractRow(ContractSummary):
    points: list[UUID]


class ContractPage(NumberedPage[ContractRow]):
    pass


class OverlappingContract(BaseModel):
    """A contract in force that has days and points in common with this one."""

    id: UUID
    number: str
    operator_name: str
    first_day: date
    last_day: date
    points: list[NamedPoint] = Field(
        description="the common points; all of the other contract while this one has none"
    )
    contents: list[str] = Field(description="work that plans of both have at a common point on common days")


class Contract(ContractSummary):
    particulars: ContractTerms
    points: list[NamedPoint]
    files: list[FileRef]
    supplements: list[Supplement]
    words: list[Word] = Field(description="the answers of the enterprise, oldest first")
    reminded: list[datetime]
    replaces: UUID | None = Field(description="the declined contract that had the number before")
    replaced_by: UUID | None = Field(
        description="the contract that has the number now, if the asker may see it"
    )
    replaced: bool = Field(
        description="whether another contract has the number now, even one that the asker may not see"
    )
    proposed: list[UUID] = Field(
        description="points that the operator proposed; empty except in contracts of the event's first version"
    )
    plans: list[PlanRow]
    overlaps: list[OverlappingContract]


class NamedContract(BaseModel):
    id: UUID
    number: str


class WorkByOthers(BaseModel):
    """A visit of another operator that did the work of a window in time; it does not fulfil the window."""

    visit_id: UUID
    day: date
    operator_name: str
    contract: NamedContract | None


class Cycle(AtPoint):
    plan_id: UUID
    item: int
    number: int
    content: str
    state: CycleState
    district: str
    opens: date
    closes: date
    gap_days_max: int | None
    visit_id: UUID | None
    done_on: date | None
    last_done: date | None
    slack_days: int | None = Field(description="the days that are left of an open cycle, else null")
    under: NamedContract | None = Field(
        description="the contract of the visit that fulfilled the cycle, where it is not the plan's"
    )
    by_others: WorkByOthers | None


class CyclePage(NumberedPage[Cycle]):
    pass


class TaskPoint(BaseModel):
    id: UUID
    code: str
    name: str
    medium: Medium
    location: Location | None = Field(description="of the point, else of its outlet")
    outlet_id: UUID


class TaskEnterprise(BaseModel):
    id: UUID
    name: str
    address: str


class TaskInstrument(BaseModel):
    id: UUID
    version: int = Field(description="of its stream in the register; a sheet says which it was filled from")
    kind: InstrumentKind
    factor: str | None
    model: str
    serial_number: str | None
    unit: str | None
    name: str | None
    method: str | None
    manufacturer: str | None
    maker: str | None


class TaskDevice(BaseModel):
    """A device of the plans of due work, as the plan names it; a visit says which of them it used."""

    name: str
    serial_number: str
    resource_id: UUID | None = Field(description="the filed device; null: not filed, typed in the plan")
    version: int | None = Field(description="the filed version")
    held_to: date | None = Field(
        description="last day of its verification or calibration; of one that is not filed, as typed; null: without an end"
    )
    lacks_paper: bool = Field(description="it is filed without any verification or calibration")
    plans: list[UUID] = Field(description="the plans that name it")


class DueWork(BaseModel):
    """A window that is open, or was missed a short while ago."""

    plan_id: UUID
    item: int
    number: int
    content: str
    opens: date
    closes: date
    slack_days: int
    last_done: date | None
    assigned: bool = Field(description="whether the asker is named in the plan")


class Task(BaseModel):
    """A point of a current contract, with what is due there and the last values of its sheets."""

    point: TaskPoint
    enterprise: TaskEnterprise
    contract_id: UUID
    contract_first_day: date | None = Field(None, description="no work on site is before it")
    operator_name: str = Field(description="as the contract names it: who maintains the instruments")
    instruments: list[TaskInstrument]
    work: list[DueWork]
    devices: list[TaskDevice]
    last: dict[str, dict[str, JsonValue]] = Field(description="values of the last sheet of each form")
    last_of_factor: dict[str, dict[str, dict[str, JsonValue]]] = Field(
        description="of forms that are about one factor: by form and factor, the values of the last sheet"
    )


class OwnCertificate(BaseModel):
    """Days without a gap on which filed certificates of the asker hold: those that have today, ended last or are to come."""

    number: str | None = Field(description="of the certificate that ends these days")
    first_day: date | None
    last_day: date | None = Field(description="null: without an end")
    revoked: bool = Field(
        description="whether a revocation ends them, and not the certificate's own last day"
    )


class TaskPart(BaseModel):
    """A filed spare part, from which a sheet may choose what was used."""

    name: str
    model: str


class Tasks(BaseModel):
    day: date
    parts: list[TaskPart]
    certificate: OwnCertificate | None = Field(None, description="null: none is filed")
    points: list[Task]
