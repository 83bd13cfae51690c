"""The copy of the register in memory, for tests. The same tests check it and `postgres`."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from qingyuan_events import Fact

from reports.domain.places import InstrumentCopy, PointCopy
from reports.installed.rows import RegisterRows


class MemoryInstalled:
    """A test applies the register's facts itself, so there is never a delay."""

    patience = timedelta(0)

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._rows = RegisterRows().apply(facts)

    def apply(self, *facts: Fact) -> None:
        self._rows.apply(facts)

    async def point(self, point_id: UUID) -> PointCopy | None:
        enterprise_id = self._rows.points.get(point_id)
        district = self._rows.districts.get(enterprise_id) if enterprise_id else None
        if enterprise_id is None or district is None or point_id in self._rows.voided:
            return None
        return PointCopy(point_id=point_id, enterprise_id=enterprise_id, district=district)

    async def district(self, enterprise_id: UUID) -> str | None:
        return self._rows.districts.get(enterprise_id)

    async def instruments(self, ids: Collection[UUID]) -> Mapping[UUID, InstrumentCopy]:
        known = {found: self._rows.instruments[found] for found in ids if found in self._rows.instruments}
        return {
            instrument_id: InstrumentCopy(
                instrument_id=instrument_id,
                point_id=point_id,
                first_day=first_day,
                ends=self._rows.ends.get(instrument_id),
            )
            for instrument_id, (point_id, first_day) in known.items()
        }
