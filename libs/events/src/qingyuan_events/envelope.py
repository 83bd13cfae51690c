"""What every event has in common: its base class, and the record that carries it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, Literal, TypeVar
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field

STREAM_NAMESPACE = UUID("6f6f9f3e-2f0a-5c36-9a55-0d3b6f2f4d11")

ActorKind = Literal["enterprise", "operator", "regulator", "administrator", "system"]
ActorRole = Literal[
    "manager",
    "technician",
    "quality_officer",
    "signatory",
    "reviewer",
    "reader",
    "system",
    "security",
    "audit",
]
"""Operator: manager, technician, quality officer; enterprise: manager, signatory; regulator: reviewer, reader;
administrator: system, security, audit. Facts from before a kind had roles have none."""


class Fact(BaseModel):
    """An immutable business fact. `type` names its class, e.g. ``instrument.registered.v1``.

    A published class never changes; a new version is a new class.
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
    """How a fact came about: the actor, the command, what caused it, and its trace."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    actor: Actor
    command_id: UUID
    correlation: UUID
    causation: UUID | None = None
    traceparent: str | None = Field(default=None, description="W3C trace context at the time of the append")


F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[F]):
    """A fact with its stream, its version there (1, 2, 3 … without gaps) and the time it was recorded (UTC).

    `epoch` increases with each restore of the log, after which a version may be used a second time for another fact.
    """

    stream: str
    version: int
    recorded_at: datetime
    meta: Meta
    fact: F
    epoch: int = 1

    @property
    def id(self) -> UUID:
        """Derived from stream, version and epoch, so a fact that is published again has the same id."""
        return event_id(self.stream, self.version, self.epoch)


def event_id(stream: str, version: int, epoch: int = 1) -> UUID:
    """Epochs 0 and 1 are not part of the id, since such ids were published before there were epochs."""
    key = f"{stream}/{version}" if epoch <= 1 else f"{stream}/{version}/{epoch}"
    return uuid5(STREAM_NAMESPACE, key)


Headers = Mapping[str, bytes]
