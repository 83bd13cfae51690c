"""What requests about plans carry, and what the preview answers."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel
from qingyuan_events.tasks import Assignee, Device, Window
from qingyuan_runtime.http import Note

from tasks.bodies_contracts import Body
from tasks.domain.plan_laying import ItemDraft, PlanDraft


class ItemBody(Body):
    content: str
    rule: str
    gap_days_max: int | None = None
    basis: str | None = None


class PlanBody(Body):
    contract_id: UUID
    name: str
    points: tuple[UUID, ...]
    assignees: tuple[Assignee, ...]
    devices: tuple[Device, ...] = ()
    first_day: date
    last_day: date
    items: tuple[ItemBody, ...]

    def draft(self) -> PlanDraft:
        return PlanDraft(
            name=self.name.strip(),
            points=self.points,
            assignees=self.assignees,
            devices=self.devices,
            first_day=self.first_day,
            last_day=self.last_day,
            items=tuple(ItemDraft(**item.model_dump()) for item in self.items),
        )


class CrewBody(Body):
    assignees: tuple[Assignee, ...]
    devices: tuple[Device, ...] = ()
    reason: str


class StoppingBody(Body):
    last_day: date
    reason: str


class ItemPreview(BaseModel):
    content: str
    windows: tuple[Window, ...]


class PlanPreview(BaseModel):
    """`items` in the order of the draft; empty where the period itself is wrong. `notes` hinder nothing."""

    items: list[ItemPreview]
    problems: list[Note]
    notes: list[Note]
