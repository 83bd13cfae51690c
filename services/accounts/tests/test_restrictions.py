"""What an account must do first: a new password, a second step; and what it may not lose."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from itertools import pairwise
from typing import get_args

import pytest
from accounts.account import new_account
from accounts.http.response_models import Session as Told
from accounts.passwords import policy
from accounts.passwords.history import UsedBefore
from accounts.passwords.policy import policy_on, read_policies
from accounts.sealing import Sealing
from accounts.service.account_service import AccountService
from accounts.sessions.opened import WrongCredentials
from accounts.sessions.tokens import token_hash
from accounts.settings import AccountsSettings
from accounts_making import PASSWORD, Clock, CountedPasswords
from accounts_over_http import opened, session_of
from pyotp import TOTP
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.domain.decider import Refused

pytestmark = pytest.mark.servers
OFFICE = new_account("office", "环保局", "regulator", None, "310118")
Makes = Callable[..., Awaitable[AccountService]]


@pytest.fixture
def makes(pool: Pool, clock: Clock) -> Makes:
    async def make(**settings: object) -> AccountService:
        made = AccountService(
            pool,
            CountedPasswords(),
            AccountsSettings(**settings),
            clock,
            Sealing(bytes(32)),  # type: ignore[arg-type]
        )
        await made.add(OFFICE, PASSWORD)
        await pool.execute("update accounts set password_since = $1", clock.now)
        return made

    return make


async def enrols(accounts: AccountService, clock: Clock) -> None:
    secret, _ = await accounts.factors.totp.begin(OFFICE.id, OFFICE.name)
    await opened(accounts.pool, OFFICE.id)
    await accounts.factors.confirm_totp(
        OFFICE.id, session_of(OFFICE.id), TOTP(secret).at(clock.now), clock.now
    )


@pytest.mark.parametrize(
    ("demanded", "must"),
    [((), ()), (("regulator",), ("factor",)), (("administrator:security",), ()), (("regulator:reader",), ())],
)
async def test_a_factor_is_demanded_by_kind_or_role(makes: Makes, demanded: object, must: object) -> None:
    accounts = await makes(second_step_demanded=demanded)
    session = await accounts.log_in("office", PASSWORD)
    assert session.must == must
    found = await accounts.session(token_hash(session.token or ""))
    assert found
    assert found.must == must


async def test_what_is_demanded_is_done_by_enrolling_and_cannot_be_undone(makes: Makes, clock: Clock) -> None:
    accounts = await makes(second_step_demanded=["regulator"])
    session = await accounts.log_in("office", PASSWORD)
    await enrols(accounts, clock)
    found = await accounts.session(token_hash(session.token or ""))
    assert found
    assert found.must == ()
    with pytest.raises(Refused, match=r"factors\.demanded"):
        await accounts.factors.remove_totp(OFFICE.id, session_of(OFFICE.id))


async def test_of_two_removals_at_once_one_factor_is_left(makes: Makes, clock: Clock, pool: Pool) -> None:
    accounts = await makes(second_step_demanded=["regulator"])
    await enrols(accounts, clock)
    key = await pool.fetchval(
        "insert into webauthn_keys (credential_id, account_id, name, public_key, sign_count, added)"
        " values ('x', $1, 'x', 'x', 0, now()) returning key_id",
        OFFICE.id,
    )
    here = session_of(OFFICE.id)
    removals = (
        accounts.factors.remove_totp(OFFICE.id, here),
        accounts.factors.remove_key(OFFICE.id, here, key),
    )
    outcomes = await asyncio.gather(*removals, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "Refused"]
    assert await accounts.factors.methods(OFFICE.id) in (["totp", "recovery"], ["webauthn", "recovery"])


async def test_a_password_expires_where_the_installation_says_so(makes: Makes, clock: Clock) -> None:
    accounts = await makes(password_expires_days=90)
    clock.passes(days=89, hours=23)
    assert (await accounts.log_in("office", PASSWORD)).must == ()
    clock.passes(hours=1)
    session = await accounts.log_in("office", PASSWORD)
    assert session.must == ("password",)
    keep = token_hash(session.token or "")
    await accounts.change_password(OFFICE.id, PASSWORD, "another password 电池", keep=keep)
    found = await accounts.session(keep)
    assert found
    assert found.must == ()


async def test_a_password_that_somebody_else_set_is_for_one_log_in(makes: Makes) -> None:
    accounts = await makes()
    await accounts.set_password(OFFICE.id, "set by the office", must_change=True)
    session = await accounts.log_in("office", "set by the office")
    assert session.must == ("password",)
    await accounts.change_password(
        OFFICE.id, "set by the office", "a password of my own", keep=token_hash(session.token or "")
    )
    assert (await accounts.log_in("office", "a password of my own")).must == ()


async def test_the_last_five_passwords_do_not_come_back(makes: Makes, clock: Clock, pool: Pool) -> None:
    accounts = await makes()
    await opened(pool, OFFICE.id)
    used = [PASSWORD, *(f"password number {number}" for number in range(1, 7))]
    for current, new in pairwise(used):
        clock.passes(minutes=1)
        await accounts.change_password(OFFICE.id, current, new, keep=session_of(OFFICE.id))
    for earlier in used[1:6]:
        with pytest.raises(UsedBefore):
            await accounts.change_password(OFFICE.id, used[-1], earlier, keep=b"")
    assert await pool.fetchval("select count(*) from earlier_passwords") == 5
    await accounts.change_password(OFFICE.id, used[-1], used[0], keep=session_of(OFFICE.id))


async def test_a_stranger_learns_nothing_of_earlier_passwords(makes: Makes) -> None:
    """The present password is compared first."""
    accounts = await makes()
    await opened(accounts.pool, OFFICE.id)
    await accounts.change_password(OFFICE.id, PASSWORD, "another password 电池", keep=session_of(OFFICE.id))
    with pytest.raises(WrongCredentials):
        await accounts.change_password(OFFICE.id, "wrong", PASSWORD, keep=b"")


def test_every_policy_has_a_source_and_the_newest_has_no_end() -> None:
    assert all(policy.sources and policy.history >= 5 for policy in policy.POLICIES)
    assert policy.POLICIES[-1].valid_to is None


def test_a_day_has_the_policy_that_holds_then() -> None:
    older = read_policies(
        '[{"valid_from": "2020-01-01", "valid_to": "2020-12-31", "length_min": 8, "expires_days": 90, "history": 5,'
        ' "confidence": "OWN", "sources": ["x"]}]'
    )[0]
    assert older.holds(date(2020, 12, 31))
    assert not older.holds(date(2021, 1, 1))
    assert policy_on(date(2026, 12, 1)).length_min == 10


def test_pages_know_of_nothing_that_no_session_ever_must() -> None:
    (words,) = get_args(Told.model_fields["must"].annotation)
    assert set(get_args(words)) == {"password", "factor"}
