"""The base class of all events of the filing service, for the modules that define them."""

from typing import ClassVar
from uuid import UUID

from qingyuan_events.envelope import Fact


class FilingFact(Fact):
    topic: ClassVar[str] = "qingyuan.filing"
    operator_id: UUID
