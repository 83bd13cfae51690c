"""The state of a monitoring point, as it follows from its events."""

from dataclasses import dataclass
from uuid import UUID

from qingyuan_events.registry import (
    MonitoringPointAdded,
    MonitoringPointClosed,
    MonitoringPointCorrected,
    MonitoringPointVoided,
    PointParticulars,
)

from registry.domain.shared.lifetime import Lifetime

PointFact = MonitoringPointAdded | MonitoringPointCorrected | MonitoringPointClosed | MonitoringPointVoided


@dataclass(frozen=True, slots=True)
class PointState:
    lifetime: Lifetime[PointParticulars] = Lifetime()
    outlet_id: UUID = UUID(int=0)
    enterprise_id: UUID = UUID(int=0)


def evolve(state: PointState, fact: PointFact) -> PointState:
    match fact:
        case MonitoringPointAdded():
            lifetime = state.lifetime.begun(fact.particulars, fact.valid_from)
        case MonitoringPointCorrected():
            lifetime = state.lifetime.corrected(fact.particulars, fact.valid_from)
        case MonitoringPointClosed():
            lifetime = state.lifetime.ended(fact.valid_to)
        case MonitoringPointVoided():
            lifetime = state.lifetime.ended(state.lifetime.valid_from)
    return PointState(lifetime, fact.outlet_id, fact.enterprise_id)
