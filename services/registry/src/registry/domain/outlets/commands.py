"""Commands on an outlet. They carry all that deciding needs: what was loaded for it, and today's date."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from qingyuan_events.registry import OutletParticulars


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOutlet:
    outlet_id: UUID
    enterprise_id: UUID
    enterprise_from: date
    particulars: OutletParticulars
    valid_from: date
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectOutlet:
    outlet_id: UUID
    particulars: OutletParticulars
    valid_from: date
    reason: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseOutlet:
    outlet_id: UUID
    valid_to: date
    reason: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidOutlet:
    """It was registered by mistake."""

    outlet_id: UUID
    reason: str


OutletCommand = AddOutlet | CorrectOutlet | CloseOutlet | VoidOutlet
