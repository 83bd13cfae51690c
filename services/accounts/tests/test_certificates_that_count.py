"""To hold a certificate is to hold one that a log-in would be accepted with now: neither an expired nor a revoked one counts."""

from uuid import UUID, uuid4

import httpx
import pytest
from accounts_certificates import MovedTrust, Token, came_by_certificate, comes_with, token
from accounts_making import PASSWORD
from accounts_office import Asking, Office
from accounts_over_http import ACCOUNTS, VENDOR, Person, opened
from accounts_spoiling import EACH, Spoils, expires
from qingyuan_runtime.database.connections import Pool
from signature_corpus import USCC

pytestmark = pytest.mark.servers
DEMAND = "/organisation/certificate-demand"
SECOND = token(serial=0x1002)
NEW = "horses eat 苹果树"
each_way = pytest.mark.parametrize("spoils", EACH)


@pytest.fixture
async def wang(wang: Asking) -> Asking:
    """With a certificate, too."""
    assert (await wang.adds(token())).status_code == 200
    return wang


async def demands(who: Asking) -> None:
    assert (await who.posts(DEMAND, {"demanded": True, "password": PASSWORD})).status_code == 204


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def colleague(office: Office, pool: Pool, held: Token | None = None) -> Asking:
    """Another manager, with a password."""
    account: UUID = await pool.fetchval(
        "insert into accounts (account_id, name, label, kind, organisation, password, role) "
        "values (gen_random_uuid(), 'li', 'li', 'operator', $1, $2, 'manager') returning account_id",
        VENDOR,
        PASSWORD,
    )
    await opened(pool, account)
    li = office.as_actor(account, "operator", VENDOR, "manager")
    if held:
        assert (await li.adds(held)).status_code == 200
    return li


@each_way
async def test_nobody_demands_what_lets_no_manager_in(
    wang: Asking, office: Office, pool: Pool, trust: MovedTrust, spoils: Spoils
) -> None:
    await spoils(pool, trust)
    assert code(await wang.posts(DEMAND, {"demanded": True, "password": PASSWORD})) == (
        409,
        "certificate.none-bound",
    )
    security = await office.administrator("security", "sec")
    path = f"/admin/organisations/{VENDOR}/certificate-demand"
    assert code(await security.posts(path, {"demanded": True})) == (409, "certificate.none-bound")
    assert await pool.fetchval("select count(*) from certificate_demands") == 0


async def test_one_manager_with_a_good_certificate_is_enough(
    wang: Asking, office: Office, pool: Pool, trust: MovedTrust
) -> None:
    await colleague(office, pool, SECOND)
    await expires(pool, trust)
    await demands(wang)


async def test_those_who_still_come_in_are_counted(
    wang: Asking, office: Office, pool: Pool, trust: MovedTrust
) -> None:
    await colleague(office, pool, SECOND)
    await demands(wang)
    security = await office.administrator("security", "sec")
    counted = [(await security.gets("/security/certificate-demands")).json()["items"][0]["managers"]]
    await expires(pool, trust)
    counted.append((await security.gets("/security/certificate-demands")).json()["items"][0]["managers"])
    assert counted == [2, 1]


@each_way
async def test_the_last_good_certificate_stays_though_a_bad_one_is_left(
    wang: Asking, people: dict[str, Person], office: Office, pool: Pool, trust: MovedTrust, spoils: Spoils
) -> None:
    li = await colleague(office, pool, SECOND)
    await came_by_certificate(pool)
    await demands(wang)
    own = (await li.gets("/certificates")).json()["items"][0]["id"]
    await spoils(pool, trust)
    assert code(await li.deletes(f"/certificates/{own}")) == (409, "certificate.last-of-managers")
    path = f"/organisation/accounts/{li.actor.account}"
    for answer in (
        await people["wang"].puts(f"{path}/lock", {"locked": True}),
        await people["wang"].puts(f"{path}/role", {"role": "technician"}),
        await wang.posts(f"{path}/factors/reset"),
        await li.posts("/organisation/handover", {"to": str(wang.actor.account), "role": None}),
    ):
        assert code(answer) == (409, "certificate.last-of-managers")
    assert len((await li.gets("/certificates")).json()["items"]) == 1


