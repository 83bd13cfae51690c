"""The copy of filings in memory, for tests. The same tests check it and `postgres`."""

from collections.abc import Iterable
from uuid import UUID

from qingyuan_events import Fact, Recorded

from tasks.domain.filed import FilingCopy
from tasks.filed_copy.composing import filing_copy
from tasks.filed_copy.rows import FiledRow, FiledRows, FilingRow, VersionRow, in_order_of_filing


class MemoryFiledCopy:
    """A test applies the facts of filings itself, so there is never a delay."""

    def __init__(self, facts: Iterable[Recorded[Fact]] = ()) -> None:
        self._rows = FiledRows().apply(facts)

    def apply(self, *facts: Recorded[Fact]) -> None:
        self._rows.apply(facts)

    async def filing(self, operator_id: UUID) -> FilingCopy:
        rows, filing = self._rows, self._rows.filings.get(operator_id)
        named = self._named(filing) if filing else []
        return filing_copy(filing, in_order_of_filing(named), rows.revoked, rows.ended)

    def _named(self, filing: FilingRow) -> list[tuple[FiledRow, VersionRow]]:
        return [
            (named, self._rows.versions[key])
            for key, named in self._rows.filed.items()
            if named.operator_id == filing.operator_id
            and named.filing_version > filing.begun
            and key in self._rows.versions
        ]
