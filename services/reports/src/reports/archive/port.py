"""What a check asks of all reports and exemptions. `postgres` answers it from the log, `memory` does so in tests."""

from collections.abc import Collection, Mapping
from typing import Protocol
from uuid import UUID

from qingyuan_events.reports import EarlierPairs


class Archive(Protocol):
    async def earlier(
        self, stream: str, version: int, hashes: Collection[str]
    ) -> Mapping[str, tuple[EarlierPairs, ...]]:
        """Factors of other reports with pairs of these hashes, handed in before the fact at `version` of `stream`; by hash.

        Whoever follows the topic is told of a fact only when all facts before it are there (`publishing.horizon`), so a check
        that follows a submission misses no earlier one.
        """
        ...

    async def exemptions(self, enterprise_id: UUID) -> Collection[UUID]:
        """Of this enterprise, also those that are over."""
        ...
