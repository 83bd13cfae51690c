"""Events of plans, published by the tasks service: which work is due at which points, how often, and who does it."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

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


class PlanStopped(TasksFact):
    """Windows that open after `last_day` are no longer due."""

    type: ClassVar[str] = "plan.stopped.v1"
    plan_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    district: str
    last_day: date
    reason: str
