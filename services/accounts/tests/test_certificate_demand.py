"""Where an organisation demands the certificate of its managers, nobody comes to manage without one, and one of them keeps one."""

import asyncio
from uuid import UUID

import httpx
import pytest
from accounts.sessions.tokens import token_hash
from accounts_certificates import Token, came_by_certificate, comes_with, token
from accounts_making import PASSWORD, lines
from accounts_office import Asking, Office
from accounts_over_http import ACCOUNTS, VENDOR, Person, opened
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers
DEMAND = "/organisation/certificate-demand"
SECOND = token(serial=0x1002)
INVITED = {"label": "李伟", "role": "manager"}
OWN = {"account": "li.wei", "password": "horses eat 苹果树"}


@pytest.fixture
async def wang(wang: Asking) -> Asking:
    """With a certificate, too."""
    assert (await wang.adds(token())).status_code == 200
    return wang


async def demands(who: Asking, *, session: str = "") -> None:
    headers = {"X-Session-Hash": token_hash(session).hex()}
    answer = await who.posts(DEMAND, {"demanded": True, "password": PASSWORD}, **headers)
    assert answer.status_code == 204, answer.text


async def ends(who: Asking, session: str) -> httpx.Response:
    return await who.posts(DEMAND, {"demanded": False}, **{"X-Session-Hash": token_hash(session).hex()})


async def alive(pool: Pool, session: str) -> bool:
    found = await pool.fetchval("select true from sessions where token_hash = $1", token_hash(session))
    return found is True


async def by_password(door: Person, name: str) -> str:
    answer = await door.logs_in(name)
    assert answer.status_code == 200, answer.text
    opened: str = answer.json()["token"]
    return opened


async def colleague(office: Office, pool: Pool, name: str, role: str, held: Token | None = None) -> Asking:
    """Another account of the organisation, with a password."""
    account: UUID = await pool.fetchval(
        "insert into accounts (account_id, name, label, kind, organisation, password, role) "
        "values (gen_random_uuid(), $1, $1, 'operator', $2, $3, $4) returning account_id",
        name,
        VENDOR,
        PASSWORD,
        role,
    )
    await opened(pool, account)
    who = office.as_actor(account, "operator", VENDOR, "manager")
    if held:
        assert (await who.adds(held)).status_code == 200
    return who


async def test_an_invitation_to_manage_does_not_go_round_the_demand(
    wang: Asking, door: Person, pool: Pool
) -> None:
    code = (await wang.posts("/organisation/invitations", INVITED)).json()["code"]
    await demands(wang)
    answer = await door.posts("/invitations/acceptance", {"code": code} | OWN)
    assert (answer.status_code, answer.json()["code"]) == (409, "certificate.manager-without")
    assert await pool.fetchval("select count(*) from accounts where name = 'li.wei'") == 0
    for path, body in (("invitations", INVITED), ("accounts", INVITED | {"name": "li.wei"})):
        refused = await wang.posts(f"/organisation/{path}", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "certificate.manager-without")
    technician = await wang.posts("/organisation/invitations", INVITED | {"role": "technician"})
    assert technician.status_code == 201
    await pool.execute("delete from certificate_demands")
    assert (await door.posts("/invitations/acceptance", {"code": code} | OWN)).status_code == 200


async def test_an_administrator_makes_no_manager_who_could_not_log_in_under_the_demand(
    wang: Asking, office: Office, pool: Pool
) -> None:
    await demands(wang)
    system = await office.administrator("system", "system")
    new = {"name": "li.wei", "label": "李伟", "kind": "operator", "organisation": str(VENDOR)}
    refused = await system.posts("/admin/accounts", new | {"role": "manager"})
    assert (refused.status_code, refused.json()["code"]) == (409, "certificate.manager-without")
    assert await pool.fetchval("select count(*) from accounts where name = 'li.wei'") == 0
    assert (await system.posts("/admin/accounts", new | {"role": "technician"})).status_code == 201
    await pool.execute("update certificate_demands set suspended_until = now() + interval '30 days'")
    other = new | {"name": "li.wei.2", "role": "manager"}
    assert (await system.posts("/admin/accounts", other)).status_code == 201


@pytest.mark.parametrize("how", ["role", "handover"])
async def test_who_becomes_manager_under_the_demand_leaves_the_session_of_the_password(
    wang: Asking, people: dict[str, Person], door: Person, office: Office, pool: Pool, how: str
) -> None:
    li = await colleague(office, pool, "li", "technician", SECOND)
    opened = await by_password(door, "li")
    with_key = (await comes_with(door, SECOND)).json()["token"]
    await demands(wang)
    assert await alive(pool, opened), "no manager yet"
    if how == "role":
        path = f"/organisation/accounts/{li.actor.account}/role"
        assert (await people["wang"].puts(path, {"role": "manager"})).status_code == 204
    else:
        body = {"to": str(li.actor.account), "role": "technician"}
        assert (await wang.posts("/organisation/handover", body)).status_code == 204
    assert (await alive(pool, opened), await alive(pool, with_key)) == (False, True)
    assert (await door.logs_in("li")).json()["code"] == "log-in.certificate-demanded"


