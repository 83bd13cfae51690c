"""Attempts take their place before they are looked at: on real PostgreSQL, all at once, and by two processes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from accounts.account import new_account
from accounts.account_service import AccountService, WrongCredentials
from accounts.attempts import Attempts, Locked, TooManyFromAddress, at_log_in
from accounts.open_sessions import Origin
from accounts.settings import AccountsSettings
from accounts_making import CountedPasswords, make_tables
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool

pytestmark = pytest.mark.servers

PASSWORD = "correct horse 电池"
HOME, OFFICE = Origin("198.51.100.7"), Origin("203.0.113.1")
SETTINGS = AccountsSettings()


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def pool(postgres_server: DatabaseServer) -> AsyncIterator[Pool]:
    pool = await open_pool(await postgres_server.fresh("accounts"))
    await make_tables(pool)
    yield pool
    await pool.close()


@pytest.fixture
def passwords() -> CountedPasswords:
    return CountedPasswords()


@pytest.fixture
async def accounts(pool: Pool, clock: Clock, passwords: CountedPasswords) -> AccountService:
    accounts = AccountService(pool, passwords, SETTINGS, clock)
    for number in range(30):
        await accounts.add(new_account(f"p{number}", "人", "enterprise", UUID(int=1), None), PASSWORD)
    return accounts


async def outcome(accounts: AccountService, name: str, password: str, origin: Origin = HOME) -> str:
    try:
        await accounts.log_in(name, password, origin)
    except Exception as error:
        return type(error).__name__
    return "in"


async def outcomes(
    accounts: AccountService, name: str, passwords: list[str], origin: Origin = HOME
) -> Counter[str]:
    return Counter(await asyncio.gather(*(outcome(accounts, name, said, origin) for said in passwords)))


@pytest.mark.parametrize("name", ["p1", "nobody-has-this-name"])
async def test_of_fifty_in_flight_five_are_looked_at_whether_or_not_there_is_such_an_account(
    accounts: AccountService, passwords: CountedPasswords, name: str
) -> None:
    found = await outcomes(accounts, name, [f"guess {n}" for n in range(50)])
    assert found == {"WrongCredentials": 5, "Locked": 45}
    assert passwords.compared == 5
    assert await outcome(accounts, name, PASSWORD) == "Locked"
    assert passwords.compared == 5


async def test_the_right_one_among_fifty_is_not_heard_after_five_and_clears_nothing(
    accounts: AccountService, passwords: CountedPasswords
) -> None:
    await outcomes(accounts, "p1", ["wrong"] * 4)
    found = await outcomes(accounts, "p1", ["wrong", *[PASSWORD] * 20])
    assert passwords.compared == 5 or found["in"] >= 1  # whoever took the fifth place
    await outcomes(accounts, "p1", ["wrong"] * 50)
    assert await outcome(accounts, "p1", PASSWORD) == "Locked"


async def test_the_lock_is_kept_by_the_database_and_shared_by_all_processes(
    accounts: AccountService, pool: Pool, clock: Clock
) -> None:
    other = AccountService(pool, CountedPasswords(), SETTINGS, clock)
    both = await asyncio.gather(*(outcomes(service, "p1", ["wrong"] * 10) for service in (accounts, other)))
    assert both[0] + both[1] == {"WrongCredentials": 5, "Locked": 15}
    started_again = AccountService(pool, CountedPasswords(), SETTINGS, clock)
    assert await outcome(started_again, "p1", PASSWORD) == "Locked"
    clock.passes(minutes=16)
    assert await outcome(started_again, "p1", PASSWORD) == "in"


async def test_tries_during_a_lock_do_not_lengthen_it(accounts: AccountService, clock: Clock) -> None:
    await outcomes(accounts, "p1", ["wrong"] * 5)
    for _ in range(14):
        clock.passes(minutes=1)
        assert await outcome(accounts, "p1", "wrong") == "Locked"
    clock.passes(minutes=1)
    assert await outcome(accounts, "p1", PASSWORD) == "in"


async def test_a_lock_says_until_when(accounts: AccountService, clock: Clock) -> None:
    await outcomes(accounts, "p1", ["wrong"] * 5)
    with pytest.raises(Locked) as locked:
        await accounts.log_in("p1", PASSWORD)
    assert locked.value.until == clock.now + timedelta(minutes=SETTINGS.lock_minutes)


async def test_a_right_one_forgets_what_was_wrong_before_it_but_not_after(accounts: AccountService) -> None:
    for _ in range(3):
        assert await outcomes(accounts, "p1", ["wrong"] * 4) == {"WrongCredentials": 4}
        assert await outcome(accounts, "p1", PASSWORD) == "in"
    assert await outcomes(accounts, "p1", [PASSWORD] * 5) == {"in": 5}


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
async def test_right_ones_in_flight_forget_what_was_wrong_before_each_and_nothing_after_them(
    pool: Pool, clock: Clock, order: tuple[int, ...]
) -> None:
    """Three right ones and a wrong fourth, which is the first of the next five."""
    attempts = Attempts(pool, SETTINGS)
    p1 = at_log_in("p1", HOME.address)
    early = [await attempts.begin(p1, clock.now) for _ in range(4)]
    for nth in order:
        await attempts.succeed(early[nth - 1])
    later = [await attempts.begin(p1, clock.now) for _ in range(4)]
    assert [attempt.last for attempt in later] == [False, False, False, True]
    with pytest.raises(Locked):
        await attempts.begin(p1, clock.now)


async def test_what_was_forgotten_by_hand_in_between_leaves_later_failures_counted(
    pool: Pool, clock: Clock
) -> None:
    attempts = Attempts(pool, SETTINGS)
    p1 = at_log_in("p1", HOME.address)
    early = [await attempts.begin(p1, clock.now) for _ in range(4)][-1]
    await attempts.forget(p1.owner)
    later = [await attempts.begin(p1, clock.now) for _ in range(4)]
    await attempts.succeed(early)
    assert not later[-1].last
    assert (await attempts.begin(p1, clock.now)).last


async def test_one_office_behind_one_address_logs_in_as_often_as_it_likes(
    accounts: AccountService, clock: Clock
) -> None:
    """Successes count for nothing, and everybody's own mistyping neither locks out the others nor adds up for ever."""
    for _ in range(5):
        for number in range(30):
            assert await outcome(accounts, f"p{number}", PASSWORD, OFFICE) == "in"
    for hour in range(5):
        for number in range(30):
            assert await outcome(accounts, f"p{number}", f"typo {hour}", OFFICE) == "WrongCredentials"
            assert await outcome(accounts, f"p{number}", PASSWORD, OFFICE) == "in"
        clock.passes(hours=1)


