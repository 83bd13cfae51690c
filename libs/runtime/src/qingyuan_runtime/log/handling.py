"""Step 3 of "The way of one command" (README): read the stream, fold it into a state, decide, append; all again on a conflict."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from qingyuan_events import Fact, Meta

from qingyuan_runtime.domain.decider import Claim, Decider, Missing, Refused
from qingyuan_runtime.log.store import (
    ChildrenNotVoided,
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
    """The client's If-Match is not the stream's version: somebody else has changed it meanwhile (HTTP 412)."""

    def __init__(self, stream: str, version: int) -> None:
        super().__init__(f"{stream} is at version {version}")
        self.stream = stream
        self.version = version


@dataclass(frozen=True, slots=True)
class CommandContext:
    """What comes with every command: actor, ids and cause, the content's fingerprint, and the If-Match version if given."""

    meta: Meta
    fingerprint: str
    expected: int | None = None


async def handle(
    store: EventStore,
    decider: Decider[C, S, F],
    stream: str,
    command: C,
    context: CommandContext,
    *,
    begins: bool = False,
) -> Receipt:
    """Carry out one command on one stream. Raises `Refused`, `VersionMismatch` or `Busy`.

    A retry gets the receipt of the first try: from the append, or, where the command would be refused in the present
    state, from the store. `begins`: the command creates the stream, so reading it is skipped at the first try; if it
    exists already, the append raises `Conflict` and the second try reads it.
    """
    for number in range(TRIES):
        version, state = await load(store, decider, stream) if number or not begins else (0, decider.initial)
        try:
            facts = _decided(decider, command, state, stream, version, context)
        except (Refused, VersionMismatch):
            if earlier := await store.receipt(context.meta.command_id, context.fingerprint):
                return earlier
            raise
        if not facts:
            return Receipt(stream, version)
        try:
            return await append(store, (write_of(decider, stream, version, facts),), context)
        except Conflict:
            continue
    raise Busy(stream)


def _decided(
    decider: Decider[C, S, F], command: C, state: S, stream: str, version: int, context: CommandContext
) -> tuple[F, ...]:
    if context.expected is not None and context.expected != version:
        raise VersionMismatch(stream, version)
    return decider.decide(command, state)


async def load(store: EventStore, decider: Decider[C, S, F], stream: str) -> tuple[int, S]:
    """The stream's version (0 when it does not exist) and the state folded from its facts."""
    with span("store.read"):
        recorded = await store.read(stream)
    state = decider.fold(cast(F, entry.fact) for entry in recorded)
    return len(recorded), state


def write_of(decider: Decider[Any, Any, F], stream: str, version: int, facts: tuple[F, ...]) -> Write:
    """The facts together with the claims, the parent and the end of the stream that follow from them."""
    claims: tuple[Claim, ...] = tuple(claim for fact in facts for claim in decider.claims(fact))
    voids = any(decider.voids(fact) for fact in facts)
    return Write(
        stream=stream,
        expected=version,
        facts=facts,
        parent=decider.parent(facts[0]),
        closes=voids or any(decider.closes(fact) for fact in facts),
        claims=claims,
        voids=voids,
        releases=any(decider.releases(fact) for fact in facts),
    )


async def append(store: EventStore, writes: Sequence[Write], context: CommandContext) -> Receipt:
    """Append, and turn what the store refuses into a `Refused` with a sentence for the user."""
    try:
        with span("store.append"):
            return await store.append(writes, context.meta, context.fingerprint)
    except ClaimTaken as taken:
        code, details = f"{taken.claim.kind}.taken", {"value": taken.claim.value}
        raise Refused(code, "该编号已被使用，编号不能重复使用。", details=details) from taken
    except ParentMissing as missing:
        raise Missing("parent") from missing
    except ParentClosed as closed:
        raise Refused("parent.closed", "上级对象已停用，不能再新增。") from closed
    except ChildrenOpen as still_open:
        raise Refused("children.open", "下级仍有在用对象，请先停用它们。") from still_open
    except ChildrenNotVoided as not_voided:
        raise Refused(
            "children.not-voided", "下级仍有未作废的对象，不能作废；请先把误录的下级作废。"
        ) from not_voided
