"""What may be asked of a monitoring point. What was looked up and today's date come inside the command."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from qingyuan_events.registry import (
    Medium,
    PointParticulars,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletOfPoint:
    """What a point must know of its outlet, looked up before deciding."""

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


PointCommand = AddPoint | CorrectPoint | ClosePoint
