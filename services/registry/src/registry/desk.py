"""What a request needs of the log before it can be decided: the thing it speaks of, if the actor may see it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.log.handling import load
from qingyuan_runtime.log.privacy import KeyStore
from qingyuan_runtime.log.store import EventStore
from qingyuan_standards.days import local_day

from registry import policy
from registry.domain.enterprise import ENTERPRISE, EnterpriseState
from registry.domain.instrument import INSTRUMENT, InstrumentState, PointOfInstrument
from registry.domain.monitoring_point import POINT, OutletOfPoint, PointState
from registry.domain.outlet import OUTLET, OutletState


@dataclass(frozen=True)
class Desk:
    """The store, the keys and the clock of one service, and how to look things up in them."""

    store: EventStore
    keys: KeyStore
    clock: Callable[[], datetime]

    def today(self) -> date:
        """The legal day: Asia/Shanghai."""
        return local_day(self.clock())

    async def enterprise(self, enterprise_id: UUID, actor: Actor) -> tuple[int, EnterpriseState]:
        version, state = await load(self.store, ENTERPRISE, ENTERPRISE.stream(enterprise_id))
        if state.life.particulars is None:
            raise Missing("enterprise")
        policy.require_own(actor, enterprise_id, "enterprise")
        policy.require_district(actor, state.life.particulars.district, "enterprise")
        return version, state

    async def outlet(self, outlet_id: UUID, actor: Actor) -> OutletState:
        _, state = await load(self.store, OUTLET, OUTLET.stream(outlet_id))
        if state.life.particulars is None:
            raise Missing("outlet")
        policy.require_own(actor, state.enterprise_id, "outlet")
        return state

    async def point(self, point_id: UUID, actor: Actor) -> PointState:
        _, state = await load(self.store, POINT, POINT.stream(point_id))
        if state.life.particulars is None:
            raise Missing("monitoring_point")
        policy.require_own(actor, state.enterprise_id, "monitoring_point")
        return state

    async def instrument(self, instrument_id: UUID, actor: Actor) -> tuple[int, InstrumentState]:
        version, state = await load(self.store, INSTRUMENT, INSTRUMENT.stream(instrument_id))
        if state.life.particulars is None:
            raise Missing("instrument")
        policy.require_own(actor, state.enterprise_id, "instrument")
        return version, state

    async def outlet_of_point(self, outlet_id: UUID, actor: Actor) -> OutletOfPoint:
        outlet = await self.outlet(outlet_id, actor)
        assert outlet.life.particulars is not None
        facts = outlet.life.particulars
        return OutletOfPoint(
            outlet_id=outlet_id,
            enterprise_id=outlet.enterprise_id,
            code=facts.code,
            medium=facts.medium,
            valid_from=outlet.life.valid_from,
        )

    async def point_of_instrument(self, point_id: UUID, actor: Actor) -> PointOfInstrument:
        point = await self.point(point_id, actor)
        assert point.life.particulars is not None
        medium = point.life.particulars.medium
        return PointOfInstrument(
            point_id=point_id,
            enterprise_id=point.enterprise_id,
            medium=medium,
            valid_from=point.life.valid_from,
        )
