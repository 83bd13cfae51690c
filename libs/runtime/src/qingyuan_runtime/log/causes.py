"""Contexts for commands that no user sends: they follow from a fact, or from the loss of facts in a restore.

Command ids are derived from the cause, so a repeated command is recognised as a repeat.
"""

from dataclasses import dataclass
from uuid import UUID, uuid5

from qingyuan_events import Actor, Fact, Meta, Recorded
from qingyuan_events.envelope import STREAM_NAMESPACE

from qingyuan_runtime.log.handling import CommandContext
from qingyuan_runtime.process.telemetry import traceparent


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A stream whose facts up to version `seen` were reacted to, while after a restore the owner's log has lost some.

    `facts` are all that the log still holds of it, in order, up to version `held`; a reaction is not called for them again.
    """

    stream: str
    seen: int
    held: int
    epoch: int
    facts: tuple[Recorded[Fact], ...]


def caused_by(cause: Recorded[Fact], name: str, part: str = "") -> CommandContext:
    """The context of the command that the reaction `name` sends because of `cause`, the same at every try.

    `part` distinguishes the commands where one fact leads to several.
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
    """The context of the command that the reaction `name` sends because facts were lost.

    The same at every try, and a different one after another restore.
    """
    named = f"{name} {part}" if part else name
    cause = f"{withdrawn.stream} withdrawn to {withdrawn.held} in {withdrawn.epoch}"
    command_id = uuid5(STREAM_NAMESPACE, f"{named} {cause}")
    meta = Meta(actor=system(name), command_id=command_id, correlation=command_id, traceparent=traceparent())
    return CommandContext(meta, f"{named} because {cause}")


def system(name: str) -> Actor:
    """The actor of commands that no person sends."""
    return Actor(account=system_account(name), kind="system")


def system_account(name: str) -> UUID:
    return uuid5(STREAM_NAMESPACE, f"system {name}")
