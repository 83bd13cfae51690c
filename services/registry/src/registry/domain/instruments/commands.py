"""Commands on an instrument. They carry all that deciding needs: what was loaded for it, and today's date."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from qingyuan_events.registry import (
    InstrumentParticulars,
    Medium,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointOfInstrument:
    """What decisions about an instrument need of its point."""

    point_id: UUID
    enterprise_id: UUID
    medium: Medium
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterInstrument:
    """`duplicate_of`: one in use that is probably the same device, unless the clerk has said to go on."""

    instrument_id: UUID
    point: PointOfInstrument
    particulars: InstrumentParticulars
    valid_from: date
    today: date
    replaces: UUID | None = None
    duplicate_of: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectInstrument:
    """`duplicate_of`: one in use that it would be the same as, unless the clerk has said to go on."""

    instrument_id: UUID
    point: PointOfInstrument
    particulars: InstrumentParticulars
    valid_from: date
    reason: str
    today: date
    duplicate_of: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOperator:
    instrument_id: UUID
    om_operator: str
    valid_from: date
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceInstrument:
    """Ends the old instrument; the new one is registered in the same append."""

    instrument_id: UUID
    replaced_by: UUID
    valid_to: date
    reason: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireInstrument:
    instrument_id: UUID
    valid_to: date
    reason: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidInstrument:
    """It was registered by mistake."""

    instrument_id: UUID
    reason: str


InstrumentCommand = (
    RegisterInstrument
    | CorrectInstrument
    | ChangeOperator
    | ReplaceInstrument
    | RetireInstrument
    | VoidInstrument
)
