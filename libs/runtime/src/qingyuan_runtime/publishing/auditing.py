"""The auditor: reads the topic by itself and compares each message with the bytes in the log, and its place with its stream's.

It shares no code with the relay, so a mistake there cannot hide itself here. No message can end it: what it cannot read
is one of the things it is there to tell. Kinds of fault: `hole` and `inversion` (versions must be 1, 2, 3 …),
`unreadable`, and `forged` (otherwise than in the log, or signed wrongly). Not a fault: a repeat, and what the log held
before a restore and holds no longer (`withdrawn`). A topic that was made anew, or cut past its place, it begins anew.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

import structlog
from qingyuan_events import Envelope, read_envelope

from qingyuan_runtime.bus.port import Delivered, OffsetGone, Reader
from qingyuan_runtime.bus.signing import Keyring
from qingyuan_runtime.following.follower import POLL_MILLISECONDS, WATCH_EVERY, Restarts
from qingyuan_runtime.following.position import require_same
from qingyuan_runtime.log.rows import LogRows, Row, differences
from qingyuan_runtime.process import metrics
from qingyuan_runtime.process.closing import opened
from qingyuan_runtime.process.role_health import ROLE_HEALTH, current_role
from qingyuan_runtime.process.unavailable import UNAVAILABLE, Backoff
from qingyuan_runtime.publishing.audit_findings import Findings

log = structlog.get_logger()

BATCH: Final = 2_000
REMEMBERED: Final = 300_000
"""Streams that an auditor who stays knows the place of: some fifty megabytes."""


class Auditor:
    """Follows a topic from its beginning. `read_to_end` for a command line, `run` for a process.

    Without `rows` it only looks at what the topic says of itself: enough for a bench, not for anybody's peace of mind.
    """

    def __init__(
        self,
        open_reader: Callable[[], Awaitable[Reader]],
        rows: LogRows | None = None,
        keys: Keyring | None = None,
    ) -> None:
        self._open_reader = open_reader
        self._rows = rows
        self._keys = keys
        self._cut: set[int] = set()
        self._backoff = Backoff()
        self._restarts = Restarts()
        self._topic_id: UUID | None = None
        self._watched = 0.0
        self._begins_anew = False
        self._counted: dict[str, int] = {}
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
        """Follow the topic until cancelled and keep the audit metrics. A lost broker or database is waited for."""
        while True:
            try:
                await self._follow()
            except OffsetGone as reason:
                await self._begin_anew(reason)
            except UNAVAILABLE as error:
                await self._backoff.after(error)

    async def _follow(self) -> None:
        """Every (re)connection reads from the beginning again, so it begins with empty findings."""
        self.findings = Findings(remembered=REMEMBERED, begun_anew=self.findings.begun_anew)
        async with opened(self._open_reader()) as reader:
            await self._start(reader)
            if self._begins_anew:
                self._begins_anew = False
                ROLE_HEALTH.recovered(current_role("auditor"))
            while True:
                await self._poll(reader)
                self._backoff.reset()
                await self._watch(reader)
                self._count()

    async def _watch(self, reader: Reader) -> None:
        """A topic made anew may have grown past this place: then nothing but its id tells."""
        if time.monotonic() - self._watched > WATCH_EVERY:
            self._watched = time.monotonic()
            require_same(self._topic_id, await reader.topic_id())

    async def _begin_anew(self, reason: OffsetGone) -> None:
        """Told once, however long it takes until there is a topic again."""
        if not self._begins_anew:
            self._begins_anew = True
            self.findings.begun_anew += 1
            metrics.audit_begun_anew_total.inc()
            log.warning("auditor.begins_anew", reason=reason)
        ROLE_HEALTH.degraded(current_role("auditor"), f"begins the topic anew: {reason}")
        await asyncio.sleep(self._restarts.pause(time.monotonic()))

    async def _start(self, reader: Reader) -> dict[int, int]:
        topic_id = await reader.topic_id()
        if topic_id != self._topic_id:
            self._topic_id, self._counted = topic_id, {}
        places = dict(await reader.beginnings())
        self._cut = {partition for partition, offset in places.items() if offset > 0}
        await reader.assign(places)
        return places

    async def _poll(self, reader: Reader) -> Mapping[int, Sequence[Delivered]]:
        found = await reader.poll(timeout_ms=POLL_MILLISECONDS, max_records=BATCH)
        for records in found.values():
            await self._see(records)
        return found

    async def _see(self, records: Sequence[Delivered]) -> None:
        self.findings.read += len(records)
        read = [(record, self._read(record)) for record in records]
        told = [(record, said) for record, said in read if said is not None]
        rows = await self._rows.at((said.stream, said.version) for _, said in told) if self._rows else None
        epoch = await self._rows.epoch() if self._rows else 1
        genuine = [(r, said) for r, said in told if self._is_true(r, said, rows, epoch)]
        begun = await self._begun(said for _, said in genuine)
        for record, said in genuine:
            whole = record.partition not in self._cut and not self.findings.forgotten
            before = begun.get(said.stream, 0) if whole else said.version - 1
            at = (record.partition, record.offset)
            self.findings.see(said.stream, said.version, epoch=said.epoch, before=before, at=at)

    async def _begun(self, told: Iterable[Envelope]) -> Mapping[str, int]:
        """Up to where streams that first appear in the middle were written as history, which no relay publishes."""
        new = {said.stream for said in told if said.version > 1 and not self.findings.knows(said.stream)}
        return await self._rows.unpublished(new) if self._rows and new else {}

    def _read(self, record: Delivered) -> Envelope | None:
        try:
            said = read_envelope(record.headers)
            if said.stream.encode() != record.key:
                raise ValueError("its key is not its stream")
            return said
        except Exception as error:
            self._tell("unreadable", record, f"{type(error).__name__}: {str(error)[:200]}")
            return None

    def _is_true(
        self, record: Delivered, said: Envelope, rows: Mapping[tuple[str, int], Row] | None, epoch: int
    ) -> bool:
        """Whether the log says the same. What it says otherwise, or no longer, is told."""
        signed = self._keys.verify(record) if self._keys else None
        row = rows.get((said.stream, said.version)) if rows is not None else None
        why = "signed wrongly" if signed is False else _otherwise(said, record, row, rows)
        if why is None:
            return True
        now = row.epoch if row else epoch
        if said.epoch < now and (signed or self._keys is None):
            self.findings.withdrawn += 1
        else:
            self._tell("forged" if _is_json(record.value) else "unreadable", record, why, said)
        return False

    def _tell(self, kind: str, record: Delivered, why: str, said: Envelope | None = None) -> None:
        stream = said.stream if said else record.key.decode(errors="replace")[:200]
        version = said.version if said else 0
        self.findings.tell(kind, (record.partition, record.offset), why, stream, version)

    def _count(self) -> None:
        """What is new since it was last counted: reading from the beginning again finds nothing new."""
        found = self.findings
        metrics.audit_events_total.inc(self._more("read", found.read))
        metrics.audit_repeats_total.inc(self._more("repeats", found.repeats))
        metrics.audit_withdrawn_total.inc(self._more("withdrawn", found.withdrawn))
        for kind, figure in found.figures.items():
            metrics.audit_faults_total.labels(kind).inc(self._more(kind, figure))

    def _more(self, name: str, figure: int) -> int:
        before = self._counted.get(name, 0)
        self._counted[name] = max(before, figure)
        return max(0, figure - before)


def _otherwise(
    said: Envelope, record: Delivered, row: Row | None, rows: Mapping[tuple[str, int], Row] | None
) -> str | None:
    if rows is None:
        return None if _is_json(record.value) else "its value is no JSON"
    if row is None:
        return "not in the log"
    different = differences(said, record.value, row)
    return f"the log says otherwise: {', '.join(different)}" if different else None


def _is_json(value: bytes) -> bool:
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True
