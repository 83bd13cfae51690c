"""The code that an approved lost key gives: it serves once, for a while, and for a password like any other."""

import asyncio
from datetime import timedelta

import pytest
from accounts_lost_keys import NEW, asks_for, decides, review, reviewed, sets
from accounts_making import PASSWORD, lines
from accounts_office import Asking, Office
from accounts_over_http import NOW, Person
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers


async def test_a_code_serves_once_also_for_many_at_once(
    somebody: Person, office: Office, system: Asking, security: Asking
) -> None:
    request, _ = await reviewed(somebody, office, system)
    code = (await decides(security, request)).json()["code"]
    answers = await asyncio.gather(*(sets(somebody, code, f"{NEW} {number}") for number in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, *[401] * 4]


async def test_an_answer_that_was_lost_is_given_anew_and_the_old_code_is_dead(
    somebody: Person, office: Office, system: Asking, security: Asking
) -> None:
    request, _ = await reviewed(somebody, office, system)
    first, second = [(await decides(security, request)).json()["code"] for _ in range(2)]
    assert (await sets(somebody, first)).status_code == 401
    assert (await sets(somebody, second)).status_code == 200
    assert (await decides(security, request)).json()["code"] == "lost-key.decided"


async def test_the_approval_stays_when_its_code_is_given_again(
    somebody: Person, office: Office, system: Asking, security: Asking, pool: Pool
) -> None:
    request, _ = await reviewed(somebody, office, system)
    path = f"/admin/lost-keys/{request}/decision"
    for note in ("已电话核对，同意", "没有记下", "还是没有记下"):
        assert (await security.posts(path, {"approved": True, "note": note})).status_code == 200
    [shown] = (await system.gets("/admin/lost-keys")).json()["items"]
    assert (shown["decision_note"], shown["approver_label"]) == ("已电话核对，同意", "sec")
    again = [(each["label"], each["note"]) for each in shown["codes_again"]]
    assert again == [("sec", "没有记下"), ("sec", "还是没有记下")]
    written = [line for line in await lines(pool) if line.startswith("lost-key")]
    assert written[2:] == ["lost-key-approved", "lost-key-code-renewed", "lost-key-code-renewed"]


async def test_a_code_is_too_old_after_a_day(
    somebody: Person, office: Office, system: Asking, security: Asking, pool: Pool
) -> None:
    request, _ = await reviewed(somebody, office, system)
    code = (await decides(security, request)).json()["code"]
    await pool.execute("update lost_keys set code_expires = code_expires - interval '24 hours'")
    assert (await sets(somebody, code)).json()["code"] == "lost-key.code-wrong"


async def test_a_weak_password_spends_no_code(
    somebody: Person, office: Office, system: Asking, security: Asking
) -> None:
    request, _ = await reviewed(somebody, office, system)
    code = (await decides(security, request)).json()["code"]
    weak = await sets(somebody, code, "1234567890")
    assert (weak.status_code, weak.json()["errors"][0]["field"]) == (422, "password")
    assert (await sets(somebody, code)).status_code == 200


async def test_what_is_set_by_the_code_is_a_new_password_like_any_other(
    somebody: Person, office: Office, system: Asking, security: Asking, pool: Pool
) -> None:
    request, manager = await reviewed(somebody, office, system)
    who = manager.actor.account
    await pool.execute(
        "update accounts set password = $2, must_change = true, password_since = $3 where account_id = $1",
        who,
        PASSWORD,
        NOW - timedelta(days=400),
    )
    await pool.execute("insert into earlier_passwords values ($1, $2, $3)", who, NOW, "an earlier one 苹果")
    code = (await decides(security, request)).json()["code"]
    again = await sets(somebody, code, "an earlier one 苹果")
    assert again.json()["errors"][0]["rule"] == "password-used-before"
    assert (await sets(somebody, code)).status_code == 200
    row = await pool.fetchrow("select must_change, password_since from accounts where account_id = $1", who)
    assert (row["must_change"], row["password_since"]) == (False, NOW)
    kept = await pool.fetch("select password from earlier_passwords where account_id = $1", who)
    assert PASSWORD in {row["password"] for row in kept}


async def test_after_five_wrong_codes_an_address_tries_no_more(
    somebody: Person, office: Office, system: Asking, security: Asking
) -> None:
    request, _ = await reviewed(somebody, office, system)
    code = (await decides(security, request)).json()["code"]
    where = {"X-Client-Address": "203.0.113.7"}
    for number in range(2, 7):
        wrong = await sets(somebody, f"WRONG-{number}", **where)
        assert (wrong.status_code, wrong.json()["code"]) == (401, "lost-key.code-wrong")
    late = await sets(somebody, code, **where)
    assert (late.status_code, late.json()["code"]) == (429, "lost-key.code-too-often")
    assert (await sets(somebody, code)).status_code == 200, "from elsewhere it is good"


@pytest.mark.parametrize("step", ["review", "decision"])
async def test_what_was_refused_gives_no_code(
    somebody: Person, office: Office, system: Asking, security: Asking, step: str
) -> None:
    await office.enter(somebody)
    if step == "review":
        request = (await asks_for(somebody)).json()["id"]
        assert (await review(system, request, None)).status_code == 204
    else:
        request, _ = await reviewed(somebody, office, system)
        assert (await decides(security, request, approved=False)).json() == {"code": None, "expires_at": None}
    assert (await decides(security, request)).json()["code"] == "lost-key.decided"
