"""A password is changed, or an account locked by hand, while somebody's log-in with the old one is being looked at."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from accounts.account import new_account
from accounts.account_service import AccountService, WrongCredentials
from accounts.settings import AccountsSettings
from accounts.tokens import token_hash
from accounts_making import CountedPasswords, make_tables
from counting import until
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool

pytestmark = pytest.mark.servers

OLD, NEW, THIRD = "correct horse 电池", "another password", "a third password"
ZHOU = new_account("zhou", "周", "enterprise", UUID(int=1), None)
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@dataclass
class Home:
    pool: Pool
    accounts: AccountService
    passwords: CountedPasswords

    async def password(self) -> str:
        return str(await self.pool.fetchval("select password from accounts"))

    async def sessions(self) -> int:
        return int(await self.pool.fetchval("select count(*) from sessions"))

    async def one_waits(self) -> bool:
        """For a lock that another connection to this database holds."""
        return await self._waiting() == 1

    async def two_wait(self) -> bool:
        return await self._waiting() == 2

    async def _waiting(self) -> int:
        asked = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        return int(await self.pool.fetchval(asked))


Happens = Callable[[Home], Awaitable[object]]


@pytest.fixture
async def home(postgres_server: DatabaseServer) -> AsyncIterator[Home]:
    pool = await open_pool(await postgres_server.fresh("accounts"))
    await make_tables(pool)
    passwords = CountedPasswords()
    ticks = count()
    accounts = AccountService(
        pool, passwords, AccountsSettings(sessions_most=1), lambda: NOW + timedelta(seconds=next(ticks))
    )
    await accounts.add(ZHOU, OLD)
    yield Home(pool, accounts, passwords)
    await pool.close()


async def changed_by_its_owner(home: Home) -> None:
    await home.accounts.change_password(ZHOU.id, OLD, NEW, keep=b"")


async def set_by_hand(home: Home) -> None:
    await home.accounts.set_password(ZHOU.id, NEW)


async def locked_by_hand(home: Home) -> None:
    await home.accounts.disable(ZHOU.id, disabled=True)


EVENTS = pytest.mark.parametrize("event", [changed_by_its_owner, set_by_hand, locked_by_hand])


@EVENTS
async def test_no_session_is_opened_by_what_is_the_password_no_longer(home: Home, event: Happens) -> None:
    home.passwords.meanwhile = lambda: event(home)
    with pytest.raises(WrongCredentials):
        await home.accounts.log_in("zhou", OLD)
    assert await home.sessions() == 0


@EVENTS
async def test_no_second_factor_is_given_with_it(home: Home, event: Happens) -> None:
    home.passwords.meanwhile = lambda: event(home)
    with pytest.raises(WrongCredentials):
        await home.accounts.verify_again(ZHOU.id, OLD)
    assert (
        await home.pool.fetchval("select what from security_log order by id desc limit 1") == "log-in-failed"
    )


@EVENTS
async def test_no_other_password_is_set_with_it(home: Home, event: Happens) -> None:
    """Whoever stole it changes it in the moment in which its owner does."""
    home.passwords.meanwhile = lambda: event(home)
    with pytest.raises(WrongCredentials):
        await home.accounts.change_password(ZHOU.id, OLD, THIRD, keep=b"")
    assert await home.password() != THIRD


async def test_a_log_in_waits_for_a_change_that_is_being_written(home: Home) -> None:
    async with home.pool.acquire() as connection, connection.transaction():
        await connection.execute("update accounts set password = $1", NEW)
        logging_in = asyncio.create_task(home.accounts.log_in("zhou", OLD))
        await until(home.one_waits)
    with pytest.raises(WrongCredentials):
        await logging_in
    assert await home.sessions() == 0


async def test_a_change_waits_for_a_session_that_is_being_opened_and_ends_it(home: Home) -> None:
    first = (await home.accounts.log_in("zhou", OLD)).token
    async with home.pool.acquire() as connection, connection.transaction():
        await connection.execute("select from sessions for update")
        logging_in = asyncio.create_task(home.accounts.log_in("zhou", OLD))
        await until(home.one_waits)  # to end the first, beyond the most that there may be
        changing = asyncio.create_task(home.accounts.set_password(ZHOU.id, NEW))
        await until(home.two_wait)
    second = (await logging_in).token
    await changing
    assert [await home.accounts.session(token_hash(token or "")) for token in (first, second)] == [None, None]
