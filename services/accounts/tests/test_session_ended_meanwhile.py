"""What was begun in a session is not finished after it ended, nor for an account that is disabled since."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from accounts_certificates import token
from accounts_making import PASSWORD
from accounts_office import Asking, Office
from accounts_over_http import Person
from factor_calls import AT_SITE, SoftKey, code_of
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers
Finish = Callable[[], Awaitable[httpx.Response]]
Begin = Callable[[Asking], Awaitable[Finish]]
ENDED = "delete from sessions where account_id = $1"
DISABLED = "update accounts set disabled = true where account_id = $1"


async def certificate(wang: Asking) -> Finish:
    """Who it is is shown by another certificate, which asks for no session."""
    assert (await wang.adds(token())).status_code == 200
    second = token(serial=0x1002)
    proof = await wang.signed(token(), "/factors/identity/challenges")
    body = {"added": await wang.signed(second), "proof": proof}
    return lambda: wang.posts("/certificates", body)


async def key(wang: Asking) -> Finish:
    made = SoftKey("别人的")
    asked = (await wang.posts("/factors/webauthn/challenges", {"password": PASSWORD}, **AT_SITE)).json()
    body = {"challenge": asked["id"], "name": "别人的", "credential": made.makes(asked["webauthn"])}
    return lambda: wang.posts("/factors/webauthn", body)


async def app(wang: Asking) -> Finish:
    begun = (await wang.posts("/factors/totp", {"password": PASSWORD})).json()
    return lambda: wang.posts("/factors/totp/confirmation", {"code": code_of(begun["secret"])})


async def got(pool: Pool) -> list[int]:
    """How many certificates, security keys and apps the accounts have."""
    counted = (
        "account_certificates where serial <> '1001'",
        "webauthn_keys",
        "totp_keys where confirmed is not null",
    )
    return [await pool.fetchval(f"select count(*) from {what}") for what in counted]


@pytest.mark.parametrize("begin", [certificate, key, app])
async def test_nothing_is_enrolled_after_the_session_ended(wang: Asking, pool: Pool, begin: Begin) -> None:
    finish = await begin(wang)
    await pool.execute(ENDED, wang.actor.account)
    answer = await finish()
    assert (answer.status_code, answer.json()["code"]) == (401, "session.missing")
    assert await got(pool) == [0, 0, 0]


@pytest.mark.parametrize("begin", [key, app])
async def test_nothing_is_enrolled_at_an_account_that_is_disabled_since(
    wang: Asking, pool: Pool, begin: Begin
) -> None:
    finish = await begin(wang)
    await pool.execute(DISABLED, wang.actor.account)
    assert (await finish()).status_code == 401
    assert await got(pool) == [0, 0, 0]


async def test_no_first_password_is_set_after_the_session_ended(
    people: dict[str, Person], office: Office, pool: Pool
) -> None:
    newcomer = await office.enter(people["zhou"])
    proof = await newcomer.signed(token(), "/factors/identity/challenges")
    await pool.execute(ENDED, newcomer.actor.account)
    answer = await newcomer.posts("/password/first", {"proof": proof, "new": "horses eat 苹果树"})
    assert (answer.status_code, answer.json()["code"]) == (401, "session.missing")
    whose = "select password from accounts where account_id = $1"
    assert await pool.fetchval(whose, newcomer.actor.account) is None
