"""Somebody else's facts that lead to commands here: a visit is complete, or its content has changed since.

And what follows when such facts are lost, because the log of tasks was restored: a confirmation of what is no longer
there is void, and what has been kept is asked for again.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from qingyuan_events import Fact, Recorded
from qingyuan_events.tasks import VisitAmended, VisitCompleted
from qingyuan_runtime.handling import handle
from qingyuan_runtime.reacting import OnWithdrawn, React, Withdrawn, because, because_withdrawn
from qingyuan_runtime.store import EventStore

from signoff.domain.commands import About, Renew, Request, Void
from signoff.domain.confirmation import CONFIRMATION

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
            await handle(store, CONFIRMATION, stream, command_for(fact, clock()), because(recorded, NAME))

    return react


def withdrawal(store: EventStore, clock: Callable[[], datetime]) -> OnWithdrawn:
    async def withdrawn(lost: Withdrawn) -> None:
        noun, _, visit = lost.stream.partition("-")
        if noun != VISIT:
            return
        stream = CONFIRMATION.stream(confirmation_of(UUID(visit)))
        for command in commands_after(lost, clock()):
            asked = because_withdrawn(lost, NAME, type(command).__name__.lower())
            await handle(store, CONFIRMATION, stream, command, asked)

    return withdrawn


def commands_after(lost: Withdrawn, now: datetime) -> tuple[Void | Request, ...]:
    """Void unless it speaks of what is kept; where a complete visit is kept, it is asked for as it stands there."""
    kept = [one.fact for one in lost.facts if isinstance(one.fact, VisitCompleted | VisitAmended)]
    if not kept:
        return (Void(None, now),)
    content = kept[-1].content_sha256
    completed = next(fact for fact in kept if isinstance(fact, VisitCompleted))
    return Void(content, now), Request(_about(completed), content, completed.day, now)


def command_for(fact: VisitCompleted | VisitAmended, now: datetime) -> Request | Renew:
    match fact:
        case VisitCompleted():
            return Request(_about(fact), fact.content_sha256, fact.day, now)
        case VisitAmended():
            return Renew(fact.content_sha256, fact.cause, now)


def _about(fact: VisitCompleted) -> About:
    return About(
        confirmation_of(fact.visit_id),
        fact.visit_id,
        fact.operator_id,
        fact.enterprise_id,
        fact.outlet_id,
        fact.point_id,
        fact.district,
    )
