"""What an auditor has found, in bounded memory, since a topic may hold millions of streams and any content."""

from dataclasses import dataclass, field
from typing import Final

DETAILS_MOST: Final = 100
"""How many faults, and how many streams with gaps, are stored in detail. Further ones are only counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, as `audit` prints it."""

    kind: str
    partition: int
    offset: int
    stream: str
    version: int
    why: str


@dataclass
class Findings:
    """What the topic holds. Repeated and withdrawn facts are allowed; the numbers in `figures` must stay 0.

    `begun_anew`: how often the topic was created anew or cut past the offset of the auditor while it was being followed.

    `remembered`: of how many streams the last version is kept. Of a stream forgotten for lack of memory the next version
    is taken as it comes. The command line, which reads the topic once, forgets none (None).
    """

    remembered: int | None = None
    read: int = 0
    repeats: int = 0
    withdrawn: int = 0
    forgotten: int = 0
    begun_anew: int = 0
    inversions: int = 0
    unreadable: int = 0
    forged: int = 0
    faults: list[Fault] = field(default_factory=list)
    _last: dict[str, tuple[int, int]] = field(default_factory=dict)
    _missing: dict[str, set[int]] = field(default_factory=dict)
    _missing_beyond: int = 0

    @property
    def gaps(self) -> int:
        """The number of versions that are missing before a later version of their stream."""
        return sum(len(versions) for versions in self._missing.values()) + self._missing_beyond

    @property
    def streams(self) -> int:
        return len(self._last) + self.forgotten

    @property
    def figures(self) -> dict[str, int]:
        """The number of faults by kind."""
        return {
            "hole": self.gaps,
            "inversion": self.inversions,
            "unreadable": self.unreadable,
            "forged": self.forged,
        }

    def knows(self, stream: str) -> bool:
        return stream in self._last

    def add(
        self, stream: str, version: int, *, epoch: int = 1, before: int = 0, at: tuple[int, int] = (0, 0)
    ) -> None:
        """Add a genuine message. `before`: the version to expect before it where the stream is not known yet."""
        last_epoch, last = self._last.pop(stream, (epoch, before))
        if epoch > last_epoch and version <= last:
            last = version - 1  # the log was restored and continues from an earlier version
        self._last[stream] = (max(epoch, last_epoch), max(version, last))
        if version > last + 1:
            self._add_gap(stream, last, version, at)
        elif version <= last:
            self._add_late(stream, version, at)
        self._forget()

    def add_fault(self, kind: str, at: tuple[int, int], why: str, stream: str = "", version: int = 0) -> None:
        """`at`: partition and offset."""
        if kind == "unreadable":
            self.unreadable += 1
        elif kind == "forged":
            self.forged += 1
        if len(self.faults) < DETAILS_MOST:
            self.faults.append(Fault(kind, *at, stream, version, why))

    def _add_gap(self, stream: str, last: int, version: int, at: tuple[int, int]) -> None:
        missing = version - last - 1
        if missing <= DETAILS_MOST and len(self._missing) < DETAILS_MOST:
            self._missing.setdefault(stream, set()).update(range(last + 1, version))
        else:
            self._missing_beyond += missing
        self.add_fault("hole", at, f"{last} then {version}", stream, version)

    def _add_late(self, stream: str, version: int, at: tuple[int, int]) -> None:
        """A version that is not later than the last one: it fills a gap, out of order, or it is a repeat."""
        if version not in self._missing.get(stream, ()):
            self.repeats += 1
            return
        self._missing[stream].discard(version)
        if not self._missing[stream]:
            del self._missing[stream]
        self.inversions += 1
        self.add_fault("inversion", at, f"{version} came late", stream, version)

    def _forget(self) -> None:
        if self.remembered is not None and len(self._last) > self.remembered:
            self._last.pop(next(iter(self._last)))
            self.forgotten += 1
