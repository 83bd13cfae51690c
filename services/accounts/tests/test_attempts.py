"""Attempts are counted before their passwords are compared: on real PostgreSQL, many at once, and in two processes."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from accounts.account import new_account
from accounts.attempts import Attempts, Locked, TooManyFromAddress, at_log_in
from accounts.service.account_service import AccountService
from accounts.sessions.open_sessions import Origin
from accounts.sessions.opened import WrongCredentials
from accounts.settings import AccountsSettings
from accounts_making import PASSWORD, Clock, CountedPasswords
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers

HOME, OFFICE = Origin("198.51.100.7"), Origin("203.0.113.1")
SETTINGS = AccountsSettings()


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
    return Counter(
        await asyncio.gather(*(outcome(accounts, name, password, origin) for password in passwords))
    )


@pytest.mark.parametrize("name", ["p1", "nobody-has-this-name"])
async def test_of_fifty_attempts_at_once_five_are_compared_whether_or_not_the_account_exists(
    accounts: AccountService, passwords: CountedPasswords, name: str
) -> None:
    found = await outcomes(accounts, name, [f"guess {n}" for n in range(50)])
    assert found == {"WrongCredentials": 5, "Locked": 45}
    assert passwords.compared == 5
    assert await outcome(accounts, name, PASSWORD) == "Locked"
    assert passwords.compared == 5


async def test_the_right_password_does_not_lift_a_lock_however_many_try_at_once(
    accounts: AccountService, passwords: CountedPasswords
) -> None:
    await outcomes(accounts, "p1", ["wrong"] * 4)
    found = await outcomes(accounts, "p1", ["wrong", *[PASSWORD] * 20])
    assert passwords.compared == 5 or found["in"] >= 1  # depends on which attempt came fifth
    await outcomes(accounts, "p1", ["wrong"] * 50)
    assert await outcome(accounts, "p1", PASSWORD) == "Locked"


async def test_the_lock_is_stored_in_the_database_and_shared_by_all_processes(
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


async def test_a_right_password_forgets_the_failures_before_it(accounts: AccountService) -> None:
    for _ in range(3):
        assert await outcomes(accounts, "p1", ["wrong"] * 4) == {"WrongCredentials": 4}
        assert await outcome(accounts, "p1", PASSWORD) == "in"
    assert await outcomes(accounts, "p1", [PASSWORD] * 5) == {"in": 5}


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
async def test_right_passwords_at_the_same_time_forget_no_failure_after_them(
    pool: Pool, clock: Clock, order: tuple[int, ...]
) -> None:
    """Of four attempts at once three succeed. The fourth still counts as the first of five failures."""
    attempts = Attempts(pool, SETTINGS)
    p1 = at_log_in("p1", HOME.address)
    early = [await attempts.begin(p1, clock.now) for _ in range(4)]
    for nth in order:
        await attempts.succeed(early[nth - 1])
    later = [await attempts.begin(p1, clock.now) for _ in range(4)]
    assert [attempt.last for attempt in later] == [False, False, False, True]
    with pytest.raises(Locked):
        await attempts.begin(p1, clock.now)


async def test_a_success_that_began_before_an_administrators_reset_forgets_no_failure_after_it(
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


async def test_an_office_behind_one_address_is_not_locked_out(accounts: AccountService, clock: Clock) -> None:
    """Successes are not counted, and a mistake of each of thirty users every hour does not reach the limit of the address."""
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
    results = [await outcome(accounts, f"name {n}", "Summer2026!", OFFICE) for n in range(105)]
    assert results[:100] == ["WrongCredentials"] * 100
    assert results[100:] == ["TooManyFromAddress"] * 5
    assert await outcome(accounts, "p1", PASSWORD, OFFICE) == "TooManyFromAddress"
    assert await outcome(accounts, "p1", PASSWORD, HOME) == "in"
    clock.passes(seconds=10)
    assert await outcome(accounts, "p1", PASSWORD, OFFICE) == "in"


async def test_an_attempt_refused_for_its_address_does_not_count_for_the_name(
    accounts: AccountService, pool: Pool
) -> None:
    await pool.execute("insert into guesses values ($1, 100, $2)", b"a203.0.113.1", accounts.now())
    for _ in range(6):
        with pytest.raises(TooManyFromAddress):
            await accounts.log_in("p1", "wrong", OFFICE)
    with pytest.raises(WrongCredentials):
        await accounts.log_in("p1", "wrong", HOME)


async def test_the_sweep_deletes_expired_attempts_and_sessions(
    accounts: AccountService, pool: Pool, clock: Clock
) -> None:
    for number in range(20):
        await outcome(accounts, f"nobody {number}", "wrong")
    assert await outcome(accounts, "p1", PASSWORD) == "in"
    clock.passes(hours=1)
    await accounts.sweep()
    assert await pool.fetchval("select count(*) from guesses") == 0
    assert await pool.fetchval("select count(*) from sessions") == 0


async def test_the_typed_name_is_not_stored(accounts: AccountService, pool: Pool) -> None:
    """Users sometimes type their password as the name."""
    await outcome(accounts, "my password", "my name")
    keys = b"".join([row["key"] for row in await pool.fetch("select key from guesses")])
    assert b"my password" not in keys
