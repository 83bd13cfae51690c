"""Log-in, sessions and locks on real PostgreSQL, with a clock that tests move."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from accounts.account import new_account
from accounts.account_service import AccountService, NameTaken, WrongCredentials
from accounts.attempts import Locked
from accounts.passwords import Passwords
from accounts.policy import problem_with
from accounts.settings import AccountsSettings
from accounts.tokens import token_hash
from accounts_making import make_tables
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import Pool, open_pool

pytestmark = pytest.mark.servers

PASSWORD = "correct horse 电池"


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
async def accounts(pool: Pool, clock: Clock) -> AccountService:
    accounts = AccountService(pool, Passwords(), AccountsSettings(), clock)
    await accounts.add(new_account("Zhou", "周", "enterprise", UUID(int=1), None), PASSWORD)
    return accounts


async def alive(accounts: AccountService, token: str | None) -> bool:
    assert token
    return await accounts.session(token_hash(token)) is not None


async def test_the_right_password_opens_a_session_whose_token_is_not_stored(
    accounts: AccountService, pool: Pool
) -> None:
    session = await accounts.log_in(" zhou ", PASSWORD)
    assert session.account.organisation == UUID(int=1)
    assert await alive(accounts, session.token)
    stored = await pool.fetchval("select token_hash from sessions")
    assert stored != (session.token or "").encode()
    assert await pool.fetchval("select password from accounts") != PASSWORD


@pytest.mark.parametrize(("name", "password"), [("zhou", "wrong"), ("nobody", PASSWORD), ("", "")])
async def test_a_wrong_name_and_a_wrong_password_look_the_same(
    accounts: AccountService, name: str, password: str
) -> None:
    with pytest.raises(WrongCredentials):
        await accounts.log_in(name, password)


async def test_five_failures_lock_for_a_while_even_for_the_right_password(
    accounts: AccountService, clock: Clock
) -> None:
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await accounts.log_in("zhou", "wrong")
    with pytest.raises(Locked):
        await accounts.log_in("zhou", PASSWORD)
    clock.passes(minutes=16)
    assert (await accounts.log_in("zhou", PASSWORD)).token


async def test_a_success_forgets_the_failures_before_it(accounts: AccountService) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(WrongCredentials):
                await accounts.log_in("zhou", "wrong")
        await accounts.log_in("zhou", PASSWORD)


async def test_an_idle_session_ends_and_a_used_one_lives_to_its_absolute_end(
    accounts: AccountService, clock: Clock
) -> None:
    idle = (await accounts.log_in("zhou", PASSWORD)).token
    clock.passes(minutes=31)
    assert not await alive(accounts, idle)
    used = (await accounts.log_in("zhou", PASSWORD)).token
    for _ in range(35):
        clock.passes(minutes=20)
        assert await alive(accounts, used)
    clock.passes(minutes=21)
    assert not await alive(accounts, used)


async def test_each_log_in_gets_a_token_of_its_own(accounts: AccountService) -> None:
    assert (await accounts.log_in("zhou", PASSWORD)).token != (await accounts.log_in("zhou", PASSWORD)).token


async def test_a_log_out_ends_one_session_and_a_log_out_everywhere_ends_all(accounts: AccountService) -> None:
    first, second, third = [await accounts.log_in("zhou", PASSWORD) for _ in range(3)]
    await accounts.log_out(token_hash(first.token or ""))
    assert [await alive(accounts, s.token) for s in (first, second, third)] == [False, True, True]
    await accounts.log_out_everywhere(second.account.id)
    assert [await alive(accounts, s.token) for s in (second, third)] == [False, False]


async def test_a_new_password_needs_the_old_one_and_ends_other_sessions(accounts: AccountService) -> None:
    here, there = [await accounts.log_in("zhou", PASSWORD) for _ in range(2)]
    keep = token_hash(here.token or "")
    with pytest.raises(WrongCredentials):
        await accounts.change_password(here.account.id, "wrong", "another password", keep=keep)
    await accounts.change_password(here.account.id, PASSWORD, "another password", keep=keep)
    assert [await alive(accounts, s.token) for s in (here, there)] == [True, False]
    with pytest.raises(WrongCredentials):
        await accounts.log_in("zhou", PASSWORD)
    assert await accounts.log_in("zhou", "another password")


async def test_after_five_wrong_present_passwords_the_password_cannot_be_changed_for_a_while(
    accounts: AccountService, clock: Clock, pool: Pool
) -> None:
    session = await accounts.log_in("zhou", PASSWORD)
    account, keep = session.account.id, token_hash(session.token or "")
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await accounts.change_password(account, "wrong", "another password", keep=keep)
    with pytest.raises(Locked):
        await accounts.change_password(account, PASSWORD, "another password", keep=keep)
    logged = [row["what"] for row in await pool.fetch("select what from security_log order by id")]
    assert logged[-6:] == [*["log-in-failed"] * 5, "locked"]
    clock.passes(minutes=16)
    await accounts.change_password(account, PASSWORD, "another password", keep=keep)
    assert await accounts.log_in("zhou", "another password")


async def test_a_lock_of_the_name_at_the_log_in_does_not_keep_its_owner_from_signing(
    accounts: AccountService,
) -> None:
    account = (await accounts.log_in("zhou", PASSWORD)).account.id
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await accounts.log_in("zhou", "wrong")
    with pytest.raises(Locked):
        await accounts.log_in("zhou", PASSWORD)
    await accounts.verify_again(account, PASSWORD)


async def test_enabling_an_account_forgets_its_failed_second_factors(accounts: AccountService) -> None:
    account = (await accounts.log_in("zhou", PASSWORD)).account.id
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await accounts.verify_again(account, "wrong")
    with pytest.raises(Locked):
        await accounts.verify_again(account, PASSWORD)
    await accounts.disable(account, disabled=False)
    await accounts.verify_again(account, PASSWORD)


async def test_a_disabled_account_loses_its_sessions_and_cannot_log_in(accounts: AccountService) -> None:
    session = await accounts.log_in("zhou", PASSWORD)
    await accounts.disable(session.account.id, disabled=True)
    assert not await alive(accounts, session.token)
    with pytest.raises(WrongCredentials):
        await accounts.log_in("zhou", PASSWORD)
    await accounts.disable(session.account.id, disabled=False)
    assert await accounts.log_in("zhou", PASSWORD)


async def test_a_name_is_given_once_whatever_its_case(accounts: AccountService) -> None:
    with pytest.raises(NameTaken):
        await accounts.add(new_account("ZHOU", "另一个", "administrator", None, None), PASSWORD)


async def test_what_happened_is_logged_without_names(accounts: AccountService, pool: Pool) -> None:
    await accounts.log_in("zhou", PASSWORD)
    with pytest.raises(WrongCredentials):
        await accounts.log_in("nobody", "x")
    rows = await pool.fetch("select what, account_id is null as unknown from security_log order by id")
    assert [tuple(row) for row in rows] == [
        ("account-made", False),
        ("logged-in", False),
        ("log-in-failed", True),
    ]


AGES = (5_000, 500, 400, 300, 200, 180, 1)
"""In days: how old the lines of a log are."""


async def lines(pool: Pool) -> list[str]:
    return [row["what"] for row in await pool.fetch("select what from security_log order by id")]


async def write_lines_of_ages(pool: Pool, clock: Clock) -> None:
    clock.now = datetime.now(UTC)
    await pool.execute("truncate security_log")
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
    monkeypatch.setattr("accounts.security_log.BATCH", 5)
    await pool.execute("truncate security_log")
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
    await AccountService(as_app, Passwords(), AccountsSettings(), clock).sweep()
    assert await lines(as_app) == ["300", "200", "180", "1"]
    await as_app.close()
    await as_owner.close()


async def test_one_sweep_deletes_a_limited_number_of_old_lines(
    accounts: AccountService, pool: Pool, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write_lines_of_ages(pool, clock)
    monkeypatch.setattr("accounts.security_log.BATCH", 1)
    monkeypatch.setattr("accounts.security_log.BATCHES", 2)
    await accounts.sweep()
    assert await lines(pool) == [str(age) for age in AGES[2:]]
    await accounts.sweep()
    assert await lines(pool) == [str(age) for age in AGES[3:]]


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaa", "zhou-zhou-12345"])
def test_a_weak_password_is_refused(weak: str) -> None:
    assert problem_with(weak, "zhou")
    assert problem_with(PASSWORD, "zhou") is None


async def test_an_operators_account_has_the_role_manager_by_default_and_its_organisations_name(
    accounts: AccountService,
) -> None:
    for name, role in (("wang", None), ("li", "technician")):
        await accounts.add(new_account(name, name, "operator", UUID(int=2), None, role), PASSWORD)
    await accounts.name_organisation(UUID(int=2), "绿测", anew=False)
    await accounts.name_organisation(UUID(int=2), "别的名称", anew=False)
    found = [(await accounts.log_in(name, PASSWORD)).account for name in ("wang", "li", "zhou")]
    assert [(account.role, account.organisation_name) for account in found] == [
        ("manager", "绿测"),
        ("technician", "绿测"),
        (None, None),
    ]
    await accounts.set_role(found[1].id, "manager")
    await accounts.name_organisation(UUID(int=2), "绿测环境", anew=True)
    session = await accounts.session(token_hash((await accounts.log_in("li", PASSWORD)).token or ""))
    assert session
    assert (session.account.role, session.account.organisation_name) == ("manager", "绿测环境")
