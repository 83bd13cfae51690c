"""现场运维: a visit to a monitoring point, put together from parts that a phone sends in any order.

A part that is sent again adds nothing. The part that arrives first opens the visit, the one that was still missing
completes it, and a change of its content after that amends it.
"""

from functools import reduce

from qingyuan_events.tasks import VisitAmended, VisitCompleted, VisitSheetCorrectedV3
from qingyuan_runtime.domain.decider import Decider
from qingyuan_standards.claims import legal_day

from tasks.domain.visits import opening, parts
from tasks.domain.visits.commands import (
    AbortVisit,
    AddPhoto,
    DeclareBackfill,
    RecordSheet,
    ReportObstruction,
    SignInVisit,
    SignOutVisit,
    VisitCommand,
)
from tasks.domain.visits.state import VisitFacts, VisitHeader, VisitOutcome, VisitPart, VisitState, evolve

NOUN = "visit"


def decide(command: VisitCommand, state: VisitState) -> tuple[VisitFacts, ...]:
    opening.require_permitted(command.opening, state)
    opened = state.opened or opening.opened_event(command.opening)
    part = _part(command, state, evolve(state, opened).header)
    if part is None:
        return ()
    facts: tuple[VisitFacts, ...] = (part,) if state.opened else (opened, part)
    return (*facts, *_outcome(reduce(evolve, facts, state), part))


def _part(command: VisitCommand, state: VisitState, header: VisitHeader) -> VisitPart | None:
    """The event of this command; None when it was recorded before."""
    match command:
        case SignInVisit():
            return parts.sign_in(command, state, header)
        case RecordSheet():
            return parts.record_sheet(command, state, header)
        case AddPhoto():
            return parts.add_photo(command, state, header)
        case SignOutVisit():
            return parts.sign_out(command, state, header)
        case DeclareBackfill():
            return parts.declare_backfill(command, state, header)
        case ReportObstruction():
            return parts.report_obstruction(command, state, header)
        case AbortVisit():
            return parts.abort(command, state, header)


def _outcome(state: VisitState, part: VisitPart) -> tuple[VisitOutcome, ...]:
    """Whether the visit is now completed or amended. `state` contains `part` already."""
    if state.aborted is not None:
        return ()
    if state.completed:
        return _amended(state, part)
    return (_completed(state),) if state.is_whole() else ()


def _completed(state: VisitState) -> VisitCompleted:
    assert state.sign_out
    return VisitCompleted(
        **state.header,
        day=legal_day(state.sign_out.claimed_at, state.sign_out.received_at),
        contents=state.contents(),
        content_sha256=state.content_sha256(),
    )


def _amended(state: VisitState, part: VisitPart) -> tuple[VisitAmended, ...]:
    """No event when the content is unchanged, as when a revision arrives after the one that supersedes it."""
    digest = state.content_sha256()
    if digest == state.announced:
        return ()
    return (
        VisitAmended(
            **state.header,
            contents=state.contents(),
            content_sha256=digest,
            cause="sheet_corrected" if isinstance(part, VisitSheetCorrectedV3) else "added_later",
        ),
    )


VISIT: Decider[VisitCommand, VisitState, VisitFacts] = Decider(
    noun=NOUN, initial=VisitState(), decide=decide, evolve=evolve
)
