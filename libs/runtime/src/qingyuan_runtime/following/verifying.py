"""Verifies that a message was published by the owner of its topic, before a follower uses it.

The signature decides. Where there is none (published before messages were signed) or its key is not known here (not
yet, or no longer), the owner's log decides: a message that equals its row byte for byte is genuine. Any other message is
forged: it becomes a dead letter and is reported, and its stream goes on with the owner's genuine messages.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog
from qingyuan_events import TOPICS, Envelope, read_envelope

from qingyuan_runtime.bus.port import Delivered
from qingyuan_runtime.bus.signing import Keyring
from qingyuan_runtime.following.filtering import FORGED, Filtered, Poison
from qingyuan_runtime.log.rows import LogRows, PostgresRows, Row, RowKey, differences
from qingyuan_runtime.process import metrics
from qingyuan_runtime.process.settings import Settings
from qingyuan_runtime.process.unavailable import RetryLater

log = structlog.get_logger()


class VerificationNotConfigured(RetryLater):
    """Messages can be neither verified nor discarded because a setting is missing: the follower waits and reports it."""

    def __init__(self) -> None:
        super().__init__("neither LOG_KEYS_DIR nor the owner's log is set")


class Everything:
    """Takes every message for genuine. For topics that nobody else can write to: tests and benchmarks."""

    async def verify(self, records: Sequence[Delivered], _reader: str) -> Filtered:
        return Filtered(list(records))


EVERYTHING = Everything()


class VerifiedByLog:
    """Verifies by the owner's signature, and where that is not possible by the owner's log."""

    def __init__(self, keys: Keyring | None, rows: LogRows | None) -> None:
        self._keys = keys
        self._rows = rows

    async def verify(self, records: Sequence[Delivered], reader: str) -> Filtered:
        if self._keys is None and self._rows is None:
            raise VerificationNotConfigured
        signed = [self._keys.verify(record) if self._keys else None for record in records]
        unverified = [record for record, valid in zip(records, signed, strict=True) if valid is None]
        reasons = await self._compared(unverified) if unverified else {}
        verified = Filtered()
        for record, valid in zip(records, signed, strict=True):
            reason = "wrong signature" if valid is False else reasons.get((record.partition, record.offset))
            if reason:
                verified.forged.append(_forged(record, reason, reader))
            else:
                verified.genuine.append(record)
        return verified

    async def _compared(self, records: Sequence[Delivered]) -> Mapping[tuple[int, int], str]:
        """For each message that differs from the log the reason, by partition and offset."""
        envelopes = [_envelope(record) for record in records]
        keys = [(named.stream, named.version) for named in envelopes if isinstance(named, Envelope)]
        rows = await self._rows.at(keys) if self._rows else {}
        reasons = {}
        for record, envelope in zip(records, envelopes, strict=True):
            if reason := _mismatch(envelope, record, rows):
                reasons[record.partition, record.offset] = reason
        return reasons


def _envelope(record: Delivered) -> Envelope | str:
    """The message's headers, or why they cannot be those of a fact."""
    try:
        envelope = read_envelope(record.headers)
    except Exception as error:
        return f"unreadable: {type(error).__name__}"
    return envelope if envelope.stream.encode() == record.key else "its key is not its stream"


def _mismatch(envelope: Envelope | str, record: Delivered, rows: Mapping[RowKey, Row]) -> str | None:
    if isinstance(envelope, str):
        return envelope
    row = rows.get((envelope.stream, envelope.version))
    if row is None:
        return "no signature that is known here, and not in its owner's log"
    different = differences(envelope, record.value, row)
    return f"its owner's log says otherwise: {', '.join(different)}" if different else None


def _forged(record: Delivered, reason: str, reader: str) -> Poison:
    metrics.forged_total.labels(reader).inc()
    log.error(
        "message.forged", reader=reader, partition=record.partition, offset=record.offset, reason=reason
    )
    return Poison(record, f"{FORGED}{reason}")


def owner_of(topic: str) -> str:
    return next(known.owner for known in TOPICS if known.name == topic)


def keys_of(folder: Path | None, service: str) -> Keyring | None:
    """The keys of `service`, in its folder below LOG_KEYS_DIR."""
    return Keyring(folder / service) if folder else None


def trust_in(topic: str, settings: Settings, log_dsn: str) -> VerifiedByLog:
    """How a follower of `topic` verifies messages; `log_dsn` is the owner's log, empty where there is no access."""
    rows = PostgresRows(log_dsn) if log_dsn else None
    return VerifiedByLog(keys_of(settings.log_keys_dir, owner_of(topic)), rows)
