"""What the rows of one operator come to. Pure; both copies use it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from tasks.domain.filed import (
    DeviceCopy,
    FilingCopy,
    FilingState,
    PaperCopy,
    PersonCopy,
    newest_statements,
)
from tasks.filed_copy.rows import FilingRow, VersionRow

Revoked = Mapping[tuple[UUID, UUID], date]


def filing_copy(
    filing: FilingRow | None, versions: Iterable[VersionRow], revoked: Revoked, ended: Mapping[UUID, date]
) -> FilingCopy:
    """`versions`: all filed ones of its resources, in the order of their filing."""
    state = _state(filing)
    if filing is None or state in ("not_filed", "cancelled"):
        return FilingCopy(state=state)
    rows = sorted(_resources(versions), key=lambda row: str(row.resource_id))
    return FilingCopy(
        state=state,
        filed_on=filing.filed_on,
        people=tuple(_person(row, revoked, ended) for row in rows if row.kind == "person"),
        devices=tuple(_device(row, revoked, ended) for row in rows if row.kind == "device"),
    )


def _resources(versions: Iterable[VersionRow]) -> Iterable[VersionRow]:
    """Of each resource the version that was filed last, with the filed papers that it replaced: they hold until their own ends."""
    found: dict[UUID, VersionRow] = {}
    for row in versions:
        before = found.get(row.resource_id)
        replaced = (paper for paper in before.papers if paper.paper_id in row.replaced) if before else ()
        found[row.resource_id] = replace(row, papers=newest_statements(replaced, row.papers))
    return found.values()


def _state(filing: FilingRow | None) -> FilingState:
    if filing is None:
        return "not_filed"
    if filing.standing == "active":
        return "filed" if filing.filed_on else "not_filed"
    return filing.standing


def _person(row: VersionRow, revoked: Revoked, ended: Mapping[UUID, date]) -> PersonCopy:
    return PersonCopy(
        resource_id=row.resource_id,
        account_id=row.account_id,
        papers=_papers(row, revoked),
        last_day=ended.get(row.resource_id),
    )


def _device(row: VersionRow, revoked: Revoked, ended: Mapping[UUID, date]) -> DeviceCopy:
    return DeviceCopy(
        resource_id=row.resource_id,
        name=row.name,
        model=row.model,
        serial_number=row.serial_number,
        papers=_papers(row, revoked),
        last_day=ended.get(row.resource_id),
    )


def _papers(row: VersionRow, revoked: Revoked) -> tuple[PaperCopy, ...]:
    return tuple(
        paper.model_copy(update={"revoked_from": revoked.get((row.resource_id, paper.paper_id))})
        for paper in row.papers
    )
