"""An instrument that was voided by an older release does not keep its point from being voided."""

import asyncio

import asyncpg
import pytest
from qingyuan_events.registry import InstrumentVoided
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.log.handling import append, handle, write_of
from qingyuan_runtime.log.store_postgres import PostgresStore
from registry.domain.instruments.decider import INSTRUMENT
from registry.domain.monitoring_points.commands import VoidPoint
from registry.domain.monitoring_points.decider import POINT as POINTS
from registry.domain.outlets.decider import OUTLET as OUTLETS
from registry_calls import OFFICE, asked_by
from samples import ENTERPRISE, OLD, OUTLET, POINT, outlet_added, point_added, registered

pytestmark = pytest.mark.servers


async def migrate(dsn: str) -> None:
    await asyncio.to_thread(migrating.upgrade, "registry", owner_url=dsn, app_url=dsn)


async def test_what_was_voided_before_is_marked_as_voided(postgres_server: DatabaseServer) -> None:
    dsn = await postgres_server.fresh("registry")
    await migrate(dsn)
    async with await open_pool(dsn, size=2) as pool:
        await voided_before(PostgresStore(pool), pool)
        await migrate(dsn)
        assert await pool.fetchval("select count(*) from streams where voided") == 1
        void = VoidPoint(point_id=POINT, reason="重复登记")
        await handle(PostgresStore(pool), POINTS, POINTS.stream(POINT), void, asked_by(OFFICE))


async def voided_before(store: PostgresStore, pool: asyncpg.Pool) -> None:
    """A point with a voided instrument, in a log of the revision before."""
    voided = InstrumentVoided(instrument_id=OLD, point_id=POINT, enterprise_id=ENTERPRISE, reason="录错")
    outlet = write_of(OUTLETS, OUTLETS.stream(OUTLET), 0, (outlet_added,))
    await pool.execute(
        "insert into streams values ($1, 1, 1, pg_current_xact_id())", f"enterprise-{ENTERPRISE}"
    )
    await append(store, (outlet,), asked_by(OFFICE))
    await append(store, (write_of(POINTS, POINTS.stream(POINT), 0, (point_added,)),), asked_by(OFFICE))
    instrument = write_of(INSTRUMENT, INSTRUMENT.stream(OLD), 0, (registered(), voided))
    await append(store, (instrument,), asked_by(OFFICE))
    await pool.execute("update streams set voided = false")
    await pool.execute("update alembic_version set version_num = '0007'")
