"""The questions that commands ask of the copy of the register. `postgres` answers them, `memory` does so in tests."""

from datetime import timedelta
from typing import Protocol
from uuid import UUID

from tasks.domain.register import EnterpriseCopy, MonitoringPointCopy


class RegisterCopy(Protocol):
    """The copy follows the register with a delay, usually about 100 ms.

    `patience` is how long to wait for an entry before it is called missing.
    """

    @property
    def patience(self) -> timedelta: ...

    async def point(self, point_id: UUID) -> MonitoringPointCopy | None:
        """The point, once both it and its enterprise have arrived."""
        ...

    async def enterprise(self, enterprise_id: UUID) -> EnterpriseCopy | None: ...

    async def enterprise_of(self, *, uscc: str) -> EnterpriseCopy | None:
        """The enterprise with exactly this unified social credit code."""
        ...
