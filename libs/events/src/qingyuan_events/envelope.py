"""What every event has in common: its base class, and the record that carries it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, Literal, TypeVar
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field

STREAM_NAMESPACE = UUID("6f6f9f3e-2f0a-5c36-9a55-0d3b6f2f4d11")

ActorKind = Literal["enterprise", "operator", "regulator", "administrator", "system"]
ActorRole = Literal["manager", "technician"]


class Fact(BaseModel):
    """An immutable business fact. The class is chosen by `type`, e.g. ``instrument.registered.v1``.

    A published class never changes its meaning: a new version is a new class beside it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64")

    type: ClassVar[str]
    topic: ClassVar[str]


class Actor(BaseModel):
    """Who caused a fact: an account and the organisation it acts for. Never a person's name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: UUID
    kind: ActorKind
    organisation: UUID | None = Field(default=None, description="enterprise or operator id")
    district: str | None = Field(default=None, description="GB/T 2260 code; 310000 is the whole city")
    role: ActorRole | None = Field(default=None, description="what the account is within its organisation")


class Meta(BaseModel):
    """How a fact came to be: actor, the chain of causes, and the trace it belongs to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    actor: Actor
    command_id: UUID
    correlation: UUID
    causation: UUID | None = None
    traceparent: str | None = Field(default=None, description="W3C trace context at the time of the append")


F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[F]):
    """A fact in its place: stream, version (1, 2, 3 … without a hole) and the time it was recorded (UTC).

    `epoch` counts the restores of its log: after one, a version may be given a second time to another fact.
    """

    stream: str
    version: int
    recorded_at: datetime
    meta: Meta
    fact: F
    epoch: int = 1

    @property
    def id(self) -> UUID:
        """Derived from its place, so publishing again yields the same id."""
        return event_id(self.stream, self.version, self.epoch)


def event_id(stream: str, version: int, epoch: int = 1) -> UUID:
    """The first epoch (and 0, before it) is not part of the id: ids were published before epochs travelled."""
    place = f"{stream}/{version}" if epoch <= 1 else f"{stream}/{version}/{epoch}"
    return uuid5(STREAM_NAMESPACE, place)


Headers = Mapping[str, bytes]
