"""Bind and unbind a WeChat user over HTTP, on real PostgreSQL, against the fake of WeChat."""

import asyncio

import pytest
from accounts_making import PASSWORD, lines
from accounts_over_http import ACCOUNTS
from accounts_wechat import Town
from qingyuan_wechat.refusals import CodeRefused
from wechat_serving import ZHOU

pytestmark = pytest.mark.servers


async def test_in_wechat_itself_the_session_that_began_is_bound(town: Town) -> None:
    zhou = await town.bound("zhou")
    (binding,) = await zhou.bindings()
    assert (binding["name"], binding["following"]) == ("周敏的微信", None)
    assert "wechat-bound" in await lines(town.pool)


async def test_the_redirect_may_come_twice_and_also_at_once(town: Town) -> None:
    zhou = await town.browser("zhou")
    state, code = await zhou.begins_binding(), town.fake.world.agree(ZHOU)
    answers = await asyncio.gather(*(zhou.arrives(state, code=code) for _ in range(8)))
    assert {answer.text for answer in answers} == {'{"outcome":"bound","number":null}'}
    assert town.fake.world.calls["/sns/oauth2/access_token"] == 1
    assert (len(await zhou.bindings()), (await lines(town.pool)).count("wechat-bound")) == (1, 1)


async def test_another_code_for_the_same_state_is_refused(town: Town) -> None:
    zhou = await town.browser("zhou")
    state = await zhou.begins_binding()
    await zhou.arrives(state)
    assert (await zhou.arrives(state, "o-wang")).json()["code"] == "wechat.gone"
    assert len(await zhou.bindings()) == 1


async def test_going_back_after_unbinding_binds_nothing(town: Town) -> None:
    zhou = await town.browser("zhou")
    state, code = await zhou.begins_binding(), town.fake.world.agree(ZHOU)
    await zhou.arrives(state, code=code)
    (binding,) = await zhou.bindings()
    assert (await zhou.unbinds(binding["id"])).status_code == 204
    await zhou.arrives(state, code=code)
    assert await zhou.bindings() == []
    assert (await zhou.unbinds(binding["id"])).status_code == 404


async def test_a_scanned_code_binds_by_the_number_on_the_phone(town: Town) -> None:
    desk, phone = await town.browser("zhou"), town.stranger()
    state = await desk.begins_binding()
    arrival = (await phone.arrives(state)).json()
    assert arrival["outcome"] == "confirm"
    assert await desk.bindings() == []
    assert (await desk.confirms(state, arrival["number"])).status_code == 204
    assert len(await desk.bindings()) == 1


async def test_the_number_can_be_tried_three_times(town: Town) -> None:
    desk, phone = await town.browser("zhou"), town.stranger()
    state = await desk.begins_binding()
    number = (await phone.arrives(state)).json()["number"]
    wrong = f"{(int(number) + 1) % 10_000:04}"
    tried = [(await desk.confirms(state, wrong)).json()["code"] for _ in range(3)]
    assert tried == ["wechat.number"] * 3
    assert (await desk.confirms(state, number)).json()["code"] == "wechat.gone"
    assert await desk.bindings() == []


async def test_nobody_but_the_session_that_began_confirms(town: Town) -> None:
    desk, phone, other = await town.browser("zhou"), town.stranger(), await town.browser("wang")
    state = await desk.begins_binding()
    number = (await phone.arrives(state)).json()["number"]
    assert (await other.confirms(state, number)).json()["code"] == "wechat.gone"


async def test_a_user_of_the_snapshot_page_is_never_bound(town: Town) -> None:
    zhou = await town.browser("zhou")
    state = await zhou.begins_binding()
    answer = await zhou.arrives(state, snapshot=True)
    assert (answer.status_code, answer.json()["code"]) == (409, "wechat.snapshot")
    assert (await zhou.confirms(state, "0000")).json()["code"] == "wechat.snapshot"
    assert await zhou.bindings() == []


async def test_several_people_of_an_organisation_are_bound_each_by_name(town: Town) -> None:
    zhou = await town.browser("zhou")
    for name, openid in (("周敏", ZHOU), ("李静", "o-li")):
        await zhou.arrives(await zhou.begins_binding(name), openid)
        town.clock.passes(seconds=1)
    assert [binding["name"] for binding in await zhou.bindings()] == ["周敏", "李静"]


async def test_a_binding_of_another_account_is_not_there(town: Town) -> None:
    (binding,) = await (await town.bound("zhou")).bindings()
    assert (await (await town.browser("wang")).unbinds(binding["id"])).status_code == 404


@pytest.mark.parametrize("what", ["disabled", "logged out"])
async def test_who_is_disabled_or_logged_out_meanwhile_is_not_bound(town: Town, what: str) -> None:
    zhou = await town.browser("zhou")
    state = await zhou.begins_binding()
    if what == "disabled":
        await town.accounts.disable(zhou.account.id, disabled=True)
    else:
        await town.accounts.log_out_everywhere(zhou.account.id)
    assert (await zhou.arrives(state)).json()["code"] == "wechat.gone"
    assert await zhou.bindings() == []


async def test_a_state_is_too_old_after_five_minutes(town: Town) -> None:
    zhou = await town.browser("zhou")
    state = await zhou.begins_binding()
    town.clock.passes(seconds=301)
    assert (await zhou.arrives(state)).json()["code"] == "wechat.gone"


async def test_regulators_are_not_bound(town: Town) -> None:
    office = await town.browser("office")
    assert (await office.posts("/wechat/binding/beginning", {"name": "局"})).status_code == 403


async def test_an_address_has_sixty_states(town: Town) -> None:
    zhou = await town.browser("zhou")
    for _ in range(60):
        await zhou.begins_binding()
    answer = await zhou.posts("/wechat/binding/beginning", {"name": "周", "password": PASSWORD})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "300")


async def test_after_wechat_was_away_the_same_code_may_be_tried_again(town: Town) -> None:
    zhou = await town.browser("zhou")
    state, code = await zhou.begins_binding(), town.fake.world.agree(ZHOU)
    town.fake.world.faults["/sns/oauth2/access_token"] = [-1]
    assert (await zhou.arrives(state, code=code)).status_code == 503
    assert (await zhou.arrives(state, code=code)).json()["outcome"] == "bound"


async def test_a_code_that_wechat_refuses(town: Town) -> None:
    zhou = await town.browser("zhou")
    code = town.fake.world.agree(ZHOU)
    await town.fake.client().authorised(code)
    with pytest.raises(CodeRefused):
        await town.fake.client().authorised(code)
    assert (await zhou.arrives(await zhou.begins_binding(), code=code)).json()["code"] == "wechat.code"


async def test_openids_of_accounts_that_are_bound_and_enabled(town: Town) -> None:
    for name in ("zhou", "wang"):
        await town.bound(name, f"o-{name}")
    await town.accounts.disable(ACCOUNTS["wang"].id, disabled=True)
    ids = [ACCOUNTS[name].id for name in ("zhou", "wang", "an")]
    found = await town.wechat.binding.bindings.openids_of(ids)
    assert found == {ACCOUNTS["zhou"].id: ["o-zhou"]}
