"""Somebody else's facts that lead to commands here: a visit is complete, or its content has changed since."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from qingyuan_events import Fact, Recorded
from qingyuan_events.tasks import VisitAmended, VisitCompleted
from qingyuan_runtime.handling import handle
from qingyuan_runtime.reacting import React, because
from qingyuan_runtime.store import EventStore

from signoff.domain.commands import About, Renew, Request
from signoff.domain.confirmation import CONFIRMATION

NAME: Final = "confirmations"
SCHEMA: Final = "reaction_confirmations"


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
