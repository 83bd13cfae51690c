"""A plan as its author wrote it, before its windows are computed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from qingyuan_events.tasks import Assignee, Device


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """One kind of work and how often it is due; the fields are those of `PlanItem`."""

    content: str
    rule: str
    gap_days_max: int | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    name: str
    points: tuple[UUID, ...]
    assignees: tuple[Assignee, ...]
    devices: tuple[Device, ...]
    first_day: date
    last_day: date
    items: tuple[ItemDraft, ...]
