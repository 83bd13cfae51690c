"""Instruments as the register has them, to compare an import with: those in use and those that have ended. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events.labels import KINDS, LABELS, word
from qingyuan_events.registry import InstrumentParticulars
from qingyuan_runtime.domain.decider import Problem

from registry.domain.instrument import INSTRUMENT, InstrumentFact

NAMED: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`versions`: all that was ever said of it, the present last; `days`: since when each of them held."""

    id: UUID
    point_id: UUID
    versions: tuple[InstrumentParticulars, ...]
    days: frozenset[date]
    ended_on: date | None

    @property
    def present(self) -> InstrumentParticulars:
        return self.versions[-1]

    def is_said(self, particulars: InstrumentParticulars, since: date) -> bool:
        return self.present == particulars and since in self.days


def known(recorded: Sequence[Recorded[Fact]]) -> Known:
    state = INSTRUMENT.initial
    versions: list[InstrumentParticulars] = []
    days: set[date] = set()
    for one in recorded:
        fact = cast(InstrumentFact, one.fact)
        state = INSTRUMENT.evolve(state, fact)
        assert state.life.particulars is not None
        versions.append(state.life.particulars)
        if day := getattr(fact, "valid_from", None):
            days.add(day)
    key = UUID(recorded[0].stream.removeprefix("instrument-"))
    return Known(
        id=key,
        point_id=state.point_id,
        versions=tuple(versions),
        days=frozenset(days),
        ended_on=state.life.valid_to,
    )


class Register:
    """Finds the instrument that a row speaks of. Each is found once, so that of two alike both are found."""

    def __init__(self, instruments: Iterable[Known]) -> None:
        self._of_point: dict[tuple[UUID, str], list[Known]] = defaultdict(list)
        for instrument in instruments:
            self._of_point[instrument.point_id, instrument.present.kind].append(instrument)

    def take(self, point_id: UUID, particulars: InstrumentParticulars, since: date) -> Known | None:
        """The same instrument, in use or ended; None where the row speaks of another one."""
        there = self._of_point[point_id, particulars.kind]
        found = next(_found(there, particulars, since), None)
        if found is not None:
            there.remove(found)
        return found

    def beside(self, point_id: UUID, particulars: InstrumentParticulars) -> Known | None:
        """Another one in use that measures the same at this point."""
        factor = getattr(particulars, "factor", None)
        there = self._of_point[point_id, particulars.kind]
        same = (
            one for one in there if one.ended_on is None and getattr(one.present, "factor", None) == factor
        )
        return next(same, None)


def _found(there: list[Known], particulars: InstrumentParticulars, since: date) -> Iterator[Known]:
    in_use = [one for one in there if one.ended_on is None]
    ended = [one for one in there if one.ended_on is not None and since < one.ended_on]
    yield from (one for one in in_use if one.is_said(particulars, since))
    for group in (in_use, ended):
        yield from (one for one in group if _serial(particulars) and _same_serial(one.present, particulars))
    yield from (one for one in ended if particulars in one.versions)
    yield from (one for one in in_use if particulars in one.versions[:-1] and since in one.days)


def _serial(particulars: InstrumentParticulars) -> str | None:
    return getattr(particulars, "serial_number", None)


def _same_serial(there: InstrumentParticulars, particulars: InstrumentParticulars) -> bool:
    """One device may measure two factors: then it is registered once for each."""
    return _serial(there) == _serial(particulars) and there.factor == particulars.factor  # type: ignore[union-attr]


def difference(there: Known, particulars: InstrumentParticulars, since: date) -> Problem:
    """What the register says otherwise, in the words of the sheet."""
    labels = LABELS[KINDS[particulars.kind]]
    was, now = there.present, particulars
    said = [
        f"{title}（登记为“{word(name, getattr(was, name))}”，文件中为“{word(name, getattr(now, name))}”）"
        for name, title in labels.items()
        if getattr(was, name) != getattr(now, name)
    ]
    if not said:
        said = [f"启用日期（登记为“{min(there.days)}”，文件中为“{since}”）"]
    named = "、".join(said[:NAMED]) + ("等" if len(said) > NAMED else "")
    return Problem(
        "",
        "register.differs",
        f"这台仪器已登记，但内容不同：{named}。导入不修改已登记的仪器，请在仪器页面办理更正，或从文件中删去这一行。",
    )
