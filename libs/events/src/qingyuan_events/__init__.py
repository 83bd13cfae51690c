"""清源 Qingyuan: the events that its services publish. Needs only pydantic."""

from qingyuan_events.catalog import CATALOG, UnknownType, decode, decode_as_written, encode
from qingyuan_events.cloudevents import Envelope, from_message, read_envelope, to_headers
from qingyuan_events.envelope import Actor, ActorKind, ActorRole, Fact, Meta, Recorded, event_id
from qingyuan_events.personal import Personal
from qingyuan_events.topics import TOPICS, Topic
from qingyuan_events.upcasting import UPCASTERS, upcast

__all__ = [
    "CATALOG",
    "TOPICS",
    "UPCASTERS",
    "Actor",
    "ActorKind",
    "ActorRole",
    "Envelope",
    "Fact",
    "Meta",
    "Personal",
    "Recorded",
    "Topic",
    "UnknownType",
    "decode",
    "decode_as_written",
    "encode",
    "event_id",
    "from_message",
    "read_envelope",
    "to_headers",
    "upcast",
]
