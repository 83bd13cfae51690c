"""The ways of logging in, each against what the others demand: second step, certificate, lock, what a session must do first."""

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from accounts_certificates import comes_with, token
from accounts_making import PASSWORD
from accounts_over_http import ACCOUNTS, FACTORY, KEY, NOW, Person, opened, session_of
from accounts_wechat import Browser, Town
from factor_calls import AT_SITE, code_of, enrol_totp
from qingyuan_events import Actor
from qingyuan_runtime.tokens.actors import issue
from signature_corpus import NAME, USCC

pytestmark = pytest.mark.servers
NEW = "horses eat 苹果树"
WHERE = {"X-Client-Address": "198.51.100.7", "X-Client-Agent": "Mozilla/5.0 Chrome/142.0 Safari/537.36"}
ZHOU, AN = ACCOUNTS["zhou"].id, ACCOUNTS["an"].id


@pytest.fixture
def zhou(town: Town) -> Person:
    town.clock.now = NOW
    return Person(town.http, ACCOUNTS["zhou"])


@pytest.fixture
def door(town: Town) -> Person:
    """Whoever logs in: the gateway asks for them."""
    person = Person(town.http, ACCOUNTS["zhou"])
    person.headers["Authorization"] = (
        f"Bearer {issue(Actor(account=UUID(int=0), kind='system'), KEY, now=time.time())}"
    )
    return person


async def by_wechat(town: Town) -> Any:
    return await town.stranger().logs_in()


async def steps(person: Person, due: Mapping[str, Any], code: str, method: str = "totp") -> Any:
    body = {"step": due["step"], "method": method, "code": code}
    return await person.posts("/session/step", body, **AT_SITE, **WHERE)


async def demands_certificate(town: Town, zhou: Person) -> None:
    """The enterprise demands it of its managers; one of them, zhou, holds one."""
    await town.pool.execute("insert into organisations values ($1, $2)", FACTORY, NAME)
    asked = (await zhou.posts("/certificates/challenges", None, **AT_SITE)).json()
    proof = {"challenge": asked["id"]} | token().signs(asked["text"])
    body = {"added": proof, "password": PASSWORD}
    assert (await zhou.posts("/certificates", body)).status_code == 200
    answer = await zhou.posts("/organisation/certificate-demand", {"demanded": True, "password": PASSWORD})
    assert answer.status_code == 204, answer.text


async def line(town: Town, what: str) -> asyncpg.Record:
    """The last one of these in the security log."""
    row = await town.pool.fetchrow(
        "select * from security_log where what = $1 order by id desc limit 1", what
    )
    assert row is not None, f"{what} is not in the log"
    return row


def code(answer: Any) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("code")


async def test_after_wechat_the_second_step_is_asked_for_and_then_lets_in(
    town: Town, zhou: Person, door: Person
) -> None:
    await town.bound("zhou")
    secret, _ = await enrol_totp(zhou)
    due = await by_wechat(town)
    assert code(due) == (409, "log-in.second-step")
    assert "token" not in due.json()
    assert due.json()["methods"] == ["totp", "recovery"]
    assert await sessions_since_binding(town) == 0
    assert code(await steps(door, due.json(), "000000")) == (401, "log-in.code-wrong")
    answer = await steps(door, due.json(), code_of(secret))
    assert (answer.status_code, answer.json()["account"]["name"]) == (200, "zhou"), answer.text
    written = await line(town, "logged-in-by-wechat")
    assert (written["account_id"], written["actor"], written["address"]) == (ZHOU, ZHOU, "198.51.100.7")
    assert (written["result"], written["device"]) == ("done", "电脑 · Chrome")
    failed = await line(town, "second-step-failed")
    assert (failed["account_id"], failed["result"], failed["address"]) == (ZHOU, "failed", "198.51.100.7")
    assert code(await steps(door, due.json(), code_of(secret, 30)))[1] == "log-in.step-gone"


async def sessions_since_binding(town: Town) -> int:
    """But for the one in which WeChat was bound, and the one in which the second steps were enrolled."""
    counted = "select count(*) from sessions where account_id = $1 and token_hash <> $2"
    return int(await town.pool.fetchval(counted, ZHOU, session_of(ZHOU))) - 1


