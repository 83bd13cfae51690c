"""What this service knows of the register, and the port by which it asks. `stored` is the real one, `memory` its twin."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from qingyuan_events.parts import Location
from qingyuan_events.registry import Medium


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """An instrument of a point, also one that is gone: its old sheets still speak of it."""

    instrument_id: UUID
    kind: str
    factor: str | None
    model: str
    serial_number: str | None
    ends: date | None = None
    """The first day on which it no longer stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A monitoring point with all that a visit to it must know. `district` is the enterprise's."""

    point_id: UUID
    code: str
    name: str
    medium: Medium
    factors: tuple[str, ...]
    location: Location | None
    outlet_id: UUID
    enterprise_id: UUID
    district: str
    instruments: tuple[Instrument, ...] = ()
    ends: date | None = None
    """The first day on which the point is closed; days may lie ahead."""

    def is_open(self, day: date) -> bool:
        return self.ends is None or day < self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Enterprise:
    """An enterprise and its points, sorted by code and name; closed points are among them."""

    enterprise_id: UUID
    name: str
    uscc: str
    district: str
    points: tuple[Place, ...] = ()


class Places(Protocol):
    """The copy lags behind the register by a moment: what is not known yet may be known in 100 ms.

    `patience` is how long a place may take to arrive before it is called missing.
    """

    @property
    def patience(self) -> timedelta: ...

    async def point(self, point_id: UUID) -> Place | None:
        """The point, once both it and its enterprise have arrived."""
        ...

    async def enterprise(self, enterprise_id: UUID) -> Enterprise | None: ...

    async def of_enterprise(self, *, uscc: str) -> Enterprise | None:
        """The enterprise with exactly this unified social credit code."""
        ...
