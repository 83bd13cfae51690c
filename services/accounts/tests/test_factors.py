"""Second steps over HTTP on real PostgreSQL: each code and challenge once, wrong ones counted, the last demanded one kept."""

import asyncio
from datetime import timedelta

import pytest
from accounts.factors.recovery import Recovery
from accounts.factors.totp import Totp
from accounts.sealing import Sealing
from accounts_making import PASSWORD, lines
from accounts_over_http import ACCOUNTS, NOW, Person, nobody_is_logged_in
from factor_calls import AT_SITE, SoftKey, begins, code_of, enrol_key, enrol_totp
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers


@pytest.fixture
def zhou(people: dict[str, Person]) -> Person:
    return people["zhou"]


async def test_whoever_has_an_app_gets_a_session_only_after_its_code(zhou: Person, pool: Pool) -> None:
    secret, codes = await enrol_totp(zhou)
    await nobody_is_logged_in(pool)
    assert len(set(codes)) == 10
    due = await begins(zhou, "zhou")
    assert due["methods"] == ["totp", "recovery"]
    assert await pool.fetchval("select count(*) from sessions") == 0
    body = {"step": due["step"], "method": "totp", "code": code_of(secret)}
    answer = await zhou.posts("/session/step", body)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["account"]["name"], answer.json()["must"]) == ("zhou", [])
    again = await zhou.posts("/session/step", body | {"code": code_of(secret, 30)})
    assert (again.status_code, again.json()["code"]) == (409, "log-in.step-gone")


async def test_the_secret_is_not_readable_in_the_database(zhou: Person, pool: Pool) -> None:
    secret, codes = await enrol_totp(zhou)
    stored = await pool.fetchval("select secret from totp_keys")
    assert secret.encode() not in stored
    hashes = [row["hash"] for row in await pool.fetch("select hash from recovery_codes")]
    assert not {code.encode() for code in codes} & set(hashes)


async def test_one_code_opens_one_session_also_with_fifty_at_once(zhou: Person, pool: Pool) -> None:
    secret, _ = await enrol_totp(zhou)
    await nobody_is_logged_in(pool)
    steps = [(await begins(zhou, "zhou"))["step"] for _ in range(4)]

    async def tries(step: str) -> int:
        body = {"step": step, "method": "totp", "code": code_of(secret)}
        return (await zhou.posts("/session/step", body)).status_code

    statuses = await asyncio.gather(*(tries(steps[number % 4]) for number in range(50)))
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 401, 409, 423}
    assert await pool.fetchval("select count(*) from sessions") == 1


async def test_fifty_uses_of_one_code_at_once_are_one(zhou: Person, pool: Pool) -> None:
    """Below the limit on wrong codes, which would refuse most of them before they are compared."""
    secret, _ = await enrol_totp(zhou)
    totp, account = Totp(pool, Sealing(bytes(32))), ACCOUNTS["zhou"].id
    used = await asyncio.gather(*(totp.use(account, code_of(secret), NOW) for _ in range(50)))
    assert sum(app is not None for app in used) == 1


async def test_fifty_uses_of_one_recovery_code_at_once_are_one(zhou: Person, pool: Pool) -> None:
    _, codes = await enrol_totp(zhou)
    recovery, account = Recovery(pool), ACCOUNTS["zhou"].id
    used = await asyncio.gather(*(recovery.use(account, codes[0], NOW, pool) for _ in range(50)))
    assert used.count(True) == 1


@pytest.mark.parametrize(("seconds", "status"), [(-60, 401), (-30, 401), (0, 200), (30, 200), (60, 401)])
async def test_a_code_is_good_in_its_window_and_never_after_a_later_one(
    zhou: Person, seconds: int, status: int
) -> None:
    """The code of half a minute ago was used at the enrolment."""
    secret, _ = await enrol_totp(zhou)
    due = await begins(zhou, "zhou")
    body = {"step": due["step"], "method": "totp", "code": code_of(secret, seconds)}
    assert (await zhou.posts("/session/step", body)).status_code == status


async def test_a_recovery_code_serves_once_as_people_copy_it(zhou: Person) -> None:
    _, codes = await enrol_totp(zhou)
    for code, status in ((codes[0].upper().replace("-", " "), 200), (codes[0], 401), (codes[1], 200)):
        due = await begins(zhou, "zhou")
        body = {"step": due["step"], "method": "recovery", "code": code}
        assert (await zhou.posts("/session/step", body)).status_code == status


