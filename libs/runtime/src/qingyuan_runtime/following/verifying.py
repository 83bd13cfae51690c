"""Whether what came from a topic is what its owner published. Asked of every message before anything is made of it.

The signature decides. Where there is none (published before there were signatures) or its key is not known here (not
yet, or no longer), the owner's log decides: what stands there to the byte is true. All else is forged: it is set aside
and said, and its stream goes on with what the owner really says.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog
from qingyuan_events import TOPICS, Envelope, read_envelope

from qingyuan_runtime.bus.port import Delivered
from qingyuan_runtime.bus.signing import Keyring
from qingyuan_runtime.following.filtering import FORGED, Filtered, Poison
from qingyuan_runtime.log.rows import LogRows, Place, PostgresRows, Row, differences
from qingyuan_runtime.process import metrics
from qingyuan_runtime.process.settings import Settings
from qingyuan_runtime.process.unavailable import RetryLater

log = structlog.get_logger()


class Unfounded(RetryLater):
    """Nothing can be believed, and nothing may be thrown away for want of a setting: the follower waits, visibly."""

    def __init__(self) -> None:
        super().__init__("neither LOG_KEYS_DIR nor the owner's log is set")


class Everything:
    """For topics nobody else can write to: tests and benches."""

    async def verify(self, records: Sequence[Delivered], _reader: str) -> Filtered:
        return Filtered(list(records))


EVERYTHING = Everything()


class VerifiedByLog:
    """Believes the owner's signature, and for want of it the owner's log."""

    def __init__(self, keys: Keyring | None, rows: LogRows | None) -> None:
        self._keys = keys
        self._rows = rows

    async def verify(self, records: Sequence[Delivered], reader: str) -> Filtered:
        if self._keys is None and self._rows is None:
            raise Unfounded
        signed = [self._keys.verify(record) if self._keys else None for record in records]
        unsure = [record for record, right in zip(records, signed, strict=True) if right is None]
        doubts = await self._compared(unsure) if unsure else {}
        sifted = Filtered()
        for record, right in zip(records, signed, strict=True):
            doubt = "wrong signature" if right is False else doubts.get((record.partition, record.offset))
            if doubt:
                sifted.forged.append(_refused(record, doubt, reader))
            else:
                sifted.genuine.append(record)
        return sifted

    async def _compared(self, records: Sequence[Delivered]) -> Mapping[tuple[int, int], str]:
        """Why each of these is not what the log holds."""
        said = {(record.partition, record.offset): _envelope(record) for record in records}
        places = [(one.stream, one.version) for one in said.values() if isinstance(one, Envelope)]
        rows = await self._rows.at(places) if self._rows else {}
        compared = {place: _doubt(said[place], record, rows) for place, record in _placed(records)}
        return {place: doubt for place, doubt in compared.items() if doubt}


def _placed(records: Sequence[Delivered]) -> list[tuple[tuple[int, int], Delivered]]:
    return [((record.partition, record.offset), record) for record in records]


def _envelope(record: Delivered) -> Envelope | str:
    """What it says of itself, or why it says nothing that could stand in a log."""
    try:
        said = read_envelope(record.headers)
    except Exception as error:
        return f"unreadable: {type(error).__name__}"
    return said if said.stream.encode() == record.key else "its key is not its stream"


def _doubt(said: Envelope | str, record: Delivered, rows: Mapping[Place, Row]) -> str | None:
    if isinstance(said, str):
        return said
    row = rows.get((said.stream, said.version))
    if row is None:
        return "no signature that is known here, and not in its owner's log"
    different = differences(said, record.value, row)
    return f"its owner's log says otherwise: {', '.join(different)}" if different else None


def _refused(record: Delivered, doubt: str, reader: str) -> Poison:
    metrics.forged_total.labels(reader).inc()
    log.error("message.forged", reader=reader, partition=record.partition, offset=record.offset, reason=doubt)
    return Poison(record, f"{FORGED}{doubt}")


def owner_of(topic: str) -> str:
    return next(one.owner for one in TOPICS if one.name == topic)


def keys_of(folder: Path | None, service: str) -> Keyring | None:
    """The keys of `service`, in its folder below LOG_KEYS_DIR."""
    return Keyring(folder / service) if folder else None


def trust_in(topic: str, settings: Settings, log_dsn: str) -> VerifiedByLog:
    """How a follower of `topic` tells what its owner published; `log_dsn` names the owner's log."""
    rows = PostgresRows(log_dsn) if log_dsn else None
    return VerifiedByLog(keys_of(settings.log_keys_dir, owner_of(topic)), rows)
