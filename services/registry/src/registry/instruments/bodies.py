"""What requests about instruments carry."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from qingyuan_runtime.domain.bounds import Day
from qingyuan_runtime.domain.text import Line

from registry.shared.bodies import Body
from registry.shared.particulars import SentInstrument

DespiteDuplicate = Annotated[
    bool, Field(description="go on although one with the same factor, model and serial number is in use")
]


class RegisterInstrumentBody(Body):
    point_id: UUID
    particulars: SentInstrument
    valid_from: Day
    despite_duplicate: DespiteDuplicate = False


class CorrectInstrumentBody(Body):
    particulars: SentInstrument
    valid_from: Day
    reason: Line
    despite_duplicate: DespiteDuplicate = False


class ReplaceInstrumentBody(CorrectInstrumentBody):
    """The new instrument; `valid_from` is its first day and the end of the old one."""


class ChangeOperatorBody(Body):
    om_operator: Line
    valid_from: Day
