"""What a request loads before its command can be decided: the entry it is about, if the actor may see it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.policy import require_district, require_own
from qingyuan_runtime.log.handling import load
from qingyuan_runtime.log.privacy import KeyStore
from qingyuan_runtime.log.store import EventStore
from qingyuan_standards.days import local_day

from registry.domain.enterprises.decider import ENTERPRISE
from registry.domain.enterprises.state import EnterpriseState
from registry.domain.instruments.commands import PointOfInstrument
from registry.domain.instruments.decider import INSTRUMENT
from registry.domain.instruments.state import InstrumentState
from registry.domain.monitoring_points.commands import OutletOfPoint
from registry.domain.monitoring_points.decider import POINT
from registry.domain.monitoring_points.state import PointState
from registry.domain.outlets.decider import OUTLET
from registry.domain.outlets.state import OutletState


@dataclass(frozen=True)
class Repository:
    """The event store, the keys of personal data, and the clock of the service."""

    store: EventStore
    keys: KeyStore
    clock: Callable[[], datetime]

    def today(self) -> date:
        """The legal day: Asia/Shanghai."""
        return local_day(self.clock())

    async def enterprise(self, enterprise_id: UUID, actor: Actor) -> tuple[int, EnterpriseState]:
        """Its version and state. Raises `Missing`, as all of these do."""
        version, state = await load(self.store, ENTERPRISE, ENTERPRISE.stream(enterprise_id))
        if state.lifetime.particulars is None:
            raise Missing(ENTERPRISE.noun)
        require_own(actor, noun=ENTERPRISE.noun, enterprise_id=enterprise_id)
        require_district(actor, noun=ENTERPRISE.noun, district=state.lifetime.particulars.district)
        return version, state

    async def outlet(self, outlet_id: UUID, actor: Actor) -> OutletState:
        _, state = await load(self.store, OUTLET, OUTLET.stream(outlet_id))
        if state.lifetime.particulars is None:
            raise Missing(OUTLET.noun)
        require_own(actor, noun=OUTLET.noun, enterprise_id=state.enterprise_id)
        return state

    async def point(self, point_id: UUID, actor: Actor) -> PointState:
        _, state = await load(self.store, POINT, POINT.stream(point_id))
        if state.lifetime.particulars is None:
            raise Missing(POINT.noun)
        require_own(actor, noun=POINT.noun, enterprise_id=state.enterprise_id)
        return state

    async def instrument(self, instrument_id: UUID, actor: Actor) -> tuple[int, InstrumentState]:
        """Its version and state."""
        version, state = await load(self.store, INSTRUMENT, INSTRUMENT.stream(instrument_id))
        if state.lifetime.particulars is None:
            raise Missing(INSTRUMENT.noun)
        require_own(actor, noun=INSTRUMENT.noun, enterprise_id=state.enterprise_id)
        return version, state

    async def require_in_district(self, noun: str, enterprise_id: UUID, actor: Actor) -> None:
        """Raises `Missing` where the enterprise of this entry is not in the district of a regulator."""
        _, enterprise = await load(self.store, ENTERPRISE, ENTERPRISE.stream(enterprise_id))
        assert enterprise.lifetime.particulars is not None
        require_district(actor, noun=noun, district=enterprise.lifetime.particulars.district)

    async def outlet_of_point(self, outlet_id: UUID, actor: Actor) -> OutletOfPoint:
        """What decisions about a point need of its outlet."""
        outlet = await self.outlet(outlet_id, actor)
        particulars = outlet.lifetime.particulars
        assert particulars is not None
        return OutletOfPoint(
            outlet_id=outlet_id,
            enterprise_id=outlet.enterprise_id,
            code=particulars.code,
            medium=particulars.medium,
            valid_from=outlet.lifetime.valid_from,
        )

    async def point_of_instrument(self, point_id: UUID, actor: Actor) -> PointOfInstrument:
        """What decisions about an instrument need of its point."""
        point = await self.point(point_id, actor)
        assert point.lifetime.particulars is not None
        return PointOfInstrument(
            point_id=point_id,
            enterprise_id=point.enterprise_id,
            medium=point.lifetime.particulars.medium,
            valid_from=point.lifetime.valid_from,
        )
