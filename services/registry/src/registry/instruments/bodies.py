"""What requests about instruments carry."""

from uuid import UUID

from pydantic import Field
from qingyuan_runtime.domain.bounds import Day
from qingyuan_runtime.domain.text import Line

from registry.shared.bodies import Body
from registry.shared.particulars import SentInstrument


class RegisterInstrumentBody(Body):
    point_id: UUID
    particulars: SentInstrument
    valid_from: Day
    despite_duplicate: bool = Field(
        default=False,
        description="register although one with the same factor, model and serial number is in use",
    )


class CorrectInstrumentBody(Body):
    particulars: SentInstrument
    valid_from: Day
    reason: Line


class ReplaceInstrumentBody(CorrectInstrumentBody):
    """The new instrument; `valid_from` is its first day and the end of the old one."""


class ChangeOperatorBody(Body):
    om_operator: Line
    valid_from: Day
