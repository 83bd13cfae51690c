"""The state of a monitoring point, as it follows from its events."""

from dataclasses import dataclass
from uuid import UUID

from qingyuan_events.registry import (
    MonitoringPointAdded,
    MonitoringPointClosed,
    MonitoringPointCorrected,
    PointParticulars,
)

from registry.domain.shared.lifetime import Lifetime

PointFact = MonitoringPointAdded | MonitoringPointCorrected | MonitoringPointClosed


@dataclass(frozen=True, slots=True)
class PointState:
    life: Lifetime[PointParticulars] = Lifetime()
    outlet_id: UUID = UUID(int=0)
    enterprise_id: UUID = UUID(int=0)


def evolve(state: PointState, fact: PointFact) -> PointState:
    match fact:
        case MonitoringPointAdded():
            life = state.life.begun(fact.particulars, fact.valid_from)
        case MonitoringPointCorrected():
            life = state.life.corrected(fact.particulars, fact.valid_from)
        case MonitoringPointClosed():
            life = state.life.ended(fact.valid_to)
    return PointState(life, fact.outlet_id, fact.enterprise_id)
