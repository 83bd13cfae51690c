"""What its owner takes away leaves no session behind that it opened, and no other one ends with it. On real PostgreSQL."""

from uuid import UUID, uuid4

import httpx
import pytest
from accounts.sessions.open_sessions import UNKNOWN_ORIGIN, FirstStep
from accounts_certificates import token
from accounts_making import PASSWORD, lines
from accounts_office import Asking, Office
from accounts_over_http import ACCOUNTS, NOW, Person
from accounts_wechat import Town
from factor_calls import AT_SITE, SoftKey, begins, code_of, enrol_key, enrol_totp
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers
ZHOU = ACCOUNTS["zhou"].id


async def open_of(pool: Pool, account: UUID) -> int:
    return int(await pool.fetchval("select count(*) from sessions where account_id = $1", account))


async def finish(person: Person, due: dict[str, object], **proof: object) -> None:
    answer = await person.posts("/session/step", {"step": due["step"]} | proof, **AT_SITE)
    assert answer.status_code == 200, answer.text


def ended_once(answer: httpx.Response, written: list[str]) -> bool:
    return answer.status_code == 204 and written.count("session-ended") == 1


async def test_unbinding_ends_the_session_of_the_phone_and_not_that_of_the_desk(town: Town) -> None:
    desk = await town.bound("zhou")
    assert (await town.stranger().logs_in()).status_code == 200
    before = await open_of(town.pool, ZHOU)
    (binding,) = await desk.bindings()
    answer = await desk.unbinds(binding["id"])
    assert ended_once(answer, await lines(town.pool))
    assert await open_of(town.pool, ZHOU) == before - 1
    assert await desk.bindings() == []


async def test_a_second_wechat_goes_on_when_the_first_is_unbound(town: Town) -> None:
    desk = await town.bound("zhou")
    await desk.arrives(await desk.begins_binding("李静"), "o-li")
    assert (await town.stranger().logs_in(openid="o-li")).status_code == 200
    before = await open_of(town.pool, ZHOU)
    first, _ = sorted(await desk.bindings(), key=lambda each: each["name"] == "李静")
    assert (await desk.unbinds(first["id"])).status_code == 204
    assert await open_of(town.pool, ZHOU) == before


async def test_a_removed_certificate_ends_the_sessions_that_it_opened(
    wang: Asking, office: Office, door: Person, pool: Pool
) -> None:
    assert (await wang.adds(token())).status_code == 200
    assert (await wang.adds(token(serial=0x1002))).status_code == 200
    for held in (token(), token(serial=0x1002)):
        assert (await office.enter(door, held)).actor.account == wang.actor.account
    before = await open_of(pool, wang.actor.account)
    own = (await wang.gets("/certificates")).json()["items"]
    answer = await wang.deletes(f"/certificates/{own[0]['id']}")
    assert ended_once(answer, await lines(pool))
    assert await open_of(pool, wang.actor.account) == before - 1


async def test_a_removed_key_ends_the_sessions_that_it_helped_to_open(door: Person, pool: Pool) -> None:
    key = SoftKey("蓝色")
    await enrol_key(door, key)
    due = await begins(door, "zhou")
    await finish(door, due, method="webauthn", assertion=key.signs(due["webauthn"]))
    before = await open_of(pool, ZHOU)
    [held] = (await door.gets("/factors")).json()["webauthn"]
    answer = await door.posts(f"/factors/webauthn/{held['id']}/removal", {"password": PASSWORD})
    assert ended_once(answer, await lines(pool))
    assert await open_of(pool, ZHOU) == before - 1


async def test_a_removed_app_ends_them_and_a_recovery_code_goes_on(door: Person, pool: Pool) -> None:
    secret, codes = await enrol_totp(door)
    await finish(door, await begins(door, "zhou"), method="totp", code=code_of(secret))
    await finish(door, await begins(door, "zhou"), method="recovery", code=codes[0])
    before = await open_of(pool, ZHOU)
    answer = await door.posts("/factors/totp/removal", {"password": PASSWORD})
    assert ended_once(answer, await lines(pool))
    assert await open_of(pool, ZHOU) == before - 1


async def test_a_second_step_that_was_removed_meanwhile_opens_nothing(town: Town) -> None:
    """It was shown before; the session is opened in a later transaction."""
    sessions, first = town.accounts.sessions, FirstStep("password", PASSWORD)
    async with town.pool.acquire() as connection:
        opened = await sessions.open_after_step(ZHOU, first, UNKNOWN_ORIGIN, NOW, connection, uuid4())
    assert opened is None
