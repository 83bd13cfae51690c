"""What this service knows of entries of the register, from its own copy of it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from qingyuan_events.parts import Location
from qingyuan_events.registry import Medium


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentCopy:
    """An instrument of a point, also one that was replaced or retired: its old sheets still name it."""

    instrument_id: UUID
    kind: str
    factor: str | None
    model: str
    serial_number: str | None
    ends: date | None = None
    """The first day on which it is no longer at the point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringPointCopy:
    """A monitoring point with all that decisions about visits to it need. `district` is the enterprise's."""

    point_id: UUID
    code: str
    name: str
    medium: Medium
    factors: tuple[str, ...]
    location: Location | None
    outlet_id: UUID
    enterprise_id: UUID
    district: str
    instruments: tuple[InstrumentCopy, ...] = ()
    ends: date | None = None
    """The first day on which the point is closed; it may lie in the future."""

    def is_open(self, day: date) -> bool:
        return self.ends is None or day < self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseCopy:
    """An enterprise and its points, sorted by code and name; closed points are included."""

    enterprise_id: UUID
    name: str
    uscc: str
    district: str
    points: tuple[MonitoringPointCopy, ...] = ()
