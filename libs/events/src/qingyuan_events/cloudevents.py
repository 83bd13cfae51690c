"""Kafka messages as CloudEvents 1.0 in binary mode: a fact's metadata as headers, the fact itself as the value."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from qingyuan_events.catalog import decode
from qingyuan_events.envelope import Actor, Fact, Headers, Meta, Recorded, event_id

CONTENT_TYPE = "application/json; charset=utf-8"
_DIGITS_MAX = 19


def to_headers(
    *, source: str, stream: str, version: int, type_: str, recorded_at: datetime, meta: Meta, epoch: int = 1
) -> list[tuple[str, bytes]]:
    """Headers of one message. Names of extensions are lower-case letters only, as CloudEvents requires."""
    headers = {
        "content-type": CONTENT_TYPE,
        "ce_specversion": "1.0",
        "ce_id": str(event_id(stream, version, epoch)),
        "ce_source": f"/qingyuan/{source}",
        "ce_type": type_,
        "ce_subject": stream,
        "ce_time": recorded_at.isoformat(),
        "ce_streamversion": str(version),
        "ce_epoch": str(epoch),
        "ce_actor": meta.actor.model_dump_json(exclude_none=True),
        "ce_commandid": str(meta.command_id),
        "ce_correlationid": str(meta.correlation),
    }
    if meta.causation:
        headers["ce_causationid"] = str(meta.causation)
    if meta.traceparent:
        headers["ce_traceparent"] = headers["traceparent"] = meta.traceparent
    return [(name, value.encode()) for name, value in headers.items()]


@dataclass(frozen=True, slots=True)
class Envelope:
    """The metadata of a fact, as read from a message's headers."""

    stream: str
    version: int
    epoch: int
    type: str
    recorded_at: datetime
    meta: Meta


def read_envelope(headers: Headers) -> Envelope:
    """Inverse of `to_headers`. Raises KeyError for a missing header, ValueError for one that cannot be read.

    Messages published before there were epochs have no such header; they belong to epoch 1.
    """
    text = {name: raw.decode() for name, raw in headers.items() if name.startswith("ce_")}
    causation = text.get("ce_causationid")
    meta = Meta(
        actor=Actor.model_validate_json(text["ce_actor"]),
        command_id=UUID(text["ce_commandid"]),
        correlation=UUID(text["ce_correlationid"]),
        causation=UUID(causation) if causation else None,
        traceparent=text.get("ce_traceparent"),
    )
    return Envelope(
        stream=text["ce_subject"],
        version=_number(text["ce_streamversion"]),
        epoch=_number(text.get("ce_epoch", "1")),
        type=text["ce_type"],
        recorded_at=datetime.fromisoformat(text["ce_time"]),
        meta=meta,
    )


def from_message(headers: Headers, value: bytes) -> Recorded[Fact]:
    """The fact of a message with its metadata. Raises what `read_envelope` and `decode` raise."""
    envelope = read_envelope(headers)
    return Recorded(
        stream=envelope.stream,
        version=envelope.version,
        recorded_at=envelope.recorded_at,
        meta=envelope.meta,
        fact=decode(envelope.type, value),
        epoch=envelope.epoch,
    )


def _number(text: str) -> int:
    """Accepts only what `to_headers` writes: `int` alone would accept signs, blanks and the digits of every script."""
    if not (text.isascii() and text.isdigit() and len(text) < _DIGITS_MAX):
        raise ValueError(f"no number: {text[:_DIGITS_MAX]!r}")
    return int(text)
