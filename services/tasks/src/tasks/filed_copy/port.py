"""The question that commands ask of the copy of filings. `postgres` answers it, `memory` does so in tests."""

from typing import Protocol
from uuid import UUID

from tasks.domain.filed import FilingCopy


class FiledCopy(Protocol):
    """The copy follows the filing with a delay, usually about 100 ms. What has not arrived counts as not filed."""

    async def filing(self, operator_id: UUID) -> FilingCopy:
        """What is filed of this operator now; of an operator that is not known, nothing."""
        ...
