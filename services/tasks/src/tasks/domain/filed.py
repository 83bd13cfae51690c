"""What this service knows of an operator's filing, from its own copy of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from typing import Final, Literal, TypeVar
from uuid import UUID

from qingyuan_events.filing import PaperKind
from qingyuan_events.parts import Part

FilingState = Literal["not_filed", "filed", "locked", "cancelled"]
PAPERS_OF_PERSON: Final[frozenset[PaperKind]] = frozenset({"competence_certificate"})
PAPERS_OF_DEVICE: Final[frozenset[PaperKind]] = frozenset({"verification", "calibration"})


class PaperCopy(Part):
    """A paper of a filed person or device. A revocation counts from the day that the regulator named."""

    paper_id: UUID
    kind: PaperKind
    number: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    revoked_from: date | None = None

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds."""
        return self._before_revocation if self.is_cut_short else self.valid_to

    @property
    def is_cut_short(self) -> bool:
        """Whether a revocation ends it before its own last day."""
        revoked = self._before_revocation
        return revoked is not None and (self.valid_to is None or revoked < self.valid_to)

    @property
    def _before_revocation(self) -> date | None:
        return self.revoked_from - timedelta(days=1) if self.revoked_from else None

    def covers(self, day: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCopy:
    """A filed person; `last_day`: of one who has left, the last day on which they were there."""

    resource_id: UUID
    account_id: UUID | None
    papers: tuple[PaperCopy, ...] = ()
    last_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCopy:
    """A filed device, as its serial number finds it."""

    resource_id: UUID
    name: str
    model: str
    serial_number: str
    papers: tuple[PaperCopy, ...] = ()
    last_day: date | None = None


R = TypeVar("R", PersonCopy, DeviceCopy)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingCopy:
    """What is filed of an operator. Of one that is not filed, or has given its filing up, nobody and nothing is."""

    state: FilingState = "not_filed"
    filed_on: date | None = None
    people: tuple[PersonCopy, ...] = ()
    devices: tuple[DeviceCopy, ...] = ()

    def person(self, account_id: UUID) -> PersonCopy | None:
        return _latest(person for person in self.people if person.account_id == account_id)

    def device(self, serial_number: str) -> DeviceCopy | None:
        return _latest(device for device in self.devices if device.serial_number == serial_number)


def _latest(entries: Iterable[R]) -> R | None:
    """Who has left and come back is filed twice: the entry that is there longest, with the papers of both."""
    ordered = sorted(entries, key=lambda entry: entry.last_day or date.max)
    if not ordered:
        return None
    papers = newest_statements(*(entry.papers for entry in ordered))
    return replace(ordered[-1], papers=papers)


def newest_statements(*papers: Iterable[PaperCopy]) -> tuple[PaperCopy, ...]:
    """Every paper once, as the last of these lists states it."""
    return tuple({paper.paper_id: paper for paper in chain(*papers)}.values())


def holds_until(papers: Iterable[PaperCopy]) -> date | None:
    """The last day of the paper that ends last; None where there is none, or it has no end."""
    ends = [paper.last_day for paper in papers]
    return max((day for day in ends if day), default=None) if None not in ends else None