async def test_several_recovery_codes_at_once_on_one_step_spend_one(zhou: Person, pool: Pool) -> None:
    _, codes = await enrol_totp(zhou)
    due = await begins(zhou, "zhou")
    bodies = [{"step": due["step"], "method": "recovery", "code": code} for code in codes[:4]]
    answers = await asyncio.gather(*(zhou.posts("/session/step", body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert await pool.fetchval("select count(*) from recovery_codes where used is not null") == 1


async def test_new_recovery_codes_end_the_earlier_ones(zhou: Person) -> None:
    _, old = await enrol_totp(zhou)
    renewed = await zhou.posts("/factors/recovery", {"password": PASSWORD})
    assert not set(renewed.json()["codes"]) & set(old)
    due = await begins(zhou, "zhou")
    answer = await zhou.posts("/session/step", {"step": due["step"], "method": "recovery", "code": old[0]})
    assert (answer.status_code, answer.json()["code"]) == (401, "log-in.code-wrong")


async def test_wrong_codes_lock_and_a_right_password_in_between_forgets_none(
    zhou: Person, pool: Pool
) -> None:
    secret, _ = await enrol_totp(zhou)
    for _ in range(5):
        due = await begins(zhou, "zhou")
        body = {"step": due["step"], "method": "totp", "code": "000000"}
        assert (await zhou.posts("/session/step", body)).status_code == 401
    body["code"] = code_of(secret)
    answer = await zhou.posts("/session/step", body)
    assert (answer.status_code, answer.json()["code"]) == (423, "account.locked")
    assert (await lines(pool)).count("second-step-failed") == 5


async def test_a_step_is_gone_after_five_minutes_and_after_the_password_was_changed(
    zhou: Person, pool: Pool
) -> None:
    secret, _ = await enrol_totp(zhou)
    old, other = await begins(zhou, "zhou"), await begins(zhou, "zhou")
    body = {"step": old["step"], "method": "totp", "code": code_of(secret)}
    assert (await zhou.changes_password(PASSWORD)).status_code == 204
    assert (await zhou.posts("/session/step", body)).status_code == 401
    await pool.execute("update log_in_steps set expires = $1", NOW - timedelta(seconds=1))
    answer = await zhou.posts("/session/step", body | {"step": other["step"], "code": code_of(secret, 30)})
    assert (answer.status_code, answer.json()["code"]) == (409, "log-in.step-gone")


async def test_several_keys_with_names_and_each_opens(zhou: Person) -> None:
    blue, red = SoftKey("蓝色"), SoftKey("红色")
    assert len((await enrol_key(zhou, blue))["codes"]) == 10
    assert (await enrol_key(zhou, red))["codes"] == []
    for key in (blue, red):
        due = await begins(zhou, "zhou")
        assert len(due["webauthn"]["allowCredentials"]) == 2
        body = {"step": due["step"], "method": "webauthn", "assertion": key.signs(due["webauthn"])}
        answer = await zhou.posts("/session/step", body, **AT_SITE)
        assert answer.status_code == 200, answer.text


async def test_a_key_answers_its_own_site_and_challenge_once_and_a_copy_is_noticed(zhou: Person) -> None:
    key = SoftKey("蓝色")
    await enrol_key(zhou, key)

    async def finishes(due: dict[str, object], assertion: object) -> tuple[int, str]:
        body = {"step": due["step"], "method": "webauthn", "assertion": assertion}
        answer = await zhou.posts("/session/step", body, **AT_SITE)
        return answer.status_code, answer.json().get("code", "")

    due, other = await begins(zhou, "zhou"), await begins(zhou, "zhou")
    assert await finishes(due, key.signs(due["webauthn"], "qingyuan.evil")) == (401, "log-in.code-wrong")
    assert await finishes(due, key.signs(due["webauthn"])) == (409, "log-in.step-gone"), "one try"
    assert await finishes(other, key.signs((await begins(zhou, "zhou"))["webauthn"])) == (
        401,
        "log-in.code-wrong",
    )
    fresh = await begins(zhou, "zhou")
    assert (await finishes(fresh, key.signs(fresh["webauthn"])))[0] == 200
    key.count -= 2
    copied = await begins(zhou, "zhou")
    assert await finishes(copied, key.signs(copied["webauthn"])) == (401, "log-in.code-wrong")


async def test_an_enrolment_challenge_serves_one_account_once(people: dict[str, Person]) -> None:
    zhou, wang, key = people["zhou"], people["wang"], SoftKey("蓝色")
    asked = (await zhou.posts("/factors/webauthn/challenges", {"password": PASSWORD}, **AT_SITE)).json()
    body = {"challenge": asked["id"], "name": "x", "credential": key.makes(asked["webauthn"])}
    assert (await wang.posts("/factors/webauthn", body)).json()["code"] == "challenge.gone"
    answers = await asyncio.gather(*(zhou.posts("/factors/webauthn", body) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]


@pytest.mark.parametrize("path", ["/factors/totp", "/factors/webauthn/challenges", "/factors/recovery"])
async def test_changes_ask_who_is_there_and_count_wrong_answers(zhou: Person, path: str) -> None:
    assert (await zhou.posts(path, {})).json()["errors"][0]["field"] == "password"
    for _ in range(5):
        answer = await zhou.posts(path, {"password": "wrong"})
        assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "password-wrong")
    assert (await zhou.posts(path, {"password": PASSWORD})).status_code == 423


async def test_without_a_demand_all_can_be_removed_and_their_recovery_codes_go_too(
    zhou: Person, pool: Pool
) -> None:
    await enrol_totp(zhou)
    assert (await zhou.posts("/factors/totp/removal", {"password": PASSWORD})).status_code == 204
    assert await pool.fetchval("select count(*) from recovery_codes") == 0
    assert (await zhou.logs_in("zhou")).status_code == 200
    assert (await zhou.posts("/factors/totp/removal", {"password": PASSWORD})).status_code == 404


async def test_an_app_is_enrolled_once_and_counts_only_when_confirmed(zhou: Person) -> None:
    assert (await zhou.posts("/factors/totp", {"password": PASSWORD})).status_code == 200
    assert (await zhou.logs_in("zhou")).status_code == 200, "not confirmed: no second step"
    secret, _ = await enrol_totp(zhou)
    again = await zhou.posts("/factors/totp", {"password": PASSWORD})
    assert (again.status_code, again.json()["code"]) == (409, "factors.enrolled")
    own = await zhou.asks("/factors")
    assert (own["totp"], own["recovery_left"], own["signing"]) == (True, 10, ["password", "totp"])
    assert secret not in str(own)
    assert str(ACCOUNTS["zhou"].id) not in str(own)
