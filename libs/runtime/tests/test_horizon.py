"""A transaction that stays open anywhere in the cluster is named, and the watch continues after its connection was ended."""

import asyncio
from collections.abc import Callable

import asyncpg
import pytest
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.log import store_schema
from qingyuan_runtime.process import supervising
from qingyuan_runtime.process.role_health import ROLE_HEALTH
from qingyuan_runtime.process.supervising import run_supervised
from qingyuan_runtime.publishing.horizon import HorizonWatch

pytestmark = pytest.mark.servers


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.02)


async def test_the_culprit_is_named_and_the_watch_goes_on_after_its_connection_is_killed(
    postgres_server: DatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "STEADY_SECONDS", 0.1)
    dsn, elsewhere = await postgres_server.fresh("watched"), await postgres_server.fresh("elsewhere")
    connection = await asyncpg.connect(dsn)
    await connection.execute(store_schema.create_script())
    role = "relay watch"
    watching = asyncio.create_task(run_supervised(role, HorizonWatch(dsn, 0, 1, alarm=0.2).run))
    forgotten = await asyncpg.connect(elsewhere, server_settings={"application_name": "night report"})
    await forgotten.execute("begin; create table half (done int)")
    try:
        await until(lambda: "night report" in str(ROLE_HEALTH))
        assert "idle in transaction" in ROLE_HEALTH.troubles[role].reason
        assert "elsewhere" in ROLE_HEALTH.troubles[role].reason
        await connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'relay watch' and datname = current_database()"
        )
        await forgotten.execute("rollback")
        await until(lambda: role not in ROLE_HEALTH.troubles)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await forgotten.close()
        await connection.close()