async def test_a_binding_that_ends_between_the_steps_opens_nothing(
    town: Town, zhou: Person, door: Person
) -> None:
    browser = await town.bound("zhou")
    secret, _ = await enrol_totp(zhou)
    due = (await by_wechat(town)).json()
    assert (await browser.unbinds((await browser.bindings())[0]["id"])).status_code == 204
    answer = await steps(door, due, code_of(secret))
    assert code(answer) == (401, "credentials.wrong")
    assert await sessions_since_binding(town) == 0
    assert (await line(town, "log-in-failed"))["account_id"] == ZHOU
    assert code(await steps(door, due, code_of(secret, 30)))[1] == "log-in.step-gone", "the step is used up"


@pytest.mark.parametrize("first", ["password", "wechat"])
async def test_an_account_that_is_disabled_between_the_steps_is_not_opened(
    town: Town, zhou: Person, door: Person, first: str
) -> None:
    await town.bound("zhou")
    secret, _ = await enrol_totp(zhou)
    due = (await (by_wechat(town) if first == "wechat" else door.logs_in("zhou"))).json()
    await town.accounts.disable(ZHOU, disabled=True)
    assert (await steps(door, due, code_of(secret))).status_code in (401, 409)
    assert await town.pool.fetchval("select count(*) from sessions where account_id = $1", ZHOU) == 0


async def test_where_the_certificate_is_demanded_a_manager_comes_with_it_alone(
    town: Town, zhou: Person, door: Person
) -> None:
    await town.bound("zhou")
    await demands_certificate(town, zhou)
    demanded = (403, "log-in.certificate-demanded")
    assert code(await door.logs_in("zhou", **WHERE)) == demanded
    assert code(await by_wechat(town)) == demanded
    written = await line(town, "certificate-demanded")
    assert written["account_id"] == ZHOU
    assert code(await door.logs_in("zhou", "wrong")) == (401, "credentials.wrong"), "told only who is right"
    answer = await comes_with(door, token())
    assert (answer.status_code, answer.json()["account"]["name"]) == (200, "zhou"), answer.text
    assert (await line(town, "logged-in-by-certificate"))["account_id"] == ZHOU


async def test_the_demand_is_of_managers_not_of_signatories(town: Town, zhou: Person, door: Person) -> None:
    await town.bound("an")
    await demands_certificate(town, zhou)
    assert (await door.logs_in("an")).status_code == 200
    assert (await by_wechat(town)).json()["account"]["name"] == "an"


@pytest.mark.parametrize("first", ["password", "wechat"])
async def test_a_demand_that_comes_between_the_steps_holds_too(
    town: Town, zhou: Person, door: Person, first: str
) -> None:
    await town.bound("zhou")
    secret, _ = await enrol_totp(zhou)
    due = (await (by_wechat(town) if first == "wechat" else door.logs_in("zhou"))).json()
    await demands_certificate(town, zhou)
    assert code(await steps(door, due, code_of(secret))) == (403, "log-in.certificate-demanded")
    assert await sessions_since_binding(town) <= 0, "the demand has ended the one that bound"


async def test_wrong_passwords_lock_the_password_and_not_the_other_ways(
    town: Town, zhou: Person, door: Person
) -> None:
    """Otherwise a stranger who knows a name could keep its owner out by any way."""
    await town.bound("zhou")
    await demands_certificate(town, zhou)
    await town.pool.execute("delete from certificate_demands")
    for _ in range(5):
        await door.logs_in("zhou", "wrong", **WHERE)
    assert code(await door.logs_in("zhou")) == (423, "account.locked")
    assert (await by_wechat(town)).status_code == 200
    assert (await comes_with(door, token())).status_code == 200
    locked = await line(town, "locked")
    assert (locked["account_id"], locked["address"], locked["actor"]) == (ZHOU, "198.51.100.7", None)
    tried = await line(town, "log-in-failed")
    assert (tried["account_id"], tried["actor"], tried["result"]) == (ZHOU, None, "failed")


async def test_wrong_codes_lock_the_second_step_whatever_the_first_was(
    town: Town, zhou: Person, door: Person
) -> None:
    await town.bound("zhou")
    secret, _ = await enrol_totp(zhou)
    for _ in range(5):
        await steps(door, (await by_wechat(town)).json(), "000000")
    for due in (await by_wechat(town), await door.logs_in("zhou", **AT_SITE)):
        assert code(await steps(door, due.json(), code_of(secret)))[0] == 423


