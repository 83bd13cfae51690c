"""Commands on a monitoring point. They carry all that deciding needs: what was loaded for it, and today's date."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from qingyuan_events.registry import (
    Medium,
    PointParticulars,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletOfPoint:
    """What decisions about a point need of its outlet."""

    outlet_id: UUID
    enterprise_id: UUID
    code: str
    medium: Medium
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPoint:
    point_id: UUID
    outlet: OutletOfPoint
    particulars: PointParticulars
    valid_from: date
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectPoint:
    point_id: UUID
    outlet: OutletOfPoint
    particulars: PointParticulars
    valid_from: date
    reason: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePoint:
    point_id: UUID
    valid_to: date
    reason: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidPoint:
    """It was registered by mistake."""

    point_id: UUID
    reason: str


PointCommand = AddPoint | CorrectPoint | ClosePoint | VoidPoint
