"""What requests about outlets carry."""

from uuid import UUID

from qingyuan_runtime.domain.bounds import Day
from qingyuan_runtime.domain.text import Line

from registry.shared.bodies import Body
from registry.shared.particulars import SentOutlet


class AddOutletBody(Body):
    enterprise_id: UUID
    particulars: SentOutlet
    valid_from: Day


class CorrectOutletBody(Body):
    particulars: SentOutlet
    valid_from: Day
    reason: Line
