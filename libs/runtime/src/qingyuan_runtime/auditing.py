"""The auditor: reads the topic by itself and checks that each stream's versions are 1, 2, 3 … without a hole.

It shares no code with the relay, so a mistake there cannot hide itself here.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from qingyuan_runtime import metrics
from qingyuan_runtime.away import AWAY, Patience
from qingyuan_runtime.broker import Delivered, Reader
from qingyuan_runtime.closing import opened


@dataclass
class Findings:
    """What the topic really holds. `repeats` are allowed; holes and inversions must stay 0."""

    read: int = 0
    repeats: int = 0
    inversions: int = 0
    faults: list[str] = field(default_factory=list)
    _last: dict[bytes, int] = field(default_factory=dict)
    _missing: dict[bytes, set[int]] = field(default_factory=dict)

    @property
    def holes(self) -> int:
        """Versions that a later one has passed by and that have not come since."""
        return sum(len(versions) for versions in self._missing.values())

    @property
    def streams(self) -> int:
        return len(self._last)

    def see(self, stream: bytes, version: int, *, from_the_start: bool = True) -> None:
        """One message. A topic cut off by retention does not hold the first versions of its streams."""
        self.read += 1
        last = self._last.get(stream, 0 if from_the_start else version - 1)
        if version == last + 1:
            self._last[stream] = version
        elif version > last + 1:
            self._hole(stream, last, version)
        elif version in self._missing.get(stream, ()):
            self._inversion(stream, version)
        else:
            self.repeats += 1

    def _hole(self, stream: bytes, last: int, version: int) -> None:
        self._missing.setdefault(stream, set()).update(range(last + 1, version))
        self._last[stream] = version
        self.faults.append(f"{stream.decode()}: {last} then {version}")

    def _inversion(self, stream: bytes, version: int) -> None:
        self._missing[stream].discard(version)
        self.inversions += 1
        self.faults.append(f"{stream.decode()}: {version} came late")


class Auditor:
    """Follows a topic from its beginning. `read_to_end` for a command line, `run` for a process."""

    def __init__(self, open_reader: Callable[[], Awaitable[Reader]]) -> None:
        self._open_reader = open_reader
        self._cut: set[int] = set()
        self._patience = Patience()
        self.findings = Findings()

    async def read_to_end(self) -> Findings:
        """Read everything that is in the topic now."""
        async with opened(self._open_reader()) as reader:
            ends, places = await reader.ends(), await self._start(reader)
            while any(places[n] < end for n, end in ends.items()):
                for partition, records in (await self._poll(reader)).items():
                    places[partition] = records[-1].offset + 1
        return self.findings

    async def run(self) -> None:
        """Follow the topic until cancelled and keep the audit metrics. A lost broker is waited for."""
        while True:
            try:
                await self._follow()
            except AWAY as error:
                await self._patience.after(error)

    async def _follow(self) -> None:
        """Every (re)connection reads from the beginning again, so it begins with empty findings."""
        self.findings = Findings()
        async with opened(self._open_reader()) as reader:
            await self._start(reader)
            while True:
                before = _figures(self.findings)
                await self._poll(reader)
                self._patience.well()
                _count(before, _figures(self.findings))

    async def _start(self, reader: Reader) -> dict[int, int]:
        places = dict(await reader.beginnings())
        self._cut = {partition for partition, offset in places.items() if offset > 0}
        await reader.assign(places)
        return places

    async def _poll(self, reader: Reader) -> Mapping[int, list[Delivered]]:
        found = await reader.poll(timeout_ms=500, max_records=5_000)
        for records in found.values():
            self._see(records)
        return {partition: list(records) for partition, records in found.items()}

    def _see(self, records: Iterable[Delivered]) -> None:
        for record in records:
            version = int(record.headers["ce_streamversion"])
            self.findings.see(record.key, version, from_the_start=record.partition not in self._cut)


Figures = tuple[int, int, int, int]


def _figures(found: Findings) -> Figures:
    return found.read, found.repeats, found.holes, found.inversions


def _count(before: Figures, now: Figures) -> None:
    metrics.audit_events_total.inc(now[0] - before[0])
    metrics.audit_repeats_total.inc(now[1] - before[1])
    metrics.audit_faults_total.labels("hole").inc(max(0, now[2] - before[2]))
    metrics.audit_faults_total.labels("inversion").inc(now[3] - before[3])
