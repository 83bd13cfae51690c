"""Registered instruments that the rows of an import are compared with, in use or ended. Pure."""

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

from registry.domain.instruments.decider import INSTRUMENT
from registry.domain.instruments.state import InstrumentFact

NAMED: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredInstrument:
    """`versions`: its particulars after each change, the present ones last; `days`: the first day of each of them."""

    id: UUID
    point_id: UUID
    versions: tuple[InstrumentParticulars, ...]
    days: frozenset[date]
    ended_on: date | None

    @property
    def present(self) -> InstrumentParticulars:
        return self.versions[-1]

    def matches(self, particulars: InstrumentParticulars, valid_from: date) -> bool:
        return self.present == particulars and valid_from in self.days


def registered_instrument(recorded: Sequence[Recorded[Fact]]) -> RegisteredInstrument:
    state = INSTRUMENT.initial
    versions: list[InstrumentParticulars] = []
    days: set[date] = set()
    for fact in (cast(InstrumentFact, change.fact) for change in recorded):
        state = INSTRUMENT.evolve(state, fact)
        assert state.lifetime.particulars is not None
        versions.append(state.lifetime.particulars)
        if day := getattr(fact, "valid_from", None):
            days.add(day)
    key = UUID(recorded[0].stream.removeprefix("instrument-"))
    return RegisteredInstrument(
        id=key,
        point_id=state.point_id,
        versions=tuple(versions),
        days=frozenset(days),
        ended_on=state.lifetime.valid_to,
    )


class RegisteredInstruments:
    """Finds the instrument that a row describes. Each is found once, so two rows alike find two instruments alike."""

    def __init__(self, instruments: Iterable[RegisteredInstrument]) -> None:
        self._by_point: dict[tuple[UUID, str], list[RegisteredInstrument]] = defaultdict(list)
        for instrument in instruments:
            self._by_point[instrument.point_id, instrument.present.kind].append(instrument)

    def take(
        self, point_id: UUID, particulars: InstrumentParticulars, valid_from: date
    ) -> RegisteredInstrument | None:
        """The instrument that the row describes, in use or ended; None where it is not registered."""
        candidates = self._by_point[point_id, particulars.kind]
        found = next(_matching(candidates, particulars, valid_from), None)
        if found is not None:
            candidates.remove(found)
        return found

    def in_use_with_same_factor(
        self, point_id: UUID, particulars: InstrumentParticulars
    ) -> RegisteredInstrument | None:
        """Another instrument in use that measures the same at this point."""
        factor = getattr(particulars, "factor", None)
        same = (
            instrument
            for instrument in self._by_point[point_id, particulars.kind]
            if instrument.ended_on is None and getattr(instrument.present, "factor", None) == factor
        )
        return next(same, None)


def _matching(
    candidates: list[RegisteredInstrument], particulars: InstrumentParticulars, valid_from: date
) -> Iterator[RegisteredInstrument]:
    """The surest match first: the same particulars, the same serial number, then earlier particulars."""
    in_use = [instrument for instrument in candidates if instrument.ended_on is None]
    ended = [
        instrument
        for instrument in candidates
        if instrument.ended_on is not None and valid_from < instrument.ended_on
    ]
    yield from (instrument for instrument in in_use if instrument.matches(particulars, valid_from))
    if _serial(particulars):
        yield from (
            instrument for instrument in (*in_use, *ended) if _same_serial(instrument.present, particulars)
        )
    yield from (instrument for instrument in ended if particulars in instrument.versions)
    yield from (
        instrument
        for instrument in in_use
        if particulars in instrument.versions[:-1] and valid_from in instrument.days
    )


def _serial(particulars: InstrumentParticulars) -> str | None:
    return getattr(particulars, "serial_number", None)


def _same_serial(registered: InstrumentParticulars, particulars: InstrumentParticulars) -> bool:
    """One device may measure two factors: then it is registered once for each."""
    return _serial(registered) == _serial(particulars) and registered.factor == particulars.factor  # type: ignore[union-attr]


def difference(
    registered: RegisteredInstrument, particulars: InstrumentParticulars, valid_from: date
) -> Problem:
    """Where the register and the row differ, with the titles and words of the sheet."""
    labels = LABELS[KINDS[particulars.kind]]
    was, now = registered.present, particulars
    differences = [
        f"{title}（登记为“{word(name, getattr(was, name))}”，文件中为“{word(name, getattr(now, name))}”）"
        for name, title in labels.items()
        if getattr(was, name) != getattr(now, name)
    ]
    if not differences:
        differences = [f"启用日期（登记为“{min(registered.days)}”，文件中为“{valid_from}”）"]
    listed = "、".join(differences[:NAMED]) + ("等" if len(differences) > NAMED else "")
    return Problem(
        "",
        "register.differs",
        f"这台仪器已登记，但内容不同：{listed}。导入不修改已登记的仪器，请在仪器页面办理更正，或从文件中删去这一行。",
    )
