"""What an operator has entered before, and which of it a row repeats. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from qingyuan_events.filing import (
    DeviceParticulars,
    PersonParticulars,
    ResourceParticulars,
    SparePartParticulars,
    VehicleParticulars,
)

from filing.importing.layout import CHANGED_ON, PAPER, SCAN, WORKBOOK
from filing.importing.rows import Read

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A resource of the operator as it stands, or as a row states it. `name`: of a person."""

    resource_id: UUID
    particulars: ResourceParticulars
    name: str | None
    ended_on: date | None = None


def keys(particulars: ResourceParticulars, name: str | None) -> Iterator[Key]:
    """By what a resource is known, the surest first."""
    match particulars:
        case PersonParticulars():
            yield from (("certificate", number) for number in numbers(particulars))
            yield "person", name, particulars.joined_on
        case DeviceParticulars():
            yield "device", particulars.model, particulars.serial_number
        case SparePartParticulars():
            yield _part(particulars)
        case VehicleParticulars():
            yield "vehicle", particulars.plate


def _part(part: SparePartParticulars) -> Key:
    """By its number, or by all that says what and where it is."""
    place = None if part.number else part.place
    return "spare_part", part.category, part.name, part.model, part.number, place


def numbers(particulars: ResourceParticulars) -> frozenset[str]:
    """The numbers of a person's certificates, however they are typed."""
    if not isinstance(particulars, PersonParticulars):
        return frozenset()
    typed = (paper.number for paper in particulars.papers if paper.number)
    return frozenset("".join(number.split()).upper() for number in typed)


class EnteredBefore:
    """Everything that the operator has entered, and the rows of a workbook read so far."""

    def __init__(self, resources: Iterable[Entered]) -> None:
        self._by_key: dict[Key, Entered] = {}
        for resource in sorted(resources, key=lambda each: each.ended_on is None):
            self.add(resource)

    def add(self, entered: Entered) -> None:
        """Of two with the same key the later counts: one in use rather than one that has ended."""
        self._by_key |= dict.fromkeys(keys(entered.particulars, entered.name), entered)

    def find(self, particulars: ResourceParticulars, name: str | None) -> Entered | None:
        found = (self._by_key.get(key) for key in keys(particulars, name))
        return next((each for each in found if each and not _are_two(each.particulars, particulars)), None)


def _are_two(first: ResourceParticulars, second: ResourceParticulars) -> bool:
    """Two people of one name who began on one day are told apart by their certificates."""
    return bool(numbers(first) and numbers(second) and not numbers(first) & numbers(second))


def differences(read: Read, entered: Entered) -> list[str]:
    """The titles of the columns in which a row says other than what is entered. A blank cell says nothing."""
    assert read.particulars is not None
    row, before = _values(read.particulars, read.name), _values(entered.particulars, entered.name)
    columns = (column for column in WORKBOOK.sheet(read.row.kind).columns if column not in (CHANGED_ON,))
    return [
        column.title
        for column in columns
        if column.field != SCAN and row.get(column.field) not in (None, before.get(column.field))
    ]


def _values(particulars: ResourceParticulars, name: str | None) -> dict[str, Any]:
    """By the fields of the columns."""
    paper = particulars.papers[0] if particulars.papers else None
    of_paper = {f"{PAPER}{field}": value for field, value in paper} if paper else {}
    return {**dict(particulars), **of_paper, **({"name": name} if particulars.kind == "person" else {})}
