"""The state of a confirmation: who is asked to confirm which content, until when, and how it was answered."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from qingyuan_events.signoff import (
    ConfirmationContentChanged,
    ConfirmationDisputed,
    ConfirmationEscalated,
    ConfirmationLapsed,
    ConfirmationOpened,
    ConfirmationReminded,
    ConfirmationRenewed,
    ConfirmationRequested,
    ConfirmationSignedV2,
    ConfirmationVoided,
    DisputeAnswered,
    OriginalsCompleted,
)

from signoff.domain.commands import About

Status = Literal[
    "none", "requested", "opened", "disputed", "answered", "escalated", "lapsed", "signed", "voided"
]
ConfirmationFact = (
    ConfirmationRequested
    | ConfirmationOpened
    | ConfirmationReminded
    | ConfirmationSignedV2
    | ConfirmationDisputed
    | DisputeAnswered
    | ConfirmationEscalated
    | ConfirmationLapsed
    | ConfirmationRenewed
    | ConfirmationContentChanged
    | OriginalsCompleted
    | ConfirmationVoided
)
IN_DISPUTE: Final = ("disputed", "answered", "escalated")


@dataclass(frozen=True, slots=True)
class ConfirmationState:
    """`about` is None before the enterprise is asked. `reminded` names the reminders sent for the present request.

    `originals_at` is when the last original of the content arrived; None while that is not recorded.
    """

    status: Status = "none"
    about: About | None = None
    content_sha256: str = ""
    due_at: datetime | None = None
    reminded: frozenset[str] = frozenset()
    originals_at: datetime | None = None
    visit_day: date | None = None

    @property
    def is_waiting(self) -> bool:
        """The enterprise has neither signed nor disputed, and no lapse is recorded."""
        return self.status in ("requested", "opened")

    @property
    def ids(self) -> dict[str, object]:
        assert self.about is not None
        return asdict(self.about)


def evolve(state: ConfirmationState, fact: ConfirmationFact) -> ConfirmationState:
    match fact:
        case ConfirmationRequested():
            return ConfirmationState(
                "requested", _about(fact), fact.content_sha256, fact.due_at, visit_day=fact.visit_day
            )
        case ConfirmationRenewed():
            return ConfirmationState(
                "requested", state.about, fact.content_sha256, fact.due_at, visit_day=state.visit_day
            )
        case ConfirmationContentChanged():
            return replace(state, content_sha256=fact.content_sha256, due_at=fact.due_at, originals_at=None)
        case OriginalsCompleted():
            return _with_originals(state, fact)
        case ConfirmationReminded():
            return replace(state, reminded=state.reminded | {fact.reminder})
        case ConfirmationOpened():
            return replace(state, status="opened")
        case ConfirmationSignedV2():
            return replace(state, status="signed")
        case ConfirmationDisputed():
            return replace(state, status="disputed")
        case DisputeAnswered():
            return replace(state, status="answered")
        case ConfirmationEscalated():
            return replace(state, status="escalated")
        case ConfirmationLapsed():
            return replace(state, status="lapsed")
        case ConfirmationVoided():
            return replace(state, status="voided")


def _with_originals(state: ConfirmationState, fact: OriginalsCompleted) -> ConfirmationState:
    """If the deadline moves, a lapse no longer counts, and the request counts as made when the last original arrived."""
    known = replace(state, originals_at=fact.originals_at)
    if fact.due_at is None:
        return known
    status: Status = "requested" if state.status == "lapsed" else state.status
    return replace(known, status=status, due_at=fact.due_at, reminded=frozenset())


def _about(fact: ConfirmationRequested) -> About:
    return About(
        confirmation_id=fact.confirmation_id,
        visit_id=fact.visit_id,
        operator_id=fact.operator_id,
        enterprise_id=fact.enterprise_id,
        outlet_id=fact.outlet_id,
        point_id=fact.point_id,
        district=fact.district,
    )
