"""Somebody else's facts that lead to commands here: a visit is complete, or its content has changed since.

And what follows when such facts are lost, because the log of tasks was restored: a confirmation of what is no longer
there is void, and what has been kept is asked for again. Where the right dump is put back after a wrong one, the very
facts come again that had asked for what is void: they ask under other command ids than they did before it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from qingyuan_events import Fact, Recorded
from qingyuan_events.signoff import ConfirmationVoided
from qingyuan_events.tasks import VisitAmended, VisitCompleted
from qingyuan_runtime.log.causes import Withdrawn, caused_by, caused_by_withdrawal
from qingyuan_runtime.log.handling import handle, load
from qingyuan_runtime.log.store import EventStore
from qingyuan_runtime.reacting.reactions import OnWithdrawn, React

from signoff.domain.commands import About, Renew, Request, Void
from signoff.domain.decider import CONFIRMATION

NAME: Final = "confirmations"
SCHEMA: Final = "reaction_confirmations"
VISIT: Final = "visit"


def confirmation_of(visit_id: UUID) -> UUID:
    return uuid5(visit_id, CONFIRMATION.noun)


def reaction(store: EventStore, clock: Callable[[], datetime]) -> React:
    """Visits lead to confirmations. The day that counts is the day on which it is asked for here."""

    async def react(recorded: Recorded[Fact]) -> None:
        fact = recorded.fact
        if isinstance(fact, VisitCompleted | VisitAmended):
            stream = CONFIRMATION.stream(confirmation_of(fact.visit_id))
            await _ask(store, stream, command_for(fact, clock()), recorded)

    return react


async def _ask(store: EventStore, stream: str, command: Request | Renew, cause: Recorded[Fact]) -> None:
    asked = caused_by(cause, NAME, since_void(await store.read(stream)))
    await handle(store, CONFIRMATION, stream, command, asked)


def since_void(recorded: Sequence[Recorded[Fact]]) -> str:
    """The part of a command's id that tells what is asked after a loss from what was asked before it."""
    voids = [one for one in recorded if isinstance(one.fact, ConfirmationVoided)]
    return f"after {voids[-1].id}" if voids else ""


def withdrawal(store: EventStore, clock: Callable[[], datetime]) -> OnWithdrawn:
    """Void unless it speaks of what is kept. Then what is kept is told anew, fact by fact, as after any loss:
    whoever tells it once more finds the command ids that were used here.
    """

    async def withdrawn(lost: Withdrawn) -> None:
        noun, _, visit = lost.stream.partition("-")
        if noun != VISIT:
            return
        stream = CONFIRMATION.stream(confirmation_of(UUID(visit)))
        kept = [(one, one.fact) for one in lost.facts if isinstance(one.fact, VisitCompleted | VisitAmended)]
        content = kept[-1][1].content_sha256 if kept else None
        if await _speaks_of(store, stream, content):
            return
        await handle(
            store,
            CONFIRMATION,
            stream,
            Void(content_sha256=content, now=clock()),
            caused_by_withdrawal(lost, NAME, "void"),
        )
        for recorded, fact in kept:
            await _ask(store, stream, command_for(fact, clock()), recorded)

    return withdrawn


async def _speaks_of(store: EventStore, stream: str, content: str | None) -> bool:
    _, state = await load(store, CONFIRMATION, stream)
    return state.status != "voided" and state.content_sha256 == content


def command_for(fact: VisitCompleted | VisitAmended, now: datetime) -> Request | Renew:
    match fact:
        case VisitCompleted():
            return Request(
                about=_about(fact), content_sha256=fact.content_sha256, visit_day=fact.day, now=now
            )
        case VisitAmended():
            return Renew(content_sha256=fact.content_sha256, cause=fact.cause, now=now)


def _about(fact: VisitCompleted) -> About:
    return About(
        confirmation_id=confirmation_of(fact.visit_id),
        visit_id=fact.visit_id,
        operator_id=fact.operator_id,
        enterprise_id=fact.enterprise_id,
        outlet_id=fact.outlet_id,
        point_id=fact.point_id,
        district=fact.district,
    )
