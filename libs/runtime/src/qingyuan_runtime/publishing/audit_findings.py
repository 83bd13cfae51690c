"""What an auditor has found, in bounded memory: a topic may hold anything, and millions of streams."""

from dataclasses import dataclass, field
from typing import Final

KEPT_MOST: Final = 100
"""So many faults are told in words, and so many streams with holes in detail; beyond that they are only counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    kind: str
    partition: int
    offset: int
    stream: str
    version: int
    why: str


@dataclass
class Findings:
    """What the topic really holds. Repeats and withdrawn facts are allowed; everything under `faults` must stay 0.

    `begun_anew`: how often the topic was made anew, or cut past where it was read, while it was followed.

    `remembered`: of so many streams it is known where they stand. One that was forgotten for lack of room and comes
    again begins where it comes; the command line, which reads once and ends, forgets none.
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
    def holes(self) -> int:
        """Versions that a later one has passed by and that have not come since."""
        return sum(len(versions) for versions in self._missing.values()) + self._missing_beyond

    @property
    def streams(self) -> int:
        return len(self._last) + self.forgotten

    @property
    def figures(self) -> dict[str, int]:
        """The faults by kind."""
        return {
            "hole": self.holes,
            "inversion": self.inversions,
            "unreadable": self.unreadable,
            "forged": self.forged,
        }

    def knows(self, stream: str) -> bool:
        return stream in self._last

    def see(
        self, stream: str, version: int, *, epoch: int = 1, before: int = 0, at: tuple[int, int] = (0, 0)
    ) -> None:
        """One genuine message. `before`: which version the stream stands at where nothing is known of it yet."""
        came, last = self._last.pop(stream, (epoch, before))
        if epoch > came and version <= last:
            last = version - 1  # the log was restored: it counts on from an earlier version
        self._last[stream] = (max(epoch, came), max(version, last))
        if version > last + 1:
            self._hole(stream, last, version, at)
        elif version <= last:
            self._late(stream, version, at)
        self._forget()

    def tell(self, kind: str, at: tuple[int, int], why: str, stream: str = "", version: int = 0) -> None:
        """A fault that lies in the message itself."""
        if kind == "unreadable":
            self.unreadable += 1
        elif kind == "forged":
            self.forged += 1
        if len(self.faults) < KEPT_MOST:
            self.faults.append(Fault(kind, *at, stream, version, why))

    def _hole(self, stream: str, last: int, version: int, at: tuple[int, int]) -> None:
        missing = version - last - 1
        if missing <= KEPT_MOST and len(self._missing) < KEPT_MOST:
            self._missing.setdefault(stream, set()).update(range(last + 1, version))
        else:
            self._missing_beyond += missing
        self.tell("hole", at, f"{last} then {version}", stream, version)

    def _late(self, stream: str, version: int, at: tuple[int, int]) -> None:
        if version not in self._missing.get(stream, ()):
            self.repeats += 1
            return
        self._missing[stream].discard(version)
        if not self._missing[stream]:
            del self._missing[stream]
        self.inversions += 1
        self.tell("inversion", at, f"{version} came late", stream, version)

    def _forget(self) -> None:
        if self.remembered is not None and len(self._last) > self.remembered:
            self._last.pop(next(iter(self._last)))
            self.forgotten += 1
