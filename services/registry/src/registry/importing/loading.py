"""Loads from the log what an import is compared with: the enterprise's names, its points, and their instruments."""

import asyncio
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events.registry import EnterpriseCorrected, EnterpriseRegistered
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.log.handling import load
from qingyuan_runtime.log.store import EventStore

from registry.domain.enterprises.decider import ENTERPRISE
from registry.domain.instruments.commands import PointOfInstrument
from registry.domain.monitoring_points.decider import POINT
from registry.importing.checking import RegisteredEnterprise
from registry.importing.points import NamedPoint, Points
from registry.importing.registered_instruments import RegisteredInstruments, registered_instrument

READS_AT_ONCE: Final = 200


async def load_enterprise(store: EventStore, pool: Pool, enterprise_id: UUID) -> RegisteredEnterprise:
    stream = ENTERPRISE.stream(enterprise_id)
    outlets = await store.open_children(stream)
    points = [point for outlet in outlets for point in await store.open_children(outlet)]
    instruments = await _read(store, await _children(pool, points))
    return RegisteredEnterprise(
        names=_names(await store.read(stream)),
        points=Points([await _named_point(store, point) for point in points]),
        instruments=RegisteredInstruments(registered_instrument(facts) for facts in instruments),
    )


def _names(facts: Sequence[Recorded[Fact]]) -> frozenset[str]:
    """All names that the enterprise has had: an older export has the name of its time."""
    return frozenset(
        recorded.fact.particulars.name
        for recorded in facts
        if isinstance(recorded.fact, EnterpriseRegistered | EnterpriseCorrected)
    )


async def _children(pool: Pool, parents: Sequence[str]) -> list[str]:
    """Children in use and ended. `EventStore.open_children` names those in use only."""
    rows = await pool.fetch("select stream_id from streams where parent = any($1)", list(parents))
    return [row["stream_id"] for row in rows]


async def _read(store: EventStore, streams: Sequence[str]) -> list[Sequence[Recorded[Fact]]]:
    found: list[Sequence[Recorded[Fact]]] = []
    for start in range(0, len(streams), READS_AT_ONCE):
        found += await asyncio.gather(
            *(store.read(stream) for stream in streams[start : start + READS_AT_ONCE])
        )
    return found


async def _named_point(store: EventStore, stream: str) -> NamedPoint:
    _, state = await load(store, POINT, stream)
    particulars = state.lifetime.particulars
    assert particulars is not None
    point_id = UUID(stream.removeprefix("monitoring_point-"))
    point = PointOfInstrument(
        point_id=point_id,
        enterprise_id=state.enterprise_id,
        medium=particulars.medium,
        valid_from=state.lifetime.valid_from,
    )
    return NamedPoint(code=particulars.code, name=particulars.name, point=point)
