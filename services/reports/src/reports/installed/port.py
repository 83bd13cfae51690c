"""The questions that commands and checks ask of the copy of the register. `postgres` answers them, `memory` does so in tests."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from reports.domain.places import InstrumentCopy, PointCopy


class Installed(Protocol):
    """The copy follows the register with a delay, usually about 100 ms.

    `patience` is how long to wait for an entry before it is called missing.
    """

    @property
    def patience(self) -> timedelta: ...

    async def point(self, point_id: UUID) -> PointCopy | None:
        """The point, once both it and its enterprise have arrived. None for one that was registered by mistake."""
        ...

    async def district(self, enterprise_id: UUID) -> str | None: ...

    async def instruments(self, ids: Collection[UUID]) -> Mapping[UUID, InstrumentCopy]:
        """Those of the instruments that are known."""
        ...
