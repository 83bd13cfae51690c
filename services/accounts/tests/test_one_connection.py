"""Each request needs one connection at a time. One that waits for a second while holding the first stops all under load."""

from collections.abc import AsyncIterator

import pytest
from accounts_certificates import comes_with, token
from accounts_making import PASSWORD
from accounts_office import Office
from accounts_over_http import ACCOUNTS, FACTORY, Person
from accounts_wechat import Town
from factor_calls import AT_SITE, SoftKey, begins, code_of, enrol_key, enrol_totp
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool

pytestmark = pytest.mark.servers
AN = f"/organisation/accounts/{ACCOUNTS['an'].id}"
NEW = {"label": "李伟", "role": "signatory"}


@pytest.fixture
async def pool(postgres_server: DatabaseServer, database_with_tables: str) -> AsyncIterator[Pool]:
    pool = await open_pool(await postgres_server.fresh("accounts", like=database_with_tables), size=1)
    yield pool
    await pool.close()


async def test_an_app_a_key_and_a_recovery_code(people: dict[str, Person]) -> None:
    zhou = people["zhou"]
    secret, codes = await enrol_totp(zhou)
    await enrol_key(zhou, SoftKey("key"))
    due = await begins(zhou, "zhou")
    step = {"step": due["step"], "method": "recovery", "code": codes[0]}
    assert (await zhou.posts("/session/step", step, **AT_SITE)).status_code == 200
    renewed = await zhou.posts("/factors/recovery", {"code": code_of(secret)})
    assert renewed.status_code == 200, renewed.text
    removed = await zhou.posts("/factors/totp/removal", {"password": PASSWORD})
    assert removed.status_code == 204, removed.text


async def test_a_certificate_brings_its_organisation_is_added_and_removed(
    people: dict[str, Person], office: Office
) -> None:
    manager = await office.enter(people["zhou"])
    later = await comes_with(people["zhou"], token(serial=0x1002))
    assert later.status_code == 200, later.text
    assert (await manager.adds(token(serial=0x1003), by=token())).status_code in (200, 201)
    own = (await manager.gets("/certificates")).json()["items"][0]["id"]
    assert (await manager.deletes(f"/certificates/{own}")).status_code == 204


async def test_what_a_manager_does(people: dict[str, Person], pool: Pool) -> None:
    zhou = people["zhou"]
    made = await zhou.posts("/organisation/accounts", NEW | {"name": "li.wei"})
    assert made.status_code == 201, made.text
    await pool.execute("insert into organisations values ($1, '清泉化工')", FACTORY)
    invited = (await zhou.posts("/organisation/invitations", NEW)).json()["code"]
    own = {"code": invited, "account": "li.wei.2", "password": "horses eat 苹果树"}
    assert (await zhou.posts("/invitations/acceptance", own)).status_code == 200
    for path in ("password", "factors/reset"):
        assert (await zhou.posts(f"{AN}/{path}", None)).status_code == 200
    changes: tuple[tuple[str, object], ...] = (
        ("label", {"label": "x"}),
        ("lock", {"locked": True}),
        ("lock", {"locked": False}),
        ("role", {"role": "signatory"}),
    )
    for path, body in changes:
        assert (await zhou.puts(f"{AN}/{path}", body)).status_code == 204
    assert (await zhou.deletes(f"{AN}/sessions")).status_code == 204
    handover = {"to": str(ACCOUNTS["an"].id), "role": None}
    assert (await zhou.posts("/organisation/handover", handover)).status_code == 204


async def test_what_a_system_administrator_does(people: dict[str, Person], office: Office) -> None:
    system = await office.administrator("system", "sys")
    new = {"name": "bao.shan", "label": "x", "kind": "regulator", "role": "reader", "district": "310113"}
    assert (await system.posts("/admin/accounts", new)).status_code == 201
    by = Person(people["zhou"].http, ACCOUNTS["zhou"])
    by.headers = system.headers
    path = f"/admin/accounts/{ACCOUNTS['office'].id}"
    for reset in ("password", "factors/reset"):
        assert (await system.posts(f"{path}/{reset}")).status_code == 200
    assert (await by.puts(f"{path}/lock", {"locked": True})).status_code == 204


async def test_a_wechat_user_is_bound_and_logs_in(town: Town) -> None:
    zhou = await town.bound("zhou")
    assert (await town.stranger().logs_in()).status_code == 200
    (binding,) = await zhou.bindings()
    assert (await zhou.unbinds(binding["id"])).status_code == 204
