"""Which rows of this copy follow from facts of the register. Pure; the tables and the copy in memory both use it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from qingyuan_events import Fact
from qingyuan_events.parts import Location
from qingyuan_events.registry import (
    EnterpriseCorrected,
    EnterpriseRegistered,
    FlueGasAnalyser,
    InstrumentCorrected,
    InstrumentParticulars,
    InstrumentRegistered,
    InstrumentReplaced,
    InstrumentRetired,
    InstrumentVoided,
    Medium,
    MonitoringPointAdded,
    MonitoringPointClosed,
    MonitoringPointCorrected,
    MonitoringPointVoided,
    Sampler,
    WastewaterAnalyser,
)

NEVER_IN_USE: Final = date.min
"""The end of what was registered by mistake: before every day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseRow:
    enterprise_id: UUID
    name: str
    uscc: str
    district: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRow:
    point_id: UUID
    outlet_id: UUID
    enterprise_id: UUID
    code: str
    name: str
    medium: Medium
    factors: tuple[str, ...]
    location: Location | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentRow:
    instrument_id: UUID
    point_id: UUID
    kind: str
    factor: str | None
    model: str
    serial_number: str | None


@dataclass(slots=True)
class RegisterRows:
    """The latest state of each row, and the day on which an entry ended; an entry that has ended never begins again."""

    enterprises: dict[UUID, EnterpriseRow] = field(default_factory=dict)
    points: dict[UUID, PointRow] = field(default_factory=dict)
    instruments: dict[UUID, InstrumentRow] = field(default_factory=dict)
    points_end: dict[UUID, date] = field(default_factory=dict)
    instruments_end: dict[UUID, date] = field(default_factory=dict)

    def apply(self, facts: Iterable[Fact]) -> "RegisterRows":
        """Facts of one stream must come in order. Those that this copy does not need are ignored."""
        for fact in facts:
            self._apply(fact)
        return self

    def _apply(self, fact: Fact) -> None:
        match fact:
            case EnterpriseRegistered() | EnterpriseCorrected():
                self.enterprises[fact.enterprise_id] = _enterprise(fact)
            case MonitoringPointAdded() | MonitoringPointCorrected():
                self.points[fact.point_id] = _point(fact)
            case MonitoringPointClosed():
                self.points_end[fact.point_id] = fact.valid_to
            case InstrumentRegistered() | InstrumentCorrected():
                self.instruments[fact.instrument_id] = _instrument(fact)
            case InstrumentReplaced() | InstrumentRetired():
                self.instruments_end[fact.instrument_id] = fact.valid_to
            case MonitoringPointVoided():
                self.points_end[fact.point_id] = NEVER_IN_USE
            case InstrumentVoided():
                self.instruments_end[fact.instrument_id] = NEVER_IN_USE
            case _:
                pass


def _enterprise(fact: EnterpriseRegistered | EnterpriseCorrected) -> EnterpriseRow:
    particulars = fact.particulars
    return EnterpriseRow(
        enterprise_id=fact.enterprise_id,
        name=particulars.name,
        uscc=particulars.uscc,
        district=particulars.district,
    )


def _point(fact: MonitoringPointAdded | MonitoringPointCorrected) -> PointRow:
    particulars = fact.particulars
    return PointRow(
        point_id=fact.point_id,
        outlet_id=fact.outlet_id,
        enterprise_id=fact.enterprise_id,
        code=particulars.code,
        name=particulars.name,
        medium=particulars.medium,
        factors=particulars.factors,
        location=particulars.location,
    )


def _instrument(fact: InstrumentRegistered | InstrumentCorrected) -> InstrumentRow:
    particulars = fact.particulars
    factor, serial_number = _factor_and_serial_number(particulars)
    return InstrumentRow(
        instrument_id=fact.instrument_id,
        point_id=fact.point_id,
        kind=particulars.kind,
        factor=factor,
        model=particulars.model,
        serial_number=serial_number,
    )


def _factor_and_serial_number(particulars: InstrumentParticulars) -> tuple[str | None, str | None]:
    """Factor and serial number; a sampler has neither."""
    match particulars:
        case WastewaterAnalyser() | FlueGasAnalyser():
            return particulars.factor, particulars.serial_number
        case Sampler():
            return None, None