@each_way
async def test_the_only_way_in_stays_though_a_bad_one_is_left(
    door: Person, office: Office, pool: Pool, trust: MovedTrust, spoils: Spoils
) -> None:
    newcomer = await office.enter(door)
    assert (await newcomer.adds(SECOND, by=token())).status_code == 200
    await spoils(pool, trust)
    good = await pool.fetchval("select certificate_id from account_certificates where serial = '1002'")
    assert code(await newcomer.deletes(f"/certificates/{good}")) == (409, "certificate.only-way")
    assert await pool.fetchval("select removed is null from account_certificates where serial = '1002'")


@each_way
async def test_what_would_be_refused_is_not_offered(
    wang: Asking, people: dict[str, Person], pool: Pool, trust: MovedTrust, spoils: Spoils
) -> None:
    both = [(await wang.gets("/factors")).json()]
    await spoils(pool, trust)
    both.append((await wang.gets("/factors")).json())
    assert [(ways["certificate"], "certificate" in ways["signing"]) for ways in both] == [
        (True, True),
        (False, False),
    ]


@pytest.fixture
async def shut_out(
    wang: Asking, door: Person, pool: Pool, trust: MovedTrust, request: pytest.FixtureRequest
) -> Asking:
    """The manager of an organisation whose last certificate is spoilt while it is demanded."""
    await demands(wang)
    spoils: Spoils = request.param
    await spoils(pool, trust)
    assert code(await door.logs_in("wang")) == (403, "log-in.certificate-demanded")
    if spoils is not expires:  # the expired one is not the one that is on record
        assert (await comes_with(door, token())).status_code == 401
    return wang


@pytest.mark.parametrize("shut_out", EACH, indirect=True)
async def test_two_people_let_in_again_whose_last_certificate_is_spoilt(
    shut_out: Asking, door: Person, office: Office
) -> None:
    system, security = [await office.administrator(role, role) for role in ("system", "security")]
    request = str(uuid4())
    asked = {"id": request, "uscc": USCC, "name": "王", "contact": "021", "reason": "到期"}
    assert (await door.posts("/session/lost-key", asked)).status_code == 201
    [listed] = (await system.gets("/admin/lost-keys")).json()["items"]
    assert [manager["name"] for manager in listed["managers"]] == ["wang"]
    reviewed = {"account": str(shut_out.actor.account), "note": "已核实"}
    assert (await system.posts(f"/admin/lost-keys/{request}/review", reviewed)).status_code == 204
    decided = await security.posts(f"/admin/lost-keys/{request}/decision", {"approved": True, "note": "同意"})
    body = {"code": decided.json()["code"], "password": NEW}
    assert (await door.posts("/session/lost-key/password", body)).status_code == 200
    assert (await door.logs_in("wang", NEW)).status_code == 200


@pytest.mark.parametrize("shut_out", EACH, indirect=True)
async def test_a_security_administrator_ends_a_demand_that_nobody_meets(
    shut_out: Asking, door: Person, office: Office, pool: Pool
) -> None:
    security = await office.administrator("security", "sec")
    await pool.execute("update accounts set password = $1 where name = 'sec'", PASSWORD)
    path = f"/admin/organisations/{shut_out.actor.organisation}/certificate-demand"
    assert (await security.posts(path, {"demanded": False, "password": PASSWORD})).status_code == 204
    assert (await door.logs_in("wang")).status_code == 200


async def test_a_renewed_certificate_meets_the_demand_again(
    wang: Asking, people: dict[str, Person], pool: Pool, trust: MovedTrust
) -> None:
    """In the session that was open when the old one expired."""
    await demands(wang)
    await expires(pool, trust)
    old = (await wang.gets("/certificates")).json()["items"][0]["id"]
    assert code(await wang.deletes(f"/certificates/{old}")) == (409, "certificate.last-of-managers")
    assert (await wang.adds(SECOND)).status_code == 200
    assert (await wang.deletes(f"/certificates/{old}")).status_code == 204
    assert ACCOUNTS["wang"].id == wang.actor.account
