"""A WeChat binding is a way in: making one asks who is there, and none outlives a recovery or a lock. On real PostgreSQL."""

import pytest
from accounts.organisations.organisation_accounts import OrganisationAccounts
from accounts.organisations.platform_accounts import PlatformAccounts
from accounts_making import PASSWORD, lines
from accounts_over_http import ACCOUNTS, FACTORY, session_of
from accounts_watching import ADD, SYSTEM
from accounts_wechat import Town
from qingyuan_events import Actor

pytestmark = pytest.mark.servers
BEGINNING = "/wechat/binding/beginning"
ZHOU_ID = ACCOUNTS["zhou"].id


@pytest.mark.parametrize(
    ("given", "field"), [({}, "password"), ({"password": "wrong"}, "password"), ({"code": "000000"}, "code")]
)
async def test_a_session_alone_begins_no_binding(town: Town, given: dict[str, str], field: str) -> None:
    zhou = await town.browser("zhou")
    answer = await zhou.posts(BEGINNING, {"name": "别人的微信"} | given)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await town.pool.fetchval("select count(*) from wechat_states") == 0


async def _is_unbound(town: Town) -> None:
    assert (
        await town.pool.fetchval("select count(*) from wechat_bindings where account_id = $1", ZHOU_ID) == 0
    )
    assert (await lines(town.pool)).count("wechat-bindings-ended") == 1
    await town.pool.execute("update accounts set disabled = false")
    assert (await town.stranger().logs_in()).json()["code"] == "wechat.unbound"


async def test_a_one_time_password_ends_the_bindings(town: Town) -> None:
    await town.bound("zhou")
    await town.pool.execute(ADD)
    system = Actor(account=SYSTEM, kind="administrator", role="system")
    await PlatformAccounts(town.pool, town.accounts).reset_password(system, ZHOU_ID)
    await _is_unbound(town)


async def test_a_lock_by_an_administrator_ends_them(town: Town) -> None:
    await town.bound("zhou")
    await town.accounts.disable(ZHOU_ID, disabled=True)
    await _is_unbound(town)


@pytest.mark.parametrize("how", ["lock", "password", "handover"])
async def test_what_a_manager_does_ends_them(town: Town, how: str) -> None:
    await town.bound("zhou")
    managers = OrganisationAccounts(town.pool, town.accounts)
    await town.pool.execute("update accounts set role = 'manager' where account_id = $1", ACCOUNTS["an"].id)
    if how == "handover":
        zhou = Actor(account=ZHOU_ID, kind="enterprise", organisation=FACTORY, role="manager")
        await managers.hand_over(zhou, ACCOUNTS["an"].id, None)
    else:
        an = Actor(account=ACCOUNTS["an"].id, kind="enterprise", organisation=FACTORY, role="manager")
        await (
            managers.lock(an, ZHOU_ID, locked=True) if how == "lock" else managers.reset_password(an, ZHOU_ID)
        )
    await _is_unbound(town)


async def test_the_owners_own_new_password_leaves_them(town: Town) -> None:
    """It ends the other sessions; bindings are listed beside it and ended one by one."""
    zhou = await town.bound("zhou")
    await town.accounts.change_password(ZHOU_ID, PASSWORD, "another password 电池", keep=session_of(ZHOU_ID))
    assert await town.pool.fetchval("select count(*) from wechat_bindings") == 1
    assert "wechat-bindings-ended" not in await lines(town.pool)
    assert zhou.account.id == ZHOU_ID


async def test_a_lock_that_ends_nothing_says_nothing(town: Town) -> None:
    await town.accounts.disable(ZHOU_ID, disabled=True)
    assert "wechat-bindings-ended" not in await lines(town.pool)
