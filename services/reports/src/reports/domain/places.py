"""What this service knows of entries of the register, from its own copy of it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PointCopy:
    """A monitoring point; `district` is its enterprise's."""

    point_id: UUID
    enterprise_id: UUID
    district: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentCopy:
    """An instrument, also one that was replaced or retired. `ends`: the first day on which it is no longer at the point."""

    instrument_id: UUID
    point_id: UUID
    first_day: date
    ends: date | None = None

    def stood_at(self, point_id: UUID, first_day: date, last_day: date) -> bool:
        """Whether it was at this point on all of these days."""
        begun = self.point_id == point_id and self.first_day <= first_day
        return begun and (self.ends is None or last_day < self.ends)
