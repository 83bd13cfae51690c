"""Log-in, sessions and locks on real PostgreSQL, with a clock that tests move."""

from uuid import UUID

import pytest
from accounts.account import new_account
from accounts.attempts import Locked
from accounts.passwords.judging import problem_with
from accounts.service.account_service import AccountService
from accounts.service.adding import NameTaken
from accounts.sessions.opened import WrongCredentials
from accounts.sessions.tokens import token_hash
from accounts_making import PASSWORD, Clock
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers


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


async def test_what_a_page_asks_by_itself_keeps_no_session_alive(
    accounts: AccountService, clock: Clock
) -> None:
    session = await accounts.log_in("zhou", PASSWORD)
    assert session.token
    hashed = token_hash(session.token)
    for _ in range(2):
        clock.passes(minutes=14)
        assert await accounts.session(hashed, used=False)
    clock.passes(minutes=3)
    assert await accounts.session(hashed, used=False) is None


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
        ("manager", None),
    ]
    await accounts.set_role(found[1].id, "manager", signs=False)
    await accounts.name_organisation(UUID(int=2), "绿测环境", anew=True)
    session = await accounts.session(token_hash((await accounts.log_in("li", PASSWORD)).token or ""))
    assert session
    assert (session.account.role, session.account.organisation_name) == ("manager", "绿测环境")
