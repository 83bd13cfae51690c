"""What becomes of a filing beside its reviews: changes reported too late, lock, reactivation, cancellation."""

from qingyuan_events.filing import (
    FilingCancelled,
    FilingChangeOverdue,
    FilingLocked,
    FilingReactivated,
    FilingReactivationAsked,
)
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.domain.problems import refuse

from filing.domain.filings.commands import (
    AskReactivation,
    CancelFiling,
    LockFiling,
    NoteOverdueChange,
    Reactivate,
    StandingCommand,
)
from filing.domain.filings.state import FilingFact, FilingState
from filing.domain.shared import checks


def stand(command: StandingCommand, state: FilingState) -> tuple[FilingFact, ...]:
    match command:
        case NoteOverdueChange():
            return _note_overdue(command, state)
        case LockFiling():
            return (_lock(command, state),)
        case AskReactivation():
            return (_ask(command, state),)
        case Reactivate():
            return (_reactivate(command, state),)
        case CancelFiling():
            return (_cancel(command, state),)


def _note_overdue(command: NoteOverdueChange, state: FilingState) -> tuple[FilingChangeOverdue, ...]:
    """Nothing before the filing was filed, or where the change was handed in, or the term has not ended by this clock."""
    if state.begun is None or not state.is_filed or state.standing == "cancelled":
        return ()
    change = (command.resource_id, command.version)
    is_reported = state.reported.get(command.resource_id, 0) >= command.version
    if is_reported or change in state.overdue or command.today <= command.last_day:
        return ()
    return (
        FilingChangeOverdue(
            operator_id=state.begun.operator_id,
            resource_id=command.resource_id,
            version=command.version,
            changed_on=command.changed_on,
            last_day=command.last_day,
        ),
    )


def _lock(command: LockFiling, state: FilingState) -> FilingLocked:
    begun = state.existing()
    if not state.is_filed:
        raise Refused("filing.not-filed", "该机构尚未备案，不能锁定。")
    if state.standing != "active":
        raise Refused("filing.locked", "该备案已锁定。")
    refuse(checks.reason(command.reason))
    return FilingLocked(operator_id=begun.operator_id, reason=command.reason)


def _ask(command: AskReactivation, state: FilingState) -> FilingReactivationAsked:
    begun = state.existing()
    if state.standing != "locked":
        raise Refused("filing.not-locked", "该备案没有锁定，或已申请激活。")
    refuse(checks.reason(command.reason))
    return FilingReactivationAsked(operator_id=begun.operator_id, reason=command.reason)


def _reactivate(command: Reactivate, state: FilingState) -> FilingReactivated:
    begun = state.existing()
    if state.standing != "asked":
        raise Refused("filing.not-asked", "该机构没有申请激活。")
    refuse(checks.reason(command.reason))
    return FilingReactivated(operator_id=begun.operator_id, reason=command.reason)


def _cancel(command: CancelFiling, state: FilingState) -> FilingCancelled:
    begun = state.existing()
    refuse(checks.reason(command.reason))
    return FilingCancelled(operator_id=begun.operator_id, revoked=command.revoked, reason=command.reason)
