"""Which rows of this copy follow from facts of the register. Pure; the tables and the copy in memory both use it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from qingyuan_events import Fact
from qingyuan_events.registry import (
    EnterpriseCorrected,
    EnterpriseRegistered,
    InstrumentRegistered,
    InstrumentReplaced,
    InstrumentRetired,
    InstrumentVoided,
    MonitoringPointAdded,
    MonitoringPointVoided,
)

NEVER_IN_USE: Final = date.min
"""The end of what was registered by mistake: before every day."""


@dataclass(slots=True)
class RegisterRows:
    """What these facts set. A correction moves no instrument, and neither does another operator."""

    districts: dict[UUID, str] = field(default_factory=dict)
    points: dict[UUID, UUID] = field(default_factory=dict)
    """Point → enterprise."""
    voided: set[UUID] = field(default_factory=set)
    """Points that never were."""
    instruments: dict[UUID, tuple[UUID, date]] = field(default_factory=dict)
    """Instrument → its point, and its first day there."""
    ends: dict[UUID, date] = field(default_factory=dict)
    """Instrument → the first day on which it is no longer there."""

    def apply(self, facts: Iterable[Fact]) -> "RegisterRows":
        """Facts of one stream must come in order. Those that this copy does not need are ignored."""
        for fact in facts:
            self._apply(fact)
        return self

    def _apply(self, fact: Fact) -> None:
        match fact:
            case EnterpriseRegistered() | EnterpriseCorrected():
                self.districts[fact.enterprise_id] = fact.particulars.district
            case MonitoringPointAdded():
                self.points[fact.point_id] = fact.enterprise_id
            case MonitoringPointVoided():
                self.voided.add(fact.point_id)
            case InstrumentRegistered():
                self.instruments[fact.instrument_id] = (fact.point_id, fact.valid_from)
            case InstrumentReplaced() | InstrumentRetired():
                self.ends[fact.instrument_id] = fact.valid_to
            case InstrumentVoided():
                self.ends[fact.instrument_id] = NEVER_IN_USE
            case _:
                pass
