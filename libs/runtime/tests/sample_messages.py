"""Messages as a relay makes them, with and without signatures, and a log in memory to compare them with."""

import base64
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from counting import meta, outlet
from qingyuan_events import Meta, encode, to_headers
from qingyuan_runtime.bus.port import Delivered, Message
from qingyuan_runtime.bus.signing import Keyring
from qingyuan_runtime.log.rows import Row, RowKey

WHEN = datetime(2026, 11, 29, 8, 30, 0, 123456, tzinfo=UTC)
META = meta()
TYPE = "outlet.added.v1"


def put_key(folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(base64.b64encode(secrets.token_bytes(32)).decode())


def message(
    stream: str = "outlet-0",
    version: int = 1,
    *,
    epoch: int = 1,
    name: str = "总排口",
    keys: Keyring | None = None,
    about: Meta = META,
) -> Message:
    headers = to_headers(
        source="registry",
        stream=stream,
        version=version,
        type_=TYPE,
        recorded_at=WHEN,
        meta=about,
        epoch=epoch,
    )
    key, value = stream.encode(), encode(outlet(name))
    return Message(key, value, keys.sign(key, headers, value) if keys else headers)


def delivered(sent: Message, offset: int = 0, partition: int = 0) -> Delivered:
    return Delivered(partition, offset, sent.key, sent.value, dict(sent.headers))


@dataclass
class Rows:
    """A log in memory, by the port `LogRows`."""

    rows: dict[RowKey, Row] = field(default_factory=dict)
    now: int = 1
    history: dict[str, int] = field(default_factory=dict)
    reads: int = 0

    def hold(self, stream: str, version: int, *, epoch: int = 1, name: str = "总排口") -> None:
        text = META.model_dump_json(exclude_none=True)
        self.rows[stream, version] = Row(TYPE, encode(outlet(name)).decode(), text, WHEN, epoch)

    async def at(self, keys: Iterable[RowKey]) -> Mapping[RowKey, Row]:
        self.reads += 1
        return {key: self.rows[key] for key in keys if key in self.rows}

    async def epoch(self) -> int:
        return self.now

    async def unpublished(self, streams: Iterable[str]) -> Mapping[str, int]:
        return {stream: self.history[stream] for stream in streams if stream in self.history}