async def test_a_disabled_account_is_opened_by_none_of_the_ways(
    town: Town, zhou: Person, door: Person
) -> None:
    await town.bound("zhou")
    await demands_certificate(town, zhou)
    await town.accounts.disable(ZHOU, disabled=True)
    assert code(await door.logs_in("zhou")) == (401, "credentials.wrong")
    assert code(await by_wechat(town)) == (409, "wechat.unbound")
    assert code(await comes_with(door, token())) == (401, "credentials.wrong")


async def test_whatever_the_way_a_one_time_password_is_to_be_changed_first(
    town: Town, zhou: Person, door: Person
) -> None:
    await town.bound("an")
    answer = await zhou.posts(f"/organisation/accounts/{AN}/password", None, **WHERE)
    assert answer.status_code == 200, answer.text
    once = answer.json()["password"]
    changed = await line(town, "password-changed")
    assert (changed["actor"], changed["account_id"], changed["address"]) == (ZHOU, AN, "198.51.100.7")
    assert (await door.logs_in("an")).status_code == 401, "the earlier one is gone"
    assert (await door.logs_in("an", once)).json()["must"] == ["password"]
    assert code(await by_wechat(town)) == (409, "wechat.unbound"), (
        "a password of somebody else ends the bindings"
    )
    an = Person(town.http, ACCOUNTS["an"])
    await opened(town.pool, AN)
    assert (await an.changes_password(once, NEW)).status_code == 204
    assert (await door.logs_in("an", NEW)).json()["must"] == []


async def test_neither_the_password_before_nor_the_one_time_password_comes_back(
    town: Town, zhou: Person
) -> None:
    once = (await zhou.posts(f"/organisation/accounts/{AN}/password", None)).json()["password"]
    an = Person(town.http, ACCOUNTS["an"])
    for used, rule in ((PASSWORD, "password-used-before"), (once, "password-strength")):
        refused = await an.changes_password(once, used)
        assert (refused.status_code, refused.json()["errors"][0]["rule"]) == (422, rule), refused.text
    await opened(town.pool, AN)
    assert (await an.changes_password(once, NEW)).status_code == 204
    for used in (PASSWORD, once):
        refused = await an.changes_password(NEW, used)
        assert refused.json()["errors"][0]["rule"] == "password-used-before", refused.text


@pytest.mark.parametrize("changed", [{"second_step_demanded": ("enterprise",)}])
async def test_who_accepts_an_invitation_where_a_second_step_is_demanded_adds_it_first(
    town: Town, zhou: Person, door: Person
) -> None:
    invitation = {"label": "李", "role": "signatory"}
    made = (await zhou.posts("/organisation/invitations", invitation, **WHERE)).json()
    own = {"code": made["code"], "account": "li.wei", "password": NEW}
    answer = await door.posts("/invitations/acceptance", own)
    assert (answer.status_code, answer.json()["must"]) == (200, ["factor"]), answer.text
    invited, accepted = await line(town, "invited"), await line(town, "invitation-accepted")
    assert (invited["actor"], invited["address"]) == (ZHOU, "198.51.100.7")
    li = UUID(answer.json()["account"]["id"])
    assert (accepted["account_id"], accepted["organisation"]) == (li, FACTORY)
    assert (await door.logs_in("li.wei", NEW)).json()["must"] == ["factor"]
    assert (await by_wechat_of_an(town)).json()["must"] == ["factor"]


async def by_wechat_of_an(town: Town) -> Any:
    await town.bound("an")
    return await by_wechat(town)


async def test_binding_and_unbinding_are_in_the_log_with_who_and_whom(town: Town, zhou: Person) -> None:
    browser: Browser = await town.bound("zhou")
    await browser.unbinds((await browser.bindings())[0]["id"])
    await demands_certificate(town, zhou)
    own = (await zhou.gets("/certificates")).json()["items"][0]
    assert own["uscc"] == USCC
    await town.pool.execute("delete from certificate_demands")
    assert (await zhou.deletes(f"/certificates/{own['id']}")).status_code == 204
    for what in ("wechat-bound", "wechat-unbound", "certificate-added", "certificate-removed"):
        written = await line(town, what)
        assert (written["actor"], written["account_id"], written["organisation"]) == (ZHOU, ZHOU, FACTORY), (
            what
        )
        assert written["address"] in ("10.0.0.1", "unknown")
    assert (await line(town, "certificate-demand-set"))["actor"] == ZHOU
