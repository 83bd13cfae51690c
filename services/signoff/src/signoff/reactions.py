"""Reacts to visits: a complete visit is to be confirmed, and one whose content has changed is to be confirmed again.

Also reacts when facts of visits are lost because the log of tasks was restored: a confirmation of content that no
longer exists becomes void, and confirmation of the content that was kept is requested again. A later restore may
bring back the very facts whose confirmation is void. They must lead to a new request, so their command ids differ.
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
    """The deadline follows from the day on which this service makes the request, not from the day of the visit."""

    async def react(recorded: Recorded[Fact]) -> None:
        fact = recorded.fact
        if isinstance(fact, VisitCompleted | VisitAmended):
            stream = CONFIRMATION.stream(confirmation_of(fact.visit_id))
            await _request(store, stream, command_for(fact, clock()), recorded)

    return react


async def _request(store: EventStore, stream: str, command: Request | Renew, cause: Recorded[Fact]) -> None:
    context = caused_by(cause, NAME, since_void(await store.read(stream)))
    await handle(store, CONFIRMATION, stream, command, context)


def since_void(recorded: Sequence[Recorded[Fact]]) -> str:
    """A part of the command's id that differs after each void, so that a request after a loss is not taken for a repeat."""
    voids = [fact for fact in recorded if isinstance(fact.fact, ConfirmationVoided)]
    return f"after {voids[-1].id}" if voids else ""


def withdrawal(store: EventStore, clock: Callable[[], datetime]) -> OnWithdrawn:
    """Voids the confirmation unless it is of the content that was kept; then handles the kept facts one by one again.

    Their command ids are those that the reaction gives them after this void, so handling them once more adds nothing.
    """

    async def withdrawn(lost: Withdrawn) -> None:
        noun, _, visit = lost.stream.partition("-")
        if noun != VISIT:
            return
        stream = CONFIRMATION.stream(confirmation_of(UUID(visit)))
        kept = [
            (recorded, recorded.fact)
            for recorded in lost.facts
            if isinstance(recorded.fact, VisitCompleted | VisitAmended)
        ]
        content = kept[-1][1].content_sha256 if kept else None
        if await _is_of_content(store, stream, content):
            return
        await handle(
            store,
            CONFIRMATION,
            stream,
            Void(content_sha256=content, now=clock()),
            caused_by_withdrawal(lost, NAME, "void"),
        )
        for recorded, fact in kept:
            await _request(store, stream, command_for(fact, clock()), recorded)

    return withdrawn


async def _is_of_content(store: EventStore, stream: str, content: str | None) -> bool:
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
