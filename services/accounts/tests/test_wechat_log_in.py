"""Log in with WeChat over HTTP, on real PostgreSQL, against the fake of WeChat; pushes and the signature of the JS-SDK."""

import asyncio
import time

import httpx
import pytest
from accounts.service.account_service import WrongCredentials
from accounts.sessions.open_sessions import FirstStep
from accounts_making import lines
from accounts_over_http import ACCOUNTS, Person
from accounts_wechat import SITE, Town
from qingyuan_wechat.js_signature import js_signature
from qingyuan_wechat.pushes import Pushes, signature
from wechat_serving import OFFICIAL, ZHOU

pytestmark = pytest.mark.servers


async def test_who_is_bound_is_let_in_and_sees_it_in_the_log(town: Town) -> None:
    await town.bound("zhou")
    answer = await town.stranger().logs_in()
    assert answer.json()["account"]["name"] == "zhou", answer.text
    assert (await lines(town.pool))[-1] == "logged-in-by-wechat"


async def test_the_redirect_may_come_twice_and_also_at_once(town: Town) -> None:
    await town.bound("zhou")
    browser, code = town.stranger(), town.fake.world.agree(ZHOU)
    begun = await browser.begins_log_in()
    answers = await asyncio.gather(*(browser.logs_in(begun, code=code) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    assert town.fake.world.calls["/sns/oauth2/access_token"] == 2


async def test_without_the_secret_of_the_browser_nobody_is_led_into_a_session(town: Town) -> None:
    await town.bound("zhou")
    begun = await town.stranger().begins_log_in()
    answer = await town.stranger().logs_in(begun | {"secret": "another"})
    assert (answer.status_code, answer.json()["code"]) == (409, "wechat.gone")


async def test_a_state_of_a_binding_opens_no_session(town: Town) -> None:
    zhou = await town.bound("zhou")
    answer = await zhou.logs_in({"state": await zhou.begins_binding(), "secret": "any"})
    assert answer.json()["code"] == "wechat.gone"


async def test_one_person_with_several_accounts_chooses(town: Town) -> None:
    for name in ("zhou", "wang", "an"):
        await town.bound(name)
    await town.accounts.disable(ACCOUNTS["an"].id, disabled=True)
    browser = town.stranger()
    begun = await browser.begins_log_in()
    offered = (await browser.logs_in(begun)).json()
    assert offered["code"] == "wechat.choice"
    assert [account["name"] for account in offered["accounts"]] == ["wang", "zhou"]
    chosen = await browser.chooses(begun, ACCOUNTS["wang"])
    assert chosen.json()["account"]["name"] == "wang", chosen.text
    for refused in ("an", "office"):
        assert (await browser.chooses(begun, ACCOUNTS[refused])).json()["code"] == "wechat.unbound"
    stolen = begun | {"secret": "another"}
    assert (await town.stranger().chooses(stolen, ACCOUNTS["wang"])).json()["code"] == "wechat.gone"


@pytest.mark.parametrize("why", ["never bound", "unbound", "disabled", "snapshot"])
async def test_who_is_not_bound_is_not_let_in(town: Town, why: str) -> None:
    zhou = await town.bound("zhou")
    browser, code = town.stranger(), town.fake.world.agree(ZHOU)
    if why == "never bound":
        code = town.fake.world.agree("o-stranger")
    if why == "unbound":
        await zhou.unbinds((await zhou.bindings())[0]["id"])
    if why == "disabled":
        await town.accounts.disable(zhou.account.id, disabled=True)
    if why == "snapshot":
        code = town.fake.world.agree(ZHOU, snapshot=True)
    answer = await browser.logs_in(code=code)
    expected = "wechat.snapshot" if why == "snapshot" else "wechat.unbound"
    assert (answer.status_code, answer.json()["code"]) == (409, expected)


async def test_a_session_is_not_opened_for_a_binding_that_ended_meanwhile(town: Town) -> None:
    zhou = await town.bound("zhou")
    begin = town.accounts.steps.begin
    assert await begin(zhou.account, town.origin, FirstStep("wechat", openid=ZHOU))
    with pytest.raises(WrongCredentials):
        await begin(zhou.account, town.origin, FirstStep("wechat", openid="o-wang"))


async def test_without_an_official_account_it_is_said(people: dict[str, Person]) -> None:
    answer = await people["zhou"].posts("/session/wechat/beginning", None)
    assert (answer.status_code, answer.json()["code"]) == (409, "wechat.not-configured")


async def test_a_page_of_ours_is_signed_and_no_other(town: Town) -> None:
    zhou = await town.browser("zhou")
    signed = (await zhou.posts("/wechat/js-signature", {"url": f"{SITE}/m/?a=1#/visits"})).json()
    expected = js_signature(town.fake.world.ticket, signed["nonce"], signed["timestamp"], f"{SITE}/m/?a=1")
    assert (signed["signature"], signed["app_id"]) == (expected, OFFICIAL.app_id)
    for url in ("https://other.test/m/", f"{SITE}.other.test/", SITE):
        assert (await zhou.posts("/wechat/js-signature", {"url": url})).status_code == 422


PUSHES = Pushes(OFFICIAL.app_id, OFFICIAL.push_token, OFFICIAL.push_key)


async def pushed(town: Town, event: str, at: int, *, token: Pushes = PUSHES) -> httpx.Response:
    content = (
        f"<xml><FromUserName>{ZHOU}</FromUserName><CreateTime>{at}</CreateTime><Event>{event}</Event></xml>"
    )
    body, signed = token.sealed(content, str(at), "nonce")
    query = {"msg_signature": signed, "timestamp": str(at), "nonce": "nonce"}
    return await town.stranger().pushes(query, body)


async def test_pushes_tell_who_follows_whatever_their_order(town: Town) -> None:
    zhou, at = await town.bound("zhou"), int(time.time())
    for event, when, follows in (
        ("subscribe", at, True),
        ("unsubscribe", at + 2, False),
        ("subscribe", at + 1, False),
        ("TEMPLATESENDJOBFINISH", at + 3, False),
        ("CLICK", at + 4, True),
    ):
        assert (await pushed(town, event, when)).text == "success"
        assert (await zhou.bindings())[0]["following"] == follows


async def test_a_push_of_somebody_else_is_refused(town: Town) -> None:
    foreign = Pushes(OFFICIAL.app_id, "another token", OFFICIAL.push_key)
    answer = await pushed(town, "subscribe", int(time.time()), token=foreign)
    assert (answer.status_code, answer.json()["code"]) == (400, "push.refused")


async def test_our_address_is_verified_with_the_token(town: Town) -> None:
    good = {"timestamp": "1", "nonce": "n", "echostr": "echo"}
    signed = signature(OFFICIAL.push_token, "1", "n")
    browser = town.stranger()
    assert (await browser.verifies(good | {"signature": signed})).text == "echo"
    assert (await browser.verifies(good | {"signature": "x"})).status_code == 400
