"""Which rows of this copy follow from facts of filings. Pure; the tables and the copy in memory both use it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events.filing import (
    DeviceParticulars,
    Filed,
    FilingBegun,
    FilingCancelled,
    FilingLocked,
    FilingReactivated,
    Paper,
    PersonParticulars,
    ResourceAdded,
    ResourceCorrected,
    ResourceEnded,
    ResourcePaperEnding,
    ResourcePaperRenewed,
    ResourcePaperRevoked,
    ResourcePersonErased,
)

from tasks.domain.filed import PaperCopy

Standing = Literal["active", "locked", "cancelled"]
KEPT_KINDS: Final = ("person", "device")
"""Plans name people and devices; vehicles and spare parts have no row."""

ResourceFact = (
    ResourceAdded
    | ResourceCorrected
    | ResourcePaperRenewed
    | ResourcePaperRevoked
    | ResourcePaperEnding
    | ResourceEnded
    | ResourcePersonErased
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingRow:
    """`begun`: the version of the stream at which this filing began; what was filed before a cancellation is older."""

    operator_id: UUID
    begun: int
    standing: Standing = "active"
    filed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A person or a device as it stood at one version of its stream; a person has no name, model or serial number.

    `replaced`: papers that renewals replaced up to here. One that a correction took out is not among them.
    """

    resource_id: UUID
    version: int
    operator_id: UUID
    kind: str
    account_id: UUID | None = None
    name: str = ""
    model: str = ""
    serial_number: str = ""
    papers: tuple[PaperCopy, ...] = ()
    replaced: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledRow:
    """A version that a `filing.filed` fact names; `filing_version`: of that fact in the filing's stream."""

    resource_id: UUID
    version: int
    operator_id: UUID
    filing_version: int


@dataclass(slots=True)
class FiledRows:
    """The rows that changed. `latest`: the newest version of each resource, which the next fact builds on.

    A filing names versions of resources, whose streams come before or after it: versions are kept, named or not.
    """

    filings: dict[UUID, FilingRow] = field(default_factory=dict)
    latest: dict[UUID, VersionRow] = field(default_factory=dict)
    versions: dict[tuple[UUID, int], VersionRow] = field(default_factory=dict)
    filed: dict[tuple[UUID, int], FiledRow] = field(default_factory=dict)
    revoked: dict[tuple[UUID, UUID], date] = field(default_factory=dict)
    ended: dict[UUID, date] = field(default_factory=dict)

    def apply(self, facts: Iterable[Recorded[Fact]]) -> "FiledRows":
        """Facts of one stream must come in order. Those that this copy does not need are ignored."""
        for recorded in facts:
            if isinstance(recorded.fact, ResourceFact):
                self._apply_to_resource(recorded.fact, recorded.version)
            else:
                self._apply_to_filing(recorded.fact, recorded.version)
        return self

    def _apply_to_filing(self, fact: Fact, version: int) -> None:
        match fact:
            case FilingBegun():
                self.filings[fact.operator_id] = FilingRow(operator_id=fact.operator_id, begun=version)
            case Filed():
                self._file(fact, version)
            case FilingLocked():
                self._stands(fact.operator_id, "locked")
            case FilingReactivated():
                self._stands(fact.operator_id, "active")
            case FilingCancelled():
                self._stands(fact.operator_id, "cancelled")
            case _:
                pass

    def _file(self, fact: Filed, version: int) -> None:
        filing = self.filings[fact.operator_id]
        self.filings[fact.operator_id] = replace(filing, filed_on=filing.filed_on or fact.filed_on)
        for named in fact.resources:
            if named.kind in KEPT_KINDS:
                self.filed[named.resource_id, named.version] = FiledRow(
                    resource_id=named.resource_id,
                    version=named.version,
                    operator_id=fact.operator_id,
                    filing_version=version,
                )

    def _stands(self, operator_id: UUID, standing: Standing) -> None:
        self.filings[operator_id] = replace(self.filings[operator_id], standing=standing)

    def _apply_to_resource(self, fact: ResourceFact, version: int) -> None:
        row = _version(fact, version, self.latest.get(fact.resource_id))
        if row is None:
            return
        self.latest[row.resource_id] = self.versions[row.resource_id, version] = row
        match fact:
            case ResourcePaperRevoked():
                self.revoked[fact.resource_id, fact.paper_id] = fact.first_day
            case ResourceEnded():
                self.ended[fact.resource_id] = fact.last_day
            case _:
                pass


def _version(fact: ResourceFact, version: int, before: VersionRow | None) -> VersionRow | None:
    """The row after this fact; None of what is neither a person nor a device."""
    match fact:
        case ResourceAdded() | ResourceCorrected():
            row = _stated(fact, version)
            return replace(row, replaced=_still_replaced(row, before)) if row else None
        case ResourcePaperRenewed() if before:
            return _renewed(fact, version, before)
        case _:
            return replace(before, version=version) if before else None


def _renewed(fact: ResourcePaperRenewed, version: int, before: VersionRow) -> VersionRow:
    kept = (paper for paper in before.papers if paper.paper_id != fact.replaces)
    replaced = before.replaced | ({fact.replaces} if fact.replaces else frozenset())
    return replace(before, version=version, papers=(*kept, _paper(fact.paper)), replaced=replaced)


def _still_replaced(row: VersionRow, before: VersionRow | None) -> frozenset[UUID]:
    """What a correction states again is not replaced any more."""
    return before.replaced - {paper.paper_id for paper in row.papers} if before else frozenset()


def _stated(fact: ResourceAdded | ResourceCorrected, version: int) -> VersionRow | None:
    given = fact.particulars
    row = VersionRow(
        resource_id=fact.resource_id,
        version=version,
        operator_id=fact.operator_id,
        kind=given.kind,
        papers=tuple(map(_paper, given.papers)),
    )
    match given:
        case PersonParticulars():
            return replace(row, account_id=given.account_id)
        case DeviceParticulars():
            return replace(row, name=given.name, model=given.model, serial_number=given.serial_number)
        case _:
            return None


def _paper(paper: Paper) -> PaperCopy:
    return PaperCopy(
        paper_id=paper.paper_id,
        kind=paper.kind,
        number=paper.number,
        valid_from=paper.valid_from,
        valid_to=paper.valid_to,
    )


def in_order_of_filing(rows: Iterable[tuple[FiledRow, VersionRow]]) -> list[VersionRow]:
    return [version for _, version in sorted(rows, key=lambda pair: pair[0].filing_version)]
