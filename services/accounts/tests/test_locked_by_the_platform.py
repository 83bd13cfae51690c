"""Who undoes a lock, and what was begun before one, over HTTP on real tables."""

import pytest
from accounts_making import PASSWORD, make_tables
from accounts_office import Asking
from accounts_over_http import ACCOUNTS, FACTORY, Person
from factor_calls import begins, code_of, enrol_totp
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool

pytestmark = pytest.mark.servers
AN = ACCOUNTS["an"].id
OWN = f"/organisation/accounts/{AN}/lock"


async def test_a_manager_does_not_undo_the_lock_of_a_security_administrator(
    people: dict[str, Person], security: Asking
) -> None:
    zhou = people["zhou"]
    assert (await security.posts(f"/security/accounts/{AN}/lock")).status_code == 204
    refused = await zhou.puts(OWN, {"locked": False})
    assert (refused.status_code, refused.json()["code"]) == (409, "account.locked-by-platform")
    assert (await zhou.logs_in("an")).status_code == 401
    assert (await security.posts(f"/security/accounts/{AN}/unlock")).status_code == 204
    assert (await zhou.logs_in("an")).status_code == 200
    for locked in (True, False):
        assert (await zhou.puts(OWN, {"locked": locked})).status_code == 204
    assert (await zhou.logs_in("an")).status_code == 200


@pytest.mark.parametrize("first", ["organisation", "platform"])
async def test_whoever_locked_first_the_platforms_lock_stays(
    people: dict[str, Person], system: Asking, first: str
) -> None:
    zhou = people["zhou"]

    async def by_organisation() -> None:
        assert (await zhou.puts(OWN, {"locked": True})).status_code == 204

    if first == "organisation":
        await by_organisation()
    body = {"locked": True}
    answer = await zhou.http.put(f"/admin/accounts/{AN}/lock", json=body, headers=system.headers)
    assert answer.status_code == 204
    if first == "platform":
        await by_organisation()
    assert (await zhou.puts(OWN, {"locked": False})).json()["code"] == "account.locked-by-platform"


async def test_a_log_in_that_was_begun_before_a_lock_is_not_finished_after_it(
    people: dict[str, Person], pool: Pool
) -> None:
    an, zhou = people["an"], people["zhou"]
    secret, _ = await enrol_totp(an)
    step = (await begins(an, "an"))["step"]
    for locked in (True, False):
        assert (await zhou.puts(OWN, {"locked": locked})).status_code == 204
    answer = await an.posts("/session/step", {"step": step, "method": "totp", "code": code_of(secret)})
    assert (answer.status_code, answer.json()["code"]) == (409, "log-in.step-gone")
    assert await pool.fetchval("select count(*) from sessions where account_id = $1", AN) == 0


async def test_a_recovery_code_that_opens_nothing_stays_good(people: dict[str, Person], pool: Pool) -> None:
    an = people["an"]
    _, codes = await enrol_totp(an)
    step = (await begins(an, "an"))["step"]
    await pool.execute("update accounts set password = 'changed meanwhile' where account_id = $1", AN)
    body = {"step": step, "method": "recovery", "code": codes[0]}
    assert (await an.posts("/session/step", body)).status_code == 401
    assert await pool.fetchval("select count(*) from recovery_codes where used is null") == len(codes)
    assert await pool.fetchval("select count(*) from security_log where what = 'recovery-code-used'") == 0
    await pool.execute("update accounts set password = $2 where account_id = $1", AN, PASSWORD)
    again = body | {"step": (await begins(an, "an"))["step"]}
    assert (await an.posts("/session/step", again)).status_code == 200


async def test_of_locks_from_before_the_log_says_who_locked(postgres_server: DatabaseServer) -> None:
    pool = await open_pool(await postgres_server.fresh("older_locks"), size=1)
    await make_tables(pool, until="0018")
    for name, kind, role in (("zhou", "enterprise", "manager"), ("sec", "administrator", "security")):
        await pool.execute(OLDER, name, kind, role, FACTORY if kind == "enterprise" else None, False)
    for name in ("by zhou", "by sec", "by nobody"):
        await pool.execute(OLDER, name, "enterprise", "manager", FACTORY, True)
        await pool.execute(LOCKED_BY, name, name.removeprefix("by "))
    await make_tables(pool, since="0019")
    rows = await pool.fetch("select name from accounts where disabled_by_platform order by name")
    assert [row["name"] for row in rows] == ["by nobody", "by sec"]
    await pool.close()


OLDER = """
    insert into accounts (account_id, name, label, kind, role, organisation, disabled)
    values (gen_random_uuid(), $1, $1, $2, $3, $4, $5)
"""
LOCKED_BY = """
    insert into security_log (account_id, what, actor)
    select a.account_id, 'disabled', (select account_id from accounts where name = $2) from accounts a where a.name = $1
"""
