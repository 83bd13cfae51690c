"""A password is changed, or an account disabled, while the old password is being verified for another request."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from accounts.account import new_account
from accounts.service.account_service import AccountService
from accounts.sessions.opened import WrongCredentials
from accounts.sessions.tokens import token_hash
from accounts.settings import AccountsSettings
from accounts_making import CountedPasswords, make_tables
from accounts_over_http import opened, session_of
from counting import until
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool

pytestmark = pytest.mark.servers

OLD, NEW, THIRD = "correct horse 电池", "another password", "a third password"
ZHOU = new_account("zhou", "周", "enterprise", UUID(int=1), None)
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@dataclass
class Setup:
    pool: Pool
    accounts: AccountService
    passwords: CountedPasswords

    async def password(self) -> str:
        return str(await self.pool.fetchval("select password from accounts"))

    async def sessions(self) -> int:
        return int(await self.pool.fetchval("select count(*) from sessions"))

    async def one_waits(self) -> bool:
        """Whether one connection waits for a lock."""
        return await self._waiting() == 1

    async def two_wait(self) -> bool:
        return await self._waiting() == 2

    async def _waiting(self) -> int:
        asked = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        return int(await self.pool.fetchval(asked))


Change = Callable[[Setup], Awaitable[object]]


@pytest.fixture
async def setup(postgres_server: DatabaseServer) -> AsyncIterator[Setup]:
    pool = await open_pool(await postgres_server.fresh("accounts"))
    await make_tables(pool)
    passwords = CountedPasswords()
    ticks = count()
    accounts = AccountService(
        pool, passwords, AccountsSettings(sessions_most=1), lambda: NOW + timedelta(seconds=next(ticks))
    )
    await accounts.add(ZHOU, OLD)
    yield Setup(pool, accounts, passwords)
    await pool.close()


async def changed_by_its_owner(setup: Setup) -> None:
    await opened(setup.pool, ZHOU.id)
    await setup.accounts.change_password(ZHOU.id, OLD, NEW, keep=session_of(ZHOU.id))
    await setup.accounts.log_out(session_of(ZHOU.id))


async def set_by_an_administrator(setup: Setup) -> None:
    await setup.accounts.set_password(ZHOU.id, NEW)


async def disabled_by_an_administrator(setup: Setup) -> None:
    await setup.accounts.disable(ZHOU.id, disabled=True)


EACH_CHANGE = pytest.mark.parametrize(
    "change", [changed_by_its_owner, set_by_an_administrator, disabled_by_an_administrator]
)


@EACH_CHANGE
async def test_no_session_is_opened_with_a_password_that_was_changed_meanwhile(
    setup: Setup, change: Change
) -> None:
    setup.passwords.meanwhile = lambda: change(setup)
    with pytest.raises(WrongCredentials):
        await setup.accounts.log_in("zhou", OLD)
    assert await setup.sessions() == 0


@EACH_CHANGE
async def test_no_second_factor_is_given_for_a_password_that_was_changed_meanwhile(
    setup: Setup, change: Change
) -> None:
    setup.passwords.meanwhile = lambda: change(setup)
    with pytest.raises(WrongCredentials):
        await setup.accounts.verify_again(ZHOU.id, OLD)
    last = await setup.pool.fetchval("select what from security_log order by id desc limit 1")
    assert last == "second-factor-failed"


@EACH_CHANGE
async def test_no_password_is_set_with_one_that_was_changed_meanwhile(setup: Setup, change: Change) -> None:
    """Somebody who stole the password changes it at the same time as its owner."""
    setup.passwords.meanwhile = lambda: change(setup)
    with pytest.raises(WrongCredentials):
        await setup.accounts.change_password(ZHOU.id, OLD, THIRD, keep=b"")
    assert await setup.password() != THIRD


async def test_a_log_in_waits_for_a_change_that_is_being_written(setup: Setup) -> None:
    async with setup.pool.acquire() as connection, connection.transaction():
        await connection.execute("update accounts set password = $1", NEW)
        logging_in = asyncio.create_task(setup.accounts.log_in("zhou", OLD))
        await until(setup.one_waits)
    with pytest.raises(WrongCredentials):
        await logging_in
    assert await setup.sessions() == 0


async def test_a_change_waits_for_a_session_that_is_being_opened_and_ends_it(setup: Setup) -> None:
    first = (await setup.accounts.log_in("zhou", OLD)).token
    async with setup.pool.acquire() as connection, connection.transaction():
        await connection.execute("select from sessions for update")
        logging_in = asyncio.create_task(setup.accounts.log_in("zhou", OLD))
        await until(setup.one_waits)  # to end the first session, since only one is allowed
        changing = asyncio.create_task(setup.accounts.set_password(ZHOU.id, NEW))
        await until(setup.two_wait)
    second = (await logging_in).token
    await changing
    assert [await setup.accounts.session(token_hash(token or "")) for token in (first, second)] == [
        None,
        None,
    ]
