"""Who demands the certificate of an organisation's managers, and who ends that; a lost key suspends it."""

from uuid import uuid4

import pytest
from accounts_certificates import token
from accounts_lost_keys import asks_for, decides, review
from accounts_making import PASSWORD
from accounts_office import Asking, Office
from accounts_over_http import Person
from qingyuan_runtime.database.connections import Pool
from signature_corpus import NAME

pytestmark = pytest.mark.servers


async def test_a_demanded_certificate_keeps_a_managers_password_out_until_a_lost_key_was_approved(
    somebody: Person, office: Office, system: Asking, security: Asking, pool: Pool
) -> None:
    manager = await office.enter(somebody)
    name = await pool.fetchval("select name from accounts where account_id = $1", manager.actor.account)
    await pool.execute(
        "update accounts set password = $2 where account_id = $1", manager.actor.account, PASSWORD
    )
    assert (await somebody.logs_in(name)).status_code == 200
    assert (
        await manager.posts("/organisation/certificate-demand", {"demanded": True, "password": PASSWORD})
    ).status_code == 204
    assert (await somebody.logs_in(name)).json()["code"] == "log-in.certificate-demanded"
    assert (await somebody.logs_in(name, "wrong")).json()["code"] == "credentials.wrong"
    await office.enter(somebody)
    request = (await asks_for(somebody)).json()["id"]
    await review(system, request, manager.actor.account)
    await decides(security, request)
    assert (await somebody.logs_in(name)).status_code == 200
    assert (await manager.gets("/organisation/certificate-demand")).json()["suspended_until"] is not None


async def test_a_demand_is_for_managers_and_ends_when_it_is_taken_back(
    somebody: Person, office: Office, security: Asking, pool: Pool
) -> None:
    manager = await office.enter(somebody)
    technician = await office.enter(somebody, token(serial=2))
    await pool.execute("update accounts set password = $1 where password is null or name = 'sec'", PASSWORD)
    names = dict(await pool.fetch("select account_id, name from accounts"))
    path = f"/admin/organisations/{manager.actor.organisation}/certificate-demand"
    assert (await security.posts(path, {"demanded": True})).status_code == 204
    assert (await somebody.logs_in(names[technician.actor.account])).status_code == 200
    assert (await somebody.logs_in(names[manager.actor.account])).status_code == 403
    [listed] = (await security.gets("/security/certificate-demands")).json()["items"]
    assert (listed["organisation"], listed["name"]) == (str(manager.actor.organisation), NAME)
    assert (listed["managers"], listed["suspended_until"]) == (1, None)
    assert (await security.posts(path, {"demanded": False, "password": PASSWORD})).status_code == 204
    assert (await somebody.logs_in(names[manager.actor.account])).status_code == 200
    assert (await security.gets("/security/certificate-demands")).json()["items"] == []
    line = await pool.fetchrow("select * from security_log where what = 'certificate-demand-ended'")
    assert line is not None
    assert (line["actor"], line["organisation"]) == (security.actor.account, manager.actor.organisation)


async def test_a_session_left_open_does_not_end_the_demand_of_an_organisation(
    somebody: Person, office: Office, security: Asking, pool: Pool
) -> None:
    manager = await office.enter(somebody)
    await pool.execute("update accounts set password = $1 where name = 'sec'", PASSWORD)
    path = f"/admin/organisations/{manager.actor.organisation}/certificate-demand"
    assert (await security.posts(path, {"demanded": True})).status_code == 204
    for shown, field in (({}, "password"), ({"password": "wrong"}, "password"), ({"code": "000000"}, "code")):
        answer = await security.posts(path, {"demanded": False} | shown)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert (await manager.gets("/organisation/certificate-demand")).json()["demanded"] is True


async def test_only_security_administrators_see_who_demands(office: Office, system: Asking) -> None:
    auditor = await office.administrator("audit", "aud")
    for who in (system, auditor, office.as_actor(uuid4(), "operator", uuid4(), "manager")):
        assert (await who.gets("/security/certificate-demands")).status_code == 403


@pytest.mark.parametrize(
    ("shown", "field"),
    [({}, "password"), ({"password": "wrong"}, "password"), ({"code": "000000"}, "code")],
)
async def test_a_session_left_open_does_not_begin_the_demand_of_its_organisation(
    wang: Asking, shown: dict[str, str], field: str
) -> None:
    """It would shut out every manager whose certificate is not at hand, and a password could not undo it."""
    assert (await wang.adds(token())).status_code == 200
    answer = await wang.posts("/organisation/certificate-demand", {"demanded": True} | shown)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert (await wang.gets("/organisation/certificate-demand")).json()["demanded"] is False


async def test_a_manager_without_a_password_begins_the_demand_by_the_certificate(
    somebody: Person, office: Office
) -> None:
    manager = await office.enter(somebody)
    proof = await manager.signed(token(), "/factors/identity/challenges")
    answer = await manager.posts("/organisation/certificate-demand", {"demanded": True, "proof": proof})
    assert answer.status_code == 204
    assert (await manager.gets("/organisation/certificate-demand")).json()["demanded"] is True


async def test_nobody_demands_a_certificate_that_no_manager_holds(wang: Asking, security: Asking) -> None:
    nobody = wang
    answer = await nobody.posts("/organisation/certificate-demand", {"demanded": True, "password": PASSWORD})
    assert answer.json()["code"] == "certificate.none-bound"
    path = f"/admin/organisations/{nobody.actor.organisation}/certificate-demand"
    assert (await security.posts(path, {"demanded": True})).json()["code"] == "certificate.none-bound"


async def test_only_managers_and_security_administrators_demand(office: Office, system: Asking) -> None:
    technician = office.as_actor(uuid4(), "operator", uuid4(), "technician")
    assert (
        await technician.posts("/organisation/certificate-demand", {"demanded": False})
    ).status_code == 403
    path = f"/admin/organisations/{uuid4()}/certificate-demand"
    assert (await system.posts(path, {"demanded": False})).status_code == 403
