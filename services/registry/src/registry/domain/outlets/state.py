"""The state of an outlet, as it follows from its events."""

from dataclasses import dataclass
from uuid import UUID

from qingyuan_events.registry import (
    OutletAdded,
    OutletClosed,
    OutletCorrected,
    OutletParticulars,
    OutletVoided,
)

from registry.domain.shared.lifetime import Lifetime

OutletFact = OutletAdded | OutletCorrected | OutletClosed | OutletVoided


@dataclass(frozen=True, slots=True)
class OutletState:
    lifetime: Lifetime[OutletParticulars] = Lifetime()
    enterprise_id: UUID = UUID(int=0)


def evolve(state: OutletState, fact: OutletFact) -> OutletState:
    match fact:
        case OutletAdded():
            return OutletState(state.lifetime.begun(fact.particulars, fact.valid_from), fact.enterprise_id)
        case OutletCorrected():
            return OutletState(
                state.lifetime.corrected(fact.particulars, fact.valid_from), state.enterprise_id
            )
        case OutletClosed():
            return OutletState(state.lifetime.ended(fact.valid_to), state.enterprise_id)
        case OutletVoided():
            return OutletState(state.lifetime.ended(state.lifetime.valid_from), state.enterprise_id)
