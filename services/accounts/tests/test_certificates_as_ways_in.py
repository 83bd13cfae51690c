"""A certificate opens the account for good: who adds one shows who they are, and a recovery takes them all away."""

from uuid import uuid4

import httpx
import pytest
from accounts_certificates import comes_with, token
from accounts_making import PASSWORD, lines
from accounts_office import Asking, Office
from accounts_over_http import VENDOR, Person
from factor_calls import code_of, enrol_totp
from qingyuan_runtime.database.connections import Pool
from signature_corpus import USCC

pytestmark = pytest.mark.servers
SECOND = token(serial=0x1002)
NEW = "horses eat 苹果树"


async def boss(office: Office) -> Asking:
    account = await office.pool.fetchval(
        "insert into accounts (account_id, name, label, kind, organisation, password, role) "
        "values (gen_random_uuid(), 'boss', 'boss', 'operator', $1, $2, 'manager') returning account_id",
        VENDOR,
        PASSWORD,
    )
    return office.as_actor(account, "operator", VENDOR, "manager")


async def by_lost_key(
    door: Person, office: Office, manager: Asking, meanwhile: str = "select 1"
) -> httpx.Response:
    system = await office.administrator("system", "sys")
    security = await office.administrator("security", "sec")
    request = str(uuid4())
    asked = {"id": request, "uscc": USCC, "name": "王", "contact": "021", "reason": "被盗"}
    await door.posts("/session/lost-key", asked)
    account = str(manager.actor.account)
    await system.posts(f"/admin/lost-keys/{request}/review", {"account": account, "note": "已核实"})
    decided = await security.posts(f"/admin/lost-keys/{request}/decision", {"approved": True, "note": "同意"})
    await office.pool.execute(meanwhile)
    body = {"code": decided.json()["code"], "password": NEW}
    return await door.posts("/session/lost-key/password", body)


@pytest.mark.parametrize(
    ("again", "field"), [({}, "password"), ({"password": "wrong"}, "password"), ({"code": "000000"}, "code")]
)
async def test_a_session_left_open_adds_no_certificate(
    wang: Asking, again: dict[str, str], field: str
) -> None:
    refused = await wang.posts("/certificates", {"added": await wang.signed(token())} | again)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
    assert (await wang.gets("/certificates")).json() == {"items": []}


async def test_the_certificate_that_is_added_does_not_vouch_for_itself(wang: Asking) -> None:
    assert (await wang.adds(token(), by=token())).json()["code"] == "certificate.other-account"
    assert (await wang.gets("/certificates")).json() == {"items": []}


async def test_the_code_of_the_app_or_another_certificate_adds_one_too(
    wang: Asking, people: dict[str, Person]
) -> None:
    secret, _ = await enrol_totp(people["wang"])
    body = {"added": await wang.signed(token()), "code": code_of(secret)}
    assert (await wang.posts("/certificates", body)).status_code == 200
    assert (await wang.adds(SECOND, by=token())).status_code == 200


async def test_a_reset_by_a_colleague_takes_the_certificates_away(
    wang: Asking, office: Office, door: Person, pool: Pool
) -> None:
    await wang.adds(token())
    reset = f"/organisation/accounts/{wang.actor.account}/factors/reset"
    assert (await (await boss(office)).posts(reset)).status_code == 200
    assert (await comes_with(door, token())).json()["code"] == "certificate.removed"
    assert "certificates-ended" in await lines(pool)


async def test_a_reset_leaves_the_managers_the_certificate_that_is_demanded_of_them(
    wang: Asking, office: Office, door: Person, pool: Pool
) -> None:
    await wang.adds(token())
    await wang.posts("/organisation/certificate-demand", {"demanded": True, "password": PASSWORD})
    reset = f"/organisation/accounts/{wang.actor.account}/factors/reset"
    refused = await (await boss(office)).posts(reset)
    assert (refused.status_code, refused.json()["code"]) == (409, "certificate.last-of-managers")
    assert (await comes_with(door, token())).status_code == 200
    assert await pool.fetchval("select password from accounts where name = 'wang'") == PASSWORD


async def test_with_a_lost_keys_code_the_lost_certificate_opens_nothing(
    door: Person, office: Office, pool: Pool
) -> None:
    manager = await office.enter(door)
    assert (await by_lost_key(door, office, manager)).status_code == 200
    assert (await comes_with(door, token())).json()["code"] == "certificate.removed"
    assert "certificates-ended" in await lines(pool)


async def test_a_lost_keys_code_is_of_no_use_to_who_manages_no_more(
    door: Person, office: Office, pool: Pool
) -> None:
    manager = await office.enter(door)
    demoted = "update accounts set role = 'technician' where password is null"
    refused = await by_lost_key(door, office, manager, demoted)
    assert (refused.status_code, refused.json()["code"]) == (401, "lost-key.code-wrong")
    whose = "select password from accounts where account_id = $1"
    assert await pool.fetchval(whose, manager.actor.account) is None
    assert (await comes_with(door, token())).status_code == 200


async def test_after_the_owners_own_new_password_the_certificates_stay(
    wang: Asking, people: dict[str, Person], door: Person
) -> None:
    await wang.adds(token())
    assert (await people["wang"].changes_password(PASSWORD)).status_code == 204
    assert (await comes_with(door, token())).status_code == 200
