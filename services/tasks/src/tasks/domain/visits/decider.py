"""现场运维: a visit to a monitoring point, put together from parts that a phone sends in any order.

The same part again adds nothing. Whichever part arrives first opens the visit, the one that makes it whole
completes it, and what changes its content afterwards amends it.
"""

from functools import reduce

from qingyuan_events.tasks import VisitAmended, VisitCompleted, VisitSheetCorrected
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
from tasks.domain.visits.state import Header, VisitFacts, VisitOutcome, VisitPart, VisitState, evolve

NOUN = "visit"


def decide(command: VisitCommand, state: VisitState) -> tuple[VisitFacts, ...]:
    opening.check(command.opening, state)
    opened = state.opened or opening.opened(command.opening)
    part = _part(command, state, evolve(state, opened).header)
    if part is None:
        return ()
    facts: tuple[VisitFacts, ...] = (part,) if state.opened else (opened, part)
    return (*facts, *_outcome(reduce(evolve, facts, state), part))


def _part(command: VisitCommand, state: VisitState, header: Header) -> VisitPart | None:
    """The fact this command is about; None when it is there already."""
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
    """What follows from the part for the whole, `part` being among its facts already."""
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
    """A late revision that a later one superseded long ago changes nothing, and nothing is said of it."""
    digest = state.content_sha256()
    if digest == state.announced:
        return ()
    return (
        VisitAmended(
            **state.header,
            contents=state.contents(),
            content_sha256=digest,
            cause="sheet_corrected" if isinstance(part, VisitSheetCorrected) else "added_later",
        ),
    )


VISIT: Decider[VisitCommand, VisitState, VisitFacts] = Decider(
    noun=NOUN, initial=VisitState(), decide=decide, evolve=evolve
)
