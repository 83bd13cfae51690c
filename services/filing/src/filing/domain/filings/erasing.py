"""Which former legal representatives and contacts need not be kept any more."""

from qingyuan_events.filing import FilingPersonErased

from filing.domain.filings.commands import ErasePeople
from filing.domain.filings.state import FilingState
from filing.domain.shared.changes import is_kept


def erase(command: ErasePeople, state: FilingState) -> tuple[FilingPersonErased, ...]:
    """One fact for each; also of a cancelled filing. Who is named now is never erased."""
    if state.begun is None:
        return ()
    return tuple(
        FilingPersonErased(operator_id=state.begun.operator_id, subject=subject, reason=command.reason)
        for subject, replaced_on in state.former_people.items()
        if subject in command.subjects - state.erased
        and not is_kept(replaced_on, command.years, command.today)
    )
