"""What requests about plans carry, and what the preview answers."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel
from qingyuan_events.tasks import Assignee, AssigneeV2, Device, DeviceV2, PaperGap, Window
from qingyuan_runtime.domain.bounds import Day, Sent, Whole
from qingyuan_runtime.domain.text import Code, Line, Text
from qingyuan_runtime.edge.http import Note

from tasks.domain.plans.draft import ItemDraft, PlanDraft
from tasks.shared.bodies import Body

Assignees = tuple[Annotated[Assignee, Sent()], ...]
Devices = tuple[Annotated[Device, Sent(serial_number=Code)], ...]


class ItemBody(Body):
    content: Code
    rule: Annotated[str, Text(500, code=True)]
    gap_days_max: Whole | None = None
    basis: Code | None = None


class PlanBody(Body):
    contract_id: UUID
    name: Line
    points: tuple[UUID, ...]
    assignees: Assignees
    devices: Devices = ()
    first_day: Day
    last_day: Day
    items: tuple[ItemBody, ...]
    gaps_reason: Line = ""

    def draft(self) -> PlanDraft:
        return PlanDraft(
            name=self.name,
            points=self.points,
            assignees=self.assignees,
            devices=self.devices,
            first_day=self.first_day,
            last_day=self.last_day,
            items=tuple(ItemDraft(**item.model_dump()) for item in self.items),
        )


class CrewBody(Body):
    assignees: Assignees
    devices: Devices = ()
    reason: Line
    gaps_reason: Line = ""


class StoppingBody(Body):
    last_day: Day
    reason: Line


class ItemPreview(BaseModel):
    content: str
    windows: tuple[Window, ...]


class FoundGap(PaperGap):
    """A gap, the field of the draft that it is about, and a sentence that says “第 n 位人员” for a person's name."""

    field: str
    sentence: str


class RepeatedPlan(BaseModel):
    """A plan under the same contract that has work of the draft already; `sentence` is that of its note."""

    id: UUID
    name: str
    sentence: str


class PlanPreview(BaseModel):
    """`items` in the order of the draft; empty where the period itself is wrong. `notes` do not prevent publication.

    `assignees` and `devices` as publishing would record them, with the dates of those who are filed. With `gaps`
    publishing asks for `gaps_reason`.
    """

    items: list[ItemPreview]
    assignees: tuple[AssigneeV2, ...]
    devices: tuple[DeviceV2, ...]
    gaps: list[FoundGap]
    problems: list[Note]
    notes: list[Note]
    repeats: list[RepeatedPlan]
