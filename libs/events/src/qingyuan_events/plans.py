"""Events of plans, published by the tasks service: which work is due at which points, how often, and who does it."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from qingyuan_events.filing_parts import PaperKind
from qingyuan_events.parts import Part
from qingyuan_events.tasks_topic import TasksFact


class Window(Part):
    """One numbered cycle of days, first and last included. A visit on any of them does the work."""

    number: int
    opens: date
    closes: date


class PlanItem(Part):
    """One kind of work, how often it is due, and the windows calculated from this on the day of publishing."""

    content: str = Field(description="code of the work, as in the standards' list of contents")
    rule: str = Field(description="RFC 5545 recurrence rule")
    gap_days_max: int | None = Field(default=None, description="at most so many days from one to the next")
    basis: str | None = Field(default=None, description="id of the interval rule this follows")
    windows: tuple[Window, ...]


class Assignee(Part):
    """A technician, by account. Names are looked up when shown, and are not stored in facts."""

    account: UUID
    certificate_to: date | None = Field(default=None, description="last day of the O&M certificate")


class Device(Part):
    name: str
    serial_number: str
    calibrated_to: date | None = Field(default=None, description="last day of its calibration")


class AssigneeV2(Assignee):
    """As before; in addition the person of the operator's filing that the account is."""

    resource_id: UUID | None = Field(
        default=None, description="the filed person, whose papers gave the date; null: not filed, typed"
    )


class DeviceV2(Device):
    """As before; in addition the device of the operator's filing that has this serial number."""

    resource_id: UUID | None = Field(
        default=None, description="the filed device, whose papers gave the date; null: not filed, typed"
    )


class PaperGap(Part):
    """Windows on whose last day a filed person or device had no valid paper, as the filing stood then."""

    resource_id: UUID = Field(description="the filed person or device")
    kind: PaperKind | None = Field(default=None, description="of the paper; null where it is no longer there")
    number: str | None = Field(default=None, description="of the paper")
    why: Literal["ended", "revoked", "not_begun", "left"]
    from_day: date = Field(
        description="first day without; of a paper that has not begun, its first day of validity"
    )
    windows: int = Field(ge=1, description="how many windows of the plan it concerns")


class PlanPublished(TasksFact):
    type: ClassVar[str] = "plan.published.v1"
    plan_id: UUID
    contract_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    district: str
    name: str
    points: tuple[UUID, ...]
    assignees: tuple[Assignee, ...]
    devices: tuple[Device, ...] = ()
    first_day: date
    last_day: date
    items: tuple[PlanItem, ...]
    calendar: str = Field(description="version of the calendar of holidays the windows were laid by")


class PlanPublishedV2(TasksFact):
    """As version 1; in addition who and what is filed, and the gaps of their papers with the reason to publish all the same."""

    type: ClassVar[str] = "plan.published.v2"
    plan_id: UUID
    contract_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    district: str
    name: str
    points: tuple[UUID, ...]
    assignees: tuple[AssigneeV2, ...]
    devices: tuple[DeviceV2, ...] = ()
    first_day: date
    last_day: date
    items: tuple[PlanItem, ...]
    calendar: str = Field(description="version of the calendar of holidays the windows were laid by")
    gaps: tuple[PaperGap, ...] = ()
    gaps_reason: str | None = Field(default=None, description="null where there are no gaps")


class PlanCrewChanged(TasksFact):
    """Other technicians or devices do the planned work; the windows stay the same."""

    type: ClassVar[str] = "plan.crew_changed.v1"
    plan_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    district: str
    assignees: tuple[Assignee, ...]
    devices: tuple[Device, ...] = ()
    reason: str


class PlanCrewChangedV2(TasksFact):
    """As version 1; in addition who and what is filed, and the gaps in windows that close on that day or later."""

    type: ClassVar[str] = "plan.crew_changed.v2"
    plan_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    district: str
    assignees: tuple[AssigneeV2, ...]
    devices: tuple[DeviceV2, ...] = ()
    reason: str
    gaps: tuple[PaperGap, ...] = ()
    gaps_reason: str | None = Field(default=None, description="null where there are no gaps")


class PlanStopped(TasksFact):
    """Windows that open after `last_day` are no longer due."""

    type: ClassVar[str] = "plan.stopped.v1"
    plan_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    district: str
    last_day: date
    reason: str
