"""The auditor reads a topic and compares each message with the bytes in the log, and its version with its stream.

It shares no code with the relay, so a mistake there does not hide itself here. No message ends it: an unreadable one is
a fault to report. The kinds of fault: `hole` and `inversion` (versions must be 1, 2, 3 …), `unreadable`, and `forged`
(different from the log, or a wrong signature). Repeated messages are no fault, nor are facts that the log has lost in a
restore (`withdrawn`). If the topic was created anew, or cut past its offset, the auditor reads it from the beginning.
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
from qingyuan_runtime.following.position import require_same_topic
from qingyuan_runtime.log.rows import LogRows, Row, RowKey, differences
from qingyuan_runtime.process import metrics
from qingyuan_runtime.process.closing import opened
from qingyuan_runtime.process.role_health import ROLE_HEALTH, current_role
from qingyuan_runtime.process.unavailable import UNAVAILABLE, Backoff
from qingyuan_runtime.publishing.audit_findings import Findings

log = structlog.get_logger()

BATCH: Final = 2_000
REMEMBERED: Final = 300_000
"""Streams whose last version a running auditor keeps in memory: some fifty megabytes."""


class Auditor:
    """Reads a topic from its beginning. `read_to_end` for the command line, `run` for a process.

    Without `rows` messages are not compared with the log; only benchmarks do without.
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
        self._topic_checked = 0.0
        self._begins_anew = False
        self._counted: dict[str, int] = {}
        self.findings = Findings()

    async def read_to_end(self) -> Findings:
        """Read everything that is in the topic now."""
        async with opened(self._open_reader()) as reader:
            ends, offsets = await reader.ends(), await self._start(reader)
            while any(offsets[n] < end for n, end in ends.items()):
                for partition, records in (await self._poll(reader)).items():
                    offsets[partition] = records[-1].offset + 1
        return self.findings

    async def run(self) -> None:
        """Follow the topic until cancelled and update the audit metrics. Waits for an unavailable broker or database."""
        while True:
            try:
                await self._follow()
            except OffsetGone as reason:
                await self._begin_anew(reason)
            except UNAVAILABLE as error:
                await self._backoff.after(error)

    async def _follow(self) -> None:
        """Each connection reads the topic from its beginning, so it starts with empty findings."""
        self.findings = Findings(remembered=REMEMBERED, begun_anew=self.findings.begun_anew)
        async with opened(self._open_reader()) as reader:
            await self._start(reader)
            if self._begins_anew:
                self._begins_anew = False
                ROLE_HEALTH.recovered(current_role("auditor"))
            while True:
                await self._poll(reader)
                self._backoff.reset()
                await self._check_topic(reader)
                self._count()

    async def _check_topic(self, reader: Reader) -> None:
        """Check the topic's id: a topic created anew may have grown past the offset here, and reading would not notice."""
        if time.monotonic() - self._topic_checked > WATCH_EVERY:
            self._topic_checked = time.monotonic()
            require_same_topic(self._topic_id, await reader.topic_id())

    async def _begin_anew(self, reason: OffsetGone) -> None:
        """Counted and logged once, however long it takes until there is a topic again."""
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
        offsets = dict(await reader.beginnings())
        self._cut = {partition for partition, offset in offsets.items() if offset > 0}
        await reader.assign(offsets)
        return offsets

    async def _poll(self, reader: Reader) -> Mapping[int, Sequence[Delivered]]:
        batches = await reader.poll(timeout_ms=POLL_MILLISECONDS, max_records=BATCH)
        for records in batches.values():
            await self._check(records)
        return batches

    async def _check(self, records: Sequence[Delivered]) -> None:
        self.findings.read += len(records)
        read = [(record, self._read(record)) for record in records]
        readable = [(record, envelope) for record, envelope in read if envelope is not None]
        keys = [(envelope.stream, envelope.version) for _, envelope in readable]
        rows = await self._rows.at(keys) if self._rows else None
        epoch = await self._rows.epoch() if self._rows else 1
        genuine = [
            (record, envelope)
            for record, envelope in readable
            if self._is_genuine(record, envelope, rows, epoch)
        ]
        history = await self._history(envelope for _, envelope in genuine)
        for record, envelope in genuine:
            complete = record.partition not in self._cut and not self.findings.forgotten
            before = history.get(envelope.stream, 0) if complete else envelope.version - 1
            at = (record.partition, record.offset)
            self.findings.add(envelope.stream, envelope.version, epoch=envelope.epoch, before=before, at=at)

    async def _history(self, envelopes: Iterable[Envelope]) -> Mapping[str, int]:
        """For streams that first appear with a later version: the last version imported as history, which no relay publishes."""
        new = {
            envelope.stream
            for envelope in envelopes
            if envelope.version > 1 and not self.findings.knows(envelope.stream)
        }
        return await self._rows.unpublished(new) if self._rows and new else {}

    def _read(self, record: Delivered) -> Envelope | None:
        try:
            envelope = read_envelope(record.headers)
            if envelope.stream.encode() != record.key:
                raise ValueError("its key is not its stream")
            return envelope
        except Exception as error:
            self._report("unreadable", record, f"{type(error).__name__}: {str(error)[:200]}")
            return None

    def _is_genuine(
        self, record: Delivered, envelope: Envelope, rows: Mapping[RowKey, Row] | None, epoch: int
    ) -> bool:
        """Whether signature and log confirm the message. If not, it is reported, or counted as withdrawn."""
        signed = self._keys.verify(record) if self._keys else None
        row = rows.get((envelope.stream, envelope.version)) if rows is not None else None
        reason = "signed wrongly" if signed is False else _mismatch(envelope, record, row, rows)
        if reason is None:
            return True
        log_epoch = row.epoch if row else epoch
        if envelope.epoch < log_epoch and (signed or self._keys is None):
            self.findings.withdrawn += 1
        else:
            self._report("forged" if _is_json(record.value) else "unreadable", record, reason, envelope)
        return False

    def _report(self, kind: str, record: Delivered, reason: str, envelope: Envelope | None = None) -> None:
        stream = envelope.stream if envelope else record.key.decode(errors="replace")[:200]
        version = envelope.version if envelope else 0
        self.findings.add_fault(kind, (record.partition, record.offset), reason, stream, version)

    def _count(self) -> None:
        """Add to the metrics what is new since the last call. Reading the topic again from its beginning adds nothing."""
        findings = self.findings
        metrics.audit_events_total.inc(self._increase("read", findings.read))
        metrics.audit_repeats_total.inc(self._increase("repeats", findings.repeats))
        metrics.audit_withdrawn_total.inc(self._increase("withdrawn", findings.withdrawn))
        for kind, figure in findings.figures.items():
            metrics.audit_faults_total.labels(kind).inc(self._increase(kind, figure))

    def _increase(self, name: str, figure: int) -> int:
        before = self._counted.get(name, 0)
        self._counted[name] = max(before, figure)
        return max(0, figure - before)


def _mismatch(
    envelope: Envelope, record: Delivered, row: Row | None, rows: Mapping[RowKey, Row] | None
) -> str | None:
    """How the message differs from the log; None where it does not."""
    if rows is None:
        return None if _is_json(record.value) else "its value is no JSON"
    if row is None:
        return "not in the log"
    different = differences(envelope, record.value, row)
    return f"the log says otherwise: {', '.join(different)}" if different else None


def _is_json(value: bytes) -> bool:
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True
