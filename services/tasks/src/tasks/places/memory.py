"""The copy of the register in memory: the same contract as `stored`, proven by the same suite."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from qingyuan_events import Fact

from tasks.places.place import Enterprise, Instrument, Place
from tasks.places.told import EnterpriseRow, PointRow, Told


class MemoryPlaces:
    """Told facts of the register by hand, as the projection tells the table; so nothing is on its way."""

    patience = timedelta(0)

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._told = Told().listen(facts)

    def tell(self, *facts: Fact) -> None:
        self._told.listen(facts)

    async def point(self, point_id: UUID) -> Place | None:
        row = self._told.points.get(point_id)
        enterprise = self._told.enterprises.get(row.enterprise_id) if row else None
        return self._place(row, enterprise) if row and enterprise else None

    async def enterprise(self, enterprise_id: UUID) -> Enterprise | None:
        row = self._told.enterprises.get(enterprise_id)
        return self._with_points(row) if row else None

    async def of_enterprise(self, *, uscc: str) -> Enterprise | None:
        found = (row for row in self._told.enterprises.values() if row.uscc == uscc)
        row = next(found, None)
        return self._with_points(row) if row else None

    def _with_points(self, row: EnterpriseRow) -> Enterprise:
        mine = [one for one in self._told.points.values() if one.enterprise_id == row.enterprise_id]
        mine.sort(key=lambda one: (one.code, one.name, str(one.point_id)))
        points = tuple(self._place(one, row) for one in mine)
        return Enterprise(
            enterprise_id=row.enterprise_id,
            name=row.name,
            uscc=row.uscc,
            district=row.district,
            points=points,
        )

    def _place(self, row: PointRow, enterprise: EnterpriseRow) -> Place:
        return Place(
            point_id=row.point_id,
            code=row.code,
            name=row.name,
            medium=row.medium,
            factors=row.factors,
            location=row.location,
            outlet_id=row.outlet_id,
            enterprise_id=row.enterprise_id,
            district=enterprise.district,
            instruments=self._instruments(row.point_id),
            ends=self._told.points_end.get(row.point_id),
        )

    def _instruments(self, point_id: UUID) -> tuple[Instrument, ...]:
        mine = [one for one in self._told.instruments.values() if one.point_id == point_id]
        mine.sort(key=lambda one: str(one.instrument_id))
        return tuple(
            Instrument(
                instrument_id=one.instrument_id,
                kind=one.kind,
                factor=one.factor,
                model=one.model,
                serial_number=one.serial_number,
                ends=self._told.instruments_end.get(one.instrument_id),
            )
            for one in mine
        )