async def test_one_address_that_tries_many_names_is_stopped_and_nobody_else(
    accounts: AccountService, clock: Clock
) -> None:
    said = [await outcome(accounts, f"name {n}", "Summer2026!", OFFICE) for n in range(105)]
    assert said[:100] == ["WrongCredentials"] * 100
    assert said[100:] == ["TooManyFromAddress"] * 5
    assert await outcome(accounts, "p1", PASSWORD, OFFICE) == "TooManyFromAddress"
    assert await outcome(accounts, "p1", PASSWORD, HOME) == "in"
    clock.passes(seconds=10)
    assert await outcome(accounts, "p1", PASSWORD, OFFICE) == "in"


async def test_what_an_address_is_refused_counts_for_no_name(accounts: AccountService, pool: Pool) -> None:
    await pool.execute("insert into guesses values ($1, 100, $2)", b"a203.0.113.1", accounts.now())
    for _ in range(6):
        with pytest.raises(TooManyFromAddress):
            await accounts.log_in("p1", "wrong", OFFICE)
    with pytest.raises(WrongCredentials):
        await accounts.log_in("p1", "wrong", HOME)


async def test_what_counts_for_nothing_any_more_is_forgotten(
    accounts: AccountService, pool: Pool, clock: Clock
) -> None:
    for number in range(20):
        await outcome(accounts, f"nobody {number}", "wrong")
    assert await outcome(accounts, "p1", PASSWORD) == "in"
    clock.passes(hours=1)
    await accounts.sweep()
    assert await pool.fetchval("select count(*) from guesses") == 0
    assert await pool.fetchval("select count(*) from sessions") == 0


async def test_no_name_is_kept_as_it_was_typed(accounts: AccountService, pool: Pool) -> None:
    """People type passwords where names belong."""
    await outcome(accounts, "my password", "my name")
    keys = b"".join([row["key"] for row in await pool.fetch("select key from guesses")])
    assert b"my password" not in keys
