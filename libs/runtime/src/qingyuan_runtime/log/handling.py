"""Stop 3 of a command's walk: read the stream, fold it, decide, append; again on a conflict."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from qingyuan_events import Fact, Meta

from qingyuan_runtime.domain.decider import Claim, Decider, Missing, Refused
from qingyuan_runtime.log.store import (
    ChildrenOpen,
    ClaimTaken,
    Conflict,
    EventStore,
    ParentClosed,
    ParentMissing,
    Receipt,
    Write,
)
from qingyuan_runtime.process.telemetry import span

TRIES = 3

C = TypeVar("C")
S = TypeVar("S")
F = TypeVar("F", bound=Fact)


class Busy(Exception):
    """Three conflicts in a row on one stream: the client should try again shortly (HTTP 503)."""


class VersionMismatch(Exception):
    """Somebody changed it meanwhile: the client's If-Match is not the stream's version (HTTP 412)."""

    def __init__(self, stream: str, version: int) -> None:
        super().__init__(f"{stream} is at version {version}")
        self.stream = stream
        self.version = version


@dataclass(frozen=True, slots=True)
class CommandContext:
    """A command as it reached the service: who and why, its fingerprint, the If-Match if there was one."""

    meta: Meta
    fingerprint: str
    expected: int | None = None


async def handle(
    store: EventStore,
    decider: Decider[C, S, F],
    stream: str,
    command: C,
    asked: CommandContext,
    *,
    begins: bool = False,
) -> Receipt:
    """Carry out one command on one stream. Raises `Refused`, `VersionMismatch` or `Busy`.

    A retry gets the first answer: from the append itself, or, where the stream has moved on so far that
    the command would now be refused, from the store. `begins`: the stream's id follows from the command's,
    so nothing is there to be read; should it be, the append says so and it is read.
    """
    for number in range(TRIES):
        version, state = await load(store, decider, stream) if number or not begins else (0, decider.initial)
        try:
            facts = _decided(decider, command, state, stream, version, asked)
        except (Refused, VersionMismatch):
            if earlier := await store.receipt(asked.meta.command_id, asked.fingerprint):
                return earlier
            raise
        if not facts:
            return Receipt(stream, version)
        try:
            return await append(store, (write_of(decider, stream, version, facts),), asked)
        except Conflict:
            continue
    raise Busy(stream)


def _decided(
    decider: Decider[C, S, F], command: C, state: S, stream: str, version: int, asked: CommandContext
) -> tuple[F, ...]:
    if asked.expected is not None and asked.expected != version:
        raise VersionMismatch(stream, version)
    return decider.decide(command, state)


async def load(store: EventStore, decider: Decider[C, S, F], stream: str) -> tuple[int, S]:
    """The stream's version (0 when it does not exist) and the state its facts add up to."""
    with span("store.read"):
        recorded = await store.read(stream)
    state = decider.fold(cast(F, one.fact) for one in recorded)
    return len(recorded), state


def write_of(decider: Decider[Any, Any, F], stream: str, version: int, facts: tuple[F, ...]) -> Write:
    """What the store must know of these facts: claims, parent and end follow from the facts alone."""
    claims: tuple[Claim, ...] = tuple(claim for fact in facts for claim in decider.claims(fact))
    return Write(
        stream=stream,
        expected=version,
        facts=facts,
        parent=decider.parent(facts[0]),
        closes=any(decider.closes(fact) for fact in facts),
        claims=claims,
    )


async def append(store: EventStore, writes: Sequence[Write], asked: CommandContext) -> Receipt:
    """Append, and say in the business's words what the store refused."""
    try:
        with span("store.append"):
            return await store.append(writes, asked.meta, asked.fingerprint)
    except ClaimTaken as taken:
        code, details = f"{taken.claim.kind}.taken", {"value": taken.claim.value}
        raise Refused(code, "该编号已被使用，编号不能重复使用。", details=details) from taken
    except ParentMissing as missing:
        raise Missing("parent") from missing
    except ParentClosed as closed:
        raise Refused("parent.closed", "上级对象已停用，不能再新增。") from closed
    except ChildrenOpen as still_open:
        raise Refused("children.open", "下级仍有在用对象，请先停用它们。") from still_open
