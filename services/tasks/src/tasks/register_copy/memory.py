"""The copy of the register in memory, for tests. The same tests check it and `postgres`."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from qingyuan_events import Fact

from tasks.domain.register import EnterpriseCopy, InstrumentCopy, MonitoringPointCopy
from tasks.register_copy.rows import EnterpriseRow, PointRow, RegisterRows


class MemoryRegisterCopy:
    """A test applies the register's facts itself, so there is never a delay."""

    patience = timedelta(0)

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._rows = RegisterRows().apply(facts)

    def apply(self, *facts: Fact) -> None:
        self._rows.apply(facts)

    async def point(self, point_id: UUID) -> MonitoringPointCopy | None:
        point = self._rows.points.get(point_id)
        enterprise = self._rows.enterprises.get(point.enterprise_id) if point else None
        return self._point(point, enterprise) if point and enterprise else None

    async def enterprise(self, enterprise_id: UUID) -> EnterpriseCopy | None:
        enterprise = self._rows.enterprises.get(enterprise_id)
        return self._with_points(enterprise) if enterprise else None

    async def enterprise_of(self, *, uscc: str) -> EnterpriseCopy | None:
        enterprises = self._rows.enterprises.values()
        enterprise = next((row for row in enterprises if row.uscc == uscc), None)
        return self._with_points(enterprise) if enterprise else None

    def _with_points(self, enterprise: EnterpriseRow) -> EnterpriseCopy:
        points = [row for row in self._rows.points.values() if row.enterprise_id == enterprise.enterprise_id]
        points.sort(key=lambda row: (row.code, row.name, str(row.point_id)))
        return EnterpriseCopy(
            enterprise_id=enterprise.enterprise_id,
            name=enterprise.name,
            uscc=enterprise.uscc,
            district=enterprise.district,
            points=tuple(self._point(row, enterprise) for row in points),
        )

    def _point(self, point: PointRow, enterprise: EnterpriseRow) -> MonitoringPointCopy:
        return MonitoringPointCopy(
            point_id=point.point_id,
            code=point.code,
            name=point.name,
            medium=point.medium,
            factors=point.factors,
            location=point.location,
            outlet_id=point.outlet_id,
            enterprise_id=point.enterprise_id,
            district=enterprise.district,
            instruments=self._instruments(point.point_id),
            ends=self._rows.points_end.get(point.point_id),
        )

    def _instruments(self, point_id: UUID) -> tuple[InstrumentCopy, ...]:
        instruments = [row for row in self._rows.instruments.values() if row.point_id == point_id]
        instruments.sort(key=lambda row: str(row.instrument_id))
        return tuple(
            InstrumentCopy(
                instrument_id=row.instrument_id,
                kind=row.kind,
                factor=row.factor,
                model=row.model,
                serial_number=row.serial_number,
                ends=self._rows.instruments_end.get(row.instrument_id),
            )
            for row in instruments
        )
