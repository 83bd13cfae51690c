"""What the register's requests carry. Field names are those of the events, numbers are decimal strings."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from qingyuan_runtime.domain.bounds import Day
from qingyuan_runtime.domain.text import Line, Text

from registry.particulars import SentEnterprise, SentInstrument, SentOutlet, SentPoint


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Contact(Body):
    """A person to call. Encrypted before it is stored; erasable for good."""

    name: Annotated[str, Text(50, least=1)]
    phone: Annotated[str, Text(30, least=3, code=True), Field(pattern=r"^[0-9+\-（）() ]+$")]


class RegisterEnterpriseBody(Body):
    particulars: SentEnterprise
    contact: Contact | None = None
    valid_from: Day


class CorrectEnterpriseBody(RegisterEnterpriseBody):
    reason: Line


class EndBody(Body):
    valid_to: Day = Field(description="first day on which it no longer holds")
    reason: Line


class ReasonBody(Body):
    reason: Line


class AddOutletBody(Body):
    enterprise_id: UUID
    particulars: SentOutlet
    valid_from: Day


class CorrectOutletBody(Body):
    particulars: SentOutlet
    valid_from: Day
    reason: Line


class AddPointBody(Body):
    outlet_id: UUID
    particulars: SentPoint
    valid_from: Day


class CorrectPointBody(Body):
    particulars: SentPoint
    valid_from: Day
    reason: Line


class RegisterInstrumentBody(Body):
    point_id: UUID
    particulars: SentInstrument
    valid_from: Day


class CorrectInstrumentBody(Body):
    particulars: SentInstrument
    valid_from: Day
    reason: Line


class ReplaceInstrumentBody(CorrectInstrumentBody):
    """The new instrument; `valid_from` is its first day and the old one's end."""


class ChangeOperatorBody(Body):
    om_operator: Line
    valid_from: Day
