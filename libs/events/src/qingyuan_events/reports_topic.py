"""The base class of all events of the reports service, for the modules that define them."""

from typing import ClassVar
from uuid import UUID

from qingyuan_events.envelope import Fact


class ReportsFact(Fact):
    topic: ClassVar[str] = "qingyuan.reports"
    enterprise_id: UUID
    district: str
