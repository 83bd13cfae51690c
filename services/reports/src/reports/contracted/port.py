"""The question that commands ask of the copy of contracts. `postgres` answers it, `memory` does so in tests."""

from datetime import date, timedelta
from typing import Protocol
from uuid import UUID


class Contracted(Protocol):
    """The copy follows the contracts with a delay; `patience` is how long to wait for one."""

    @property
    def patience(self) -> timedelta: ...

    async def covers(self, operator_id: UUID, point_id: UUID, day: date | None) -> bool:
        """Whether a contract that the enterprise has confirmed covers the point on this day, or on any day."""
        ...
