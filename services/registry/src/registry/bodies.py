"""What the register's requests carry. Field names are those of the events, numbers are decimal strings."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from qingyuan_events.registry import (
    EnterpriseParticulars,
    InstrumentParticulars,
    OutletParticulars,
    PointParticulars,
)


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Contact(Body):
    """A person to call. Encrypted before it is stored; erasable for good."""

    name: str = Field(min_length=1, max_length=50)
    phone: str = Field(min_length=3, max_length=30, pattern=r"^[0-9+\-（）() ]+$")


class RegisterEnterpriseBody(Body):
    particulars: EnterpriseParticulars
    contact: Contact | None = None
    valid_from: date


class CorrectEnterpriseBody(RegisterEnterpriseBody):
    reason: str


class EndBody(Body):
    valid_to: date = Field(description="first day on which it no longer holds")
    reason: str


class ReasonBody(Body):
    reason: str


class AddOutletBody(Body):
    enterprise_id: UUID
    particulars: OutletParticulars
    valid_from: date


class CorrectOutletBody(Body):
    particulars: OutletParticulars
    valid_from: date
    reason: str


class AddPointBody(Body):
    outlet_id: UUID
    particulars: PointParticulars
    valid_from: date


class CorrectPointBody(Body):
    particulars: PointParticulars
    valid_from: date
    reason: str


class RegisterInstrumentBody(Body):
    point_id: UUID
    particulars: InstrumentParticulars
    valid_from: date


class CorrectInstrumentBody(Body):
    particulars: InstrumentParticulars
    valid_from: date
    reason: str


class ReplaceInstrumentBody(CorrectInstrumentBody):
    """The new instrument; `valid_from` is its first day and the old one's end."""


class ChangeOperatorBody(Body):
    om_operator: str
    valid_from: date