async def test_a_demand_ends_the_other_managers_sessions_of_passwords(
    wang: Asking, door: Person, office: Office, pool: Pool
) -> None:
    await colleague(office, pool, "li", "manager")
    await colleague(office, pool, "technician", "technician")
    own, other, third = [await by_password(door, name) for name in ("wang", "li", "technician")]
    with_key = (await comes_with(door, token())).json()["token"]
    await demands(wang, session=own)
    assert [await alive(pool, one) for one in (own, other, third, with_key)] == [True, False, True, True]


async def test_only_a_session_of_the_certificate_ends_the_demand(
    wang: Asking, door: Person, pool: Pool
) -> None:
    opened = await by_password(door, "wang")
    await demands(wang, session=opened)
    for session in (opened, "none"):
        refused = await ends(wang, session)
        assert (refused.status_code, refused.json()["code"]) == (409, "certificate.session-needed")
    assert await pool.fetchval("select count(*) from certificate_demands") == 1
    with_key = (await comes_with(door, token())).json()["token"]
    assert (await ends(wang, with_key)).status_code == 204
    assert await pool.fetchval("select count(*) from certificate_demands") == 0


async def test_the_end_of_no_demand_is_not_in_the_log(
    wang: Asking, door: Person, office: Office, pool: Pool
) -> None:
    with_key = (await comes_with(door, token())).json()["token"]
    assert (await ends(wang, with_key)).status_code == 204
    security = await office.administrator("security", "sec")
    await pool.execute("update accounts set password = $1 where name = 'sec'", PASSWORD)
    path = f"/admin/organisations/{UUID(int=777)}/certificate-demand"
    body = {"demanded": False, "password": PASSWORD}
    assert (await security.posts(path, body)).status_code == 204
    assert "certificate-demand-ended" not in await lines(pool)


async def test_a_log_in_that_the_demand_refuses_is_refused_in_the_log(
    wang: Asking, door: Person, pool: Pool
) -> None:
    await demands(wang)
    assert (await door.logs_in("wang")).status_code == 403
    row = await pool.fetchrow("select what, result from security_log order by id desc limit 1")
    assert tuple(row) == ("certificate-demanded", "refused")


async def test_the_last_certificate_of_managers_stays_while_it_is_demanded(wang: Asking, pool: Pool) -> None:
    own = (await wang.gets("/certificates")).json()["items"][0]["id"]
    await came_by_certificate(pool)
    await demands(wang)
    refused = await wang.deletes(f"/certificates/{own}")
    assert (refused.status_code, refused.json()["code"]) == (409, "certificate.last-of-managers")
    assert len((await wang.gets("/certificates")).json()["items"]) == 1
    await pool.execute("delete from certificate_demands")
    assert (await wang.deletes(f"/certificates/{own}")).status_code == 204


async def test_of_two_managers_who_remove_their_certificates_at_once_one_keeps_it(
    wang: Asking, office: Office, pool: Pool
) -> None:
    li = await colleague(office, pool, "li", "manager", SECOND)
    await came_by_certificate(pool)
    await demands(wang)
    ids = [(await who.gets("/certificates")).json()["items"][0]["id"] for who in (wang, li)]
    both = zip((wang, li), ids, strict=True)
    answers = await asyncio.gather(*(who.deletes(f"/certificates/{own}") for who, own in both))
    assert sorted(answer.status_code for answer in answers) == [204, 409]


@pytest.mark.parametrize("how", ["role", "lock", "handover"])
async def test_the_only_manager_with_a_certificate_stays_one(
    wang: Asking, people: dict[str, Person], office: Office, pool: Pool, how: str
) -> None:
    li = await colleague(office, pool, "li", "manager")
    await demands(wang)
    by, path = Person(people["wang"].http, ACCOUNTS["wang"]), f"/organisation/accounts/{wang.actor.account}"
    match how:
        case "handover":
            body = {"to": str(li.actor.account), "role": "technician"}
            answer = await by.posts("/organisation/handover", body)
        case "lock":
            by.headers = li.headers
            answer = await by.puts(f"{path}/lock", {"locked": True})
        case _:
            by.headers = li.headers
            answer = await by.puts(f"{path}/role", {"role": "technician"})
    assert (answer.status_code, answer.json()["code"]) == (409, "certificate.last-of-managers")
    row = await pool.fetchrow("select role, disabled from accounts where name = 'wang'")
    assert (row["role"], row["disabled"]) == ("manager", False)
