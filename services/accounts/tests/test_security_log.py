"""How long the security log is kept, and that the service alone cannot change it, on real PostgreSQL."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from accounts.passwords.hashing import Passwords
from accounts.security_log.writing import ForeignLine, SecurityLog
from accounts.service.account_service import AccountService
from accounts.settings import AccountsSettings
from accounts_making import Clock, empty_log, lines
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import Pool, open_pool

pytestmark = pytest.mark.servers

AGES = (5_000, 500, 400, 300, 200, 180, 1)
"""In days: how old the lines of a log are."""


async def write_lines_of_ages(pool: Pool, clock: Clock) -> None:
    clock.now = datetime.now(UTC)
    await empty_log(pool)
    line = "insert into security_log (happened, what) values (now() - make_interval(days => $1), $2)"
    for age in AGES:
        await pool.execute(line, age, str(age))


@pytest.mark.parametrize(("months", "kept"), [(12, ["300", "200", "180", "1"]), (9, ["200", "180", "1"]), (1, ["180", "1"])])  # fmt: skip
async def test_the_security_log_is_kept_for_the_months_set_and_for_six_at_least(
    pool: Pool, clock: Clock, months: int, kept: list[str]
) -> None:
    await write_lines_of_ages(pool, clock)
    settings = AccountsSettings(security_log_months=months)
    await AccountService(pool, Passwords(), settings, clock).sweep()
    assert await lines(pool) == kept
    clock.passes(days=10_000)
    await AccountService(pool, Passwords(), settings, clock).sweep()
    assert await lines(pool) == ["180", "1"], "even with a clock far ahead, lines of the last six months stay"


async def test_lines_with_future_times_do_not_keep_old_ones_from_being_deleted(
    accounts: AccountService, pool: Pool, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here they have the lowest ids, so a batch that is chosen by id would never reach the old lines."""
    clock.now = datetime.now(UTC)
    monkeypatch.setattr("accounts.security_log.writing.BATCH", 5)
    await empty_log(pool)
    line = "insert into security_log (happened, what) select now() + $1, $2 from generate_series(1, 12)"
    await pool.execute(line, timedelta(days=400), "ahead")
    await pool.execute(line, timedelta(days=-1_100), "old")
    await accounts.sweep()
    assert await lines(pool) == ["ahead"] * 12


async def test_the_services_role_can_neither_delete_nor_change_lines(
    postgres_server: DatabaseServer, clock: Clock
) -> None:
    """With the privileges of the real migration: it can only call the function that deletes old lines."""
    owner = await postgres_server.fresh("accounts")
    app = f"postgresql://accounts_pruning:x@{owner.split('@')[1]}"
    as_owner = await open_pool(owner, size=1)
    await as_owner.execute("create role accounts_pruning login password 'x'")
    await asyncio.to_thread(migrating.upgrade, "accounts", owner_url=owner, app_url=app)
    await write_lines_of_ages(as_owner, clock)
    as_app = await open_pool(app, size=1)
    for change in ("delete from security_log", "update security_log set what = ''", "truncate security_log"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await as_app.execute(change)
        with pytest.raises(asyncpg.PostgresError):
            await as_owner.execute(change)
    await AccountService(as_app, Passwords(), AccountsSettings(), clock).sweep()
    assert await lines(as_app) == ["300", "200", "180", "1"]
    await as_app.close()
    await as_owner.close()


async def test_the_services_role_says_neither_when_a_line_happened_nor_its_number(
    postgres_server: DatabaseServer, clock: Clock
) -> None:
    owner = await postgres_server.fresh("accounts")
    app = f"postgresql://accounts_dating:x@{owner.split('@')[1]}"
    as_owner = await open_pool(owner, size=1)
    await as_owner.execute("create role accounts_dating login password 'x'")
    await asyncio.to_thread(migrating.upgrade, "accounts", owner_url=owner, app_url=app)
    as_app = await open_pool(app, size=1)
    for columns, values in (
        ("happened, what", "'2020-01-01', 'disabled'"),
        ("happened, what", "now(), 'disabled'"),
        ("id, what", "7, 'disabled'"),
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await as_app.execute(
                f"insert into security_log ({columns}) overriding system value values ({values})"
            )
    log = SecurityLog(as_app, AccountsSettings())
    await log.add("disabled", UUID(int=1))
    await log.add_foreign([ForeignLine("data-exported", UUID(int=1), "", "", "done", {"path": "/x.pdf"})])
    assert await lines(as_app) == ["disabled", "data-exported"]
    assert await as_app.fetchval("select now() - min(happened) < interval '1 minute' from security_log")
    await as_app.close()
    await as_owner.close()


async def test_one_sweep_deletes_a_limited_number_of_old_lines(
    accounts: AccountService, pool: Pool, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write_lines_of_ages(pool, clock)
    monkeypatch.setattr("accounts.security_log.writing.BATCH", 1)
    monkeypatch.setattr("accounts.security_log.writing.BATCHES", 2)
    await accounts.sweep()
    assert await lines(pool) == [str(age) for age in AGES[2:]]
    await accounts.sweep()
    assert await lines(pool) == [str(age) for age in AGES[3:]]
