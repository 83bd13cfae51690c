"""What requests about monitoring points carry."""

from uuid import UUID

from qingyuan_runtime.domain.bounds import Day
from qingyuan_runtime.domain.text import Line

from registry.shared.bodies import Body
from registry.shared.particulars import SentPoint


class AddPointBody(Body):
    outlet_id: UUID
    particulars: SentPoint
    valid_from: Day


class CorrectPointBody(Body):
    particulars: SentPoint
    valid_from: Day
    reason: Line
