"""What an import is compared with, read from the log: the enterprise's names, its points, and their instruments."""

import asyncio
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events.registry import EnterpriseCorrected, EnterpriseRegistered
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.log.handling import load
from qingyuan_runtime.log.store import EventStore

from registry.domain.enterprise import ENTERPRISE
from registry.domain.instrument import PointOfInstrument
from registry.domain.monitoring_point import POINT
from registry.importing.checking import Place
from registry.importing.points import NamedPoint, Points
from registry.importing.register import Register, known

AT_ONCE: Final = 200


async def place_of(store: EventStore, pool: Pool, enterprise_id: UUID) -> Place:
    stream = ENTERPRISE.stream(enterprise_id)
    outlets = await store.open_children(stream)
    points = [point for outlet in outlets for point in await store.open_children(outlet)]
    instruments = await _read(store, await _children(pool, points))
    return Place(
        names=_names(await store.read(stream)),
        points=Points([await _named(store, point) for point in points]),
        register=Register(known(facts) for facts in instruments),
    )


def _names(facts: Sequence[Recorded[Fact]]) -> frozenset[str]:
    """An older export names the enterprise as it was called then."""
    changes = (one.fact for one in facts)
    return frozenset(
        fact.particulars.name
        for fact in changes
        if isinstance(fact, EnterpriseRegistered | EnterpriseCorrected)
    )


async def _children(pool: Pool, parents: Sequence[str]) -> list[str]:
    """Those that have ended too, which the store's port does not name."""
    rows = await pool.fetch("select stream_id from streams where parent = any($1)", list(parents))
    return [row["stream_id"] for row in rows]


async def _read(store: EventStore, streams: Sequence[str]) -> list[Sequence[Recorded[Fact]]]:
    found: list[Sequence[Recorded[Fact]]] = []
    for start in range(0, len(streams), AT_ONCE):
        found += await asyncio.gather(*(store.read(stream) for stream in streams[start : start + AT_ONCE]))
    return found


async def _named(store: EventStore, stream: str) -> NamedPoint:
    _, state = await load(store, POINT, stream)
    facts = state.life.particulars
    assert facts is not None
    point_id = UUID(stream.removeprefix("monitoring_point-"))
    point = PointOfInstrument(
        point_id=point_id,
        enterprise_id=state.enterprise_id,
        medium=facts.medium,
        valid_from=state.life.valid_from,
    )
    return NamedPoint(code=facts.code, name=facts.name, point=point)
