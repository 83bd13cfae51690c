"""A manager's key that was renewed, and what others of the organisation do with theirs, over HTTP on real tables."""

import pytest
from accounts_certificates import MovedTrust, came_by_certificate, comes_with, token
from accounts_making import PASSWORD
from accounts_office import Asking, Office
from accounts_over_http import VENDOR, Person, opened
from accounts_spoiling import expires
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers
RENEWED = token(serial=0x1003)
TECHNICIAN = """
    insert into accounts (account_id, name, label, kind, organisation, password, role)
    values (gen_random_uuid(), 'li', '李', 'operator', $1, $2, 'technician') returning account_id
"""


@pytest.mark.parametrize("old", ["good", "expired", "removed"])
async def test_a_renewed_key_makes_no_account_and_is_added_to_the_managers(
    door: Person, office: Office, pool: Pool, trust: MovedTrust, old: str
) -> None:
    manager = await office.enter(door)
    if old == "expired":
        await expires(pool, trust)
    elif old == "removed":
        await pool.execute("update account_certificates set removed = now()")
    answer = await comes_with(door, RENEWED, register=False)
    assert (answer.status_code, answer.json()["code"]) == (409, "certificate.unknown-holder")
    assert "“我的信息”中添加" in answer.json()["title"]
    assert await pool.fetchval("select count(*) from account_certificates where serial = '1003'") == 0
    await pool.execute(
        "update accounts set password = $2 where account_id = $1", manager.actor.account, PASSWORD
    )
    assert (await manager.adds(RENEWED)).status_code == 200
    entered = (await comes_with(door, RENEWED, register=False)).json()["account"]
    assert entered["id"] == str(manager.actor.account)


async def test_somebody_new_says_so_and_gets_an_account(door: Person, office: Office) -> None:
    await office.enter(door)
    again = await comes_with(door, RENEWED, register=True)
    assert (again.status_code, again.json()["account"]["role"]) == (200, "technician")


async def test_a_technician_removes_the_own_certificate_where_the_managers_count_no_more(
    wang: Asking, office: Office, pool: Pool, trust: MovedTrust
) -> None:
    assert (await wang.adds(token())).status_code == 200
    li = await pool.fetchval(TECHNICIAN, VENDOR, PASSWORD)
    await opened(pool, li)
    technician = office.as_actor(li, "operator", VENDOR, "technician")
    assert (await technician.adds(token(serial=0x1002))).status_code == 200
    await came_by_certificate(pool)
    assert (
        await wang.posts("/organisation/certificate-demand", {"demanded": True, "password": PASSWORD})
    ).status_code == 204
    await expires(pool, trust)
    [held] = (await technician.gets("/certificates")).json()["items"]
    assert (await technician.deletes(f"/certificates/{held['id']}")).status_code == 204
    [held] = (await wang.gets("/certificates")).json()["items"]
    assert (await wang.deletes(f"/certificates/{held['id']}")).json()[
        "code"
    ] == "certificate.last-of-managers"
