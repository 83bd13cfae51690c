"""Commands on a plan. They carry all that deciding needs: what was loaded for it, and today's date."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from qingyuan_events.tasks import (
    Assignee,
    Device,
)

from tasks.domain.contracts.state import Agreement
from tasks.domain.filed import FilingCopy
from tasks.domain.plans.draft import PlanDraft
from tasks.domain.register import MonitoringPointCopy


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPlan:
    """`points` are the registered points of the contract's enterprise; `filing` is the operator's."""

    plan_id: UUID
    contract: Agreement
    draft: PlanDraft
    points: tuple[MonitoringPointCopy, ...]
    filing: FilingCopy
    gaps_reason: str = ""
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCrew:
    plan_id: UUID
    assignees: tuple[Assignee, ...]
    devices: tuple[Device, ...]
    reason: str
    filing: FilingCopy
    gaps_reason: str = ""
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPlan:
    plan_id: UUID
    last_day: date
    reason: str
    today: date


PlanCommand = PublishPlan | ChangeCrew | StopPlan
