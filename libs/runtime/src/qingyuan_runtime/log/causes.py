"""Why a service asks something of itself: a fact of its own or of others, or that one was lost. So a repeat is known as one."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from qingyuan_events import Actor, Fact, Meta, Recorded
from qingyuan_events.envelope import STREAM_NAMESPACE

from qingyuan_runtime.log.handling import CommandContext
from qingyuan_runtime.process.telemetry import traceparent


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was seen of this stream, up to version `seen`, is not what the owner's log holds after a restore.

    `facts` are all that it holds of the epochs before the new one, in order, up to version `kept`: nobody tells them again.
    """

    stream: str
    seen: int
    kept: int
    epoch: int
    facts: tuple[Recorded[Fact], ...]


def caused_by(cause: Recorded[Fact], name: str, part: str = "") -> CommandContext:
    """How the reaction `name` asks for a command that follows from `cause`: the same at every try.

    `part` tells the commands apart where one fact leads to several.
    """
    named = f"{name} {part}" if part else name
    meta = Meta(
        actor=system(name),
        command_id=uuid5(cause.id, named),
        correlation=cause.meta.correlation,
        causation=cause.id,
        traceparent=traceparent() or cause.meta.traceparent,
    )
    return CommandContext(meta, f"{named} because of {cause.id}")


def caused_by_withdrawal(withdrawn: Withdrawn, name: str, part: str = "") -> CommandContext:
    """How the reaction `name` asks for what follows from a loss: the same at every try, another after another restore."""
    named = f"{name} {part}" if part else name
    place = f"{withdrawn.stream} withdrawn to {withdrawn.kept} in {withdrawn.epoch}"
    command_id = uuid5(STREAM_NAMESPACE, f"{named} {place}")
    meta = Meta(actor=system(name), command_id=command_id, correlation=command_id, traceparent=traceparent())
    return CommandContext(meta, f"{named} because {place}")


def system(name: str) -> Actor:
    """The actor of what nobody in particular asked for."""
    return Actor(account=system_account(name), kind="system")


def system_account(name: str) -> UUID:
    return uuid5(STREAM_NAMESPACE, f"system {name}")
