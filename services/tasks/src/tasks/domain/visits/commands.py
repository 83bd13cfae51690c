"""Commands of a phone on a visit. Each carries the opening, so whichever arrives first opens the visit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from qingyuan_events.parts import Fix, Photo, Signature
from qingyuan_events.tasks import BackfillClass, CycleRef, SheetRevisionV3, UsedDevice
from qingyuan_standards.forms import Form

from tasks.domain.contracts.state import ContractState
from tasks.domain.plans.state import PlanOutline
from tasks.domain.register import MonitoringPointCopy


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What the phone sent about the whole visit, what was loaded for it, and who sent this command when.

    `contract` is the contract that the phone named. `plans` holds those plans of its cycles that exist.
    """

    visit_id: UUID
    operator_id: UUID
    point: MonitoringPointCopy
    contract_id: UUID | None
    contract: ContractState | None
    cycles: tuple[CycleRef, ...]
    plans: Mapping[UUID, PlanOutline]
    claimed_at: datetime
    by: UUID
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInVisit:
    opening: Opening
    claimed_at: datetime
    companions: tuple[UUID, ...]
    fix: Fix | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSheet:
    """`sheet` as the phone sent it, before anything is computed; `form` is None where there is no such form."""

    opening: Opening
    sheet: SheetRevisionV3
    form: Form | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPhoto:
    opening: Opening
    photo: Photo


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOutVisit:
    opening: Opening
    claimed_at: datetime
    fix: Fix | None
    sheets: tuple[UUID, ...]
    photos: tuple[UUID, ...]
    signature: Signature
    devices: tuple[UsedDevice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareBackfill:
    """`arrived_at` and `left_at` are the real times that a person typed; None from a phone that did not ask for them."""

    opening: Opening
    reason_class: BackfillClass
    explanation: str
    claimed_at: datetime
    arrived_at: datetime | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportObstruction:
    opening: Opening
    what: str
    claimed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AbortVisit:
    opening: Opening
    reason: str
    claimed_at: datetime


VisitCommand = (
    SignInVisit | RecordSheet | AddPhoto | SignOutVisit | DeclareBackfill | ReportObstruction | AbortVisit
)
