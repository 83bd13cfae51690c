"""The state of an instrument, as it follows from its events."""

from dataclasses import dataclass, replace
from uuid import UUID

from qingyuan_events.registry import (
    InstrumentCorrected,
    InstrumentOperatorChanged,
    InstrumentParticulars,
    InstrumentRegistered,
    InstrumentReplaced,
    InstrumentRetired,
    InstrumentVoided,
)

from registry.domain.shared.lifetime import Lifetime

InstrumentFact = (
    InstrumentRegistered
    | InstrumentCorrected
    | InstrumentOperatorChanged
    | InstrumentReplaced
    | InstrumentRetired
    | InstrumentVoided
)


@dataclass(frozen=True, slots=True)
class InstrumentState:
    """`replaces`: the instrument in whose place it was registered."""

    lifetime: Lifetime[InstrumentParticulars] = Lifetime()
    point_id: UUID = UUID(int=0)
    enterprise_id: UUID = UUID(int=0)
    replaces: UUID | None = None


def evolve(state: InstrumentState, fact: InstrumentFact) -> InstrumentState:
    match fact:
        case InstrumentRegistered():
            lifetime = state.lifetime.begun(fact.particulars, fact.valid_from)
        case InstrumentCorrected():
            lifetime = state.lifetime.corrected(fact.particulars, fact.valid_from)
        case InstrumentOperatorChanged():
            lifetime = _with_operator(state.lifetime, fact)
        case InstrumentReplaced() | InstrumentRetired():
            lifetime = state.lifetime.ended(fact.valid_to)
        case InstrumentVoided():
            lifetime = state.lifetime.ended(state.lifetime.valid_from)
    replaces = fact.replaces if isinstance(fact, InstrumentRegistered) else state.replaces
    return InstrumentState(lifetime, fact.point_id, fact.enterprise_id, replaces)


def _with_operator(
    lifetime: Lifetime[InstrumentParticulars], fact: InstrumentOperatorChanged
) -> Lifetime[InstrumentParticulars]:
    operators = {"om_operator": fact.om_operator, "om_operator_previous": fact.om_operator_previous}
    assert lifetime.particulars is not None
    return replace(
        lifetime, particulars=lifetime.particulars.model_copy(update=operators), last_change=fact.valid_from
    )
