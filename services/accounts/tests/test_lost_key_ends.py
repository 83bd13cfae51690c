"""An approval of a lost key has an end and can be taken back, over HTTP on real tables."""

import pytest
from accounts_lost_keys import decides, review, reviewed, sets
from accounts_office import Asking, Office
from accounts_over_http import Person
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers
DEMANDED = "insert into certificate_demands (organisation, demanded_by, demanded) values ($1, $2, now())"


async def days_pass(pool: Pool, days: int) -> None:
    columns = ("asked", "reviewed", "decided", "code_expires")
    moved = ", ".join(f"{column} = {column} - make_interval(days => {days})" for column in columns)
    await pool.execute(f"update lost_keys set {moved}")


async def test_a_code_is_given_again_within_a_week_and_then_the_request_is_reviewed_anew(
    somebody: Person, office: Office, system: Asking, security: Asking, pool: Pool
) -> None:
    request, manager = await reviewed(somebody, office, system)
    await decides(security, request)
    await days_pass(pool, 6)
    assert (await decides(security, request)).status_code == 200
    who = manager.actor.account
    assert (await review(system, request, who)).json()["code"] == "lost-key.decided"
    await days_pass(pool, 1)
    late = await decides(security, request)
    assert (late.status_code, late.json()["code"]) == (409, "lost-key.review-anew")
    assert (await review(system, request, who)).status_code == 204
    code = (await decides(security, request)).json()["code"]
    assert (await sets(somebody, code)).status_code == 200


async def test_an_unused_approval_is_taken_back_and_the_demand_stands_again(
    somebody: Person, office: Office, system: Asking, security: Asking, pool: Pool
) -> None:
    request, manager = await reviewed(somebody, office, system)
    await pool.execute(DEMANDED, manager.actor.organisation, manager.actor.account)
    code = (await decides(security, request)).json()["code"]
    suspended = "select suspended_until from certificate_demands"
    assert await pool.fetchval(suspended)
    assert (await decides(security, request, approved=False)).status_code == 200
    assert await pool.fetchval(suspended) is None
    assert (await sets(somebody, code)).json()["code"] == "lost-key.code-wrong"
    assert (await decides(security, request)).json()["code"] == "lost-key.decided"


async def test_a_used_code_is_not_taken_back(
    somebody: Person, office: Office, system: Asking, security: Asking
) -> None:
    request, _ = await reviewed(somebody, office, system)
    assert (await sets(somebody, (await decides(security, request)).json()["code"])).status_code == 200
    refused = await decides(security, request, approved=False)
    assert (refused.status_code, refused.json()["code"]) == (409, "lost-key.decided")
