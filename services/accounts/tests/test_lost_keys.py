"""A second way in after a lost key: two people, one code, one password, and nothing told to strangers."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from accounts_certificates import token
from accounts_making import PASSWORD, lines
from accounts_office import Asking, Office
from accounts_over_http import NOW, Person
from qingyuan_runtime.database.connections import Pool
from signature_corpus import NAME, USCC

pytestmark = pytest.mark.servers
NEW = "another password 电池"
UNKNOWN = "91310115MA1K4CERTJ"


@pytest.fixture
async def somebody(people: dict[str, Person]) -> Person:
    return people["zhou"]


@pytest.fixture
async def system(office: Office) -> Asking:
    return await office.administrator("system", "sys")


@pytest.fixture
async def security(office: Office) -> Asking:
    return await office.administrator("security", "sec")


async def asks_for(person: Person, uscc: str = USCC, request: str | None = None) -> httpx.Response:
    body = {
        "id": request or str(uuid4()),
        "uscc": uscc,
        "name": "王",
        "contact": "021-5555",
        "reason": "丢失",
    }
    return await person.posts("/session/lost-key", body, **{"X-Client-Address": "192.0.2.1"})


async def reviewed(somebody: Person, office: Office, system: Asking) -> tuple[str, Asking]:
    """A request of an organisation whose manager came in by certificate, after the first step."""
    manager = await office.enter(somebody)
    request = (await asks_for(somebody)).json()["id"]
    answer = await review(system, request, manager.actor.account)
    assert answer.status_code == 204, answer.text
    return request, manager


async def review(by: Asking, request: str, account: UUID | None) -> httpx.Response:
    return await by.posts(
        f"/admin/lost-keys/{request}/review", {"account": str(account) if account else None, "note": "已核实"}
    )


async def decides(by: Asking, request: str, *, approved: bool = True) -> httpx.Response:
    return await by.posts(f"/admin/lost-keys/{request}/decision", {"approved": approved, "note": "同意"})


async def sets(person: Person, code: str, password: str = NEW, **where: str) -> httpx.Response:
    return await person.posts("/session/lost-key/password", {"code": code, "password": password}, **where)


async def test_two_people_let_the_manager_set_a_password(
    somebody: Person, office: Office, system: Asking, security: Asking, pool: Pool
) -> None:
    request, manager = await reviewed(somebody, office, system)
    code = (await decides(security, request)).json()["code"]
    answer = await sets(somebody, code.lower().replace("-", " "))
    assert answer.status_code == 200, answer.text
    entered = await somebody.logs_in(answer.json()["account"], NEW)
    assert entered.json()["account"]["id"] == str(manager.actor.account)
    assert (await sets(somebody, code)).json()["code"] == "lost-key.code-wrong"
    steps = [line for line in await lines(pool) if line.startswith("lost-key")]
    assert steps == [
        "lost-key-asked",
        "lost-key-reviewed",
        "lost-key-approved",
        "lost-key-used",
        "lost-key-code-wrong",
    ]


async def test_who_asks_hears_the_same_for_a_code_that_nobody_has(somebody: Person, office: Office) -> None:
    await office.enter(somebody)
    known, unknown = await asks_for(somebody), await asks_for(somebody, UNKNOWN)
    assert (
        (known.status_code, set(known.json())) == (unknown.status_code, set(unknown.json())) == (201, {"id"})
    )


async def test_a_credit_code_with_a_wrong_check_character_is_named(somebody: Person) -> None:
    answer = await asks_for(somebody, USCC[:-1] + "0")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "uscc")


async def test_a_repeated_request_is_the_same_one(somebody: Person, system: Asking) -> None:
    request = str(uuid4())
    answers = await asyncio.gather(*(asks_for(somebody, request=request) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len((await system.gets("/admin/lost-keys")).json()["items"]) == 1


async def test_an_address_that_asks_too_often_waits_but_may_repeat(somebody: Person) -> None:
    first = str(uuid4())
    await asks_for(somebody, request=first)
    for _ in range(4):
        await asks_for(somebody)
    assert (await asks_for(somebody)).json()["code"] == "lost-key.too-often"
    assert (await asks_for(somebody, request=first)).status_code == 201


async def test_who_reviewed_does_not_approve(
    somebody: Person, office: Office, system: Asking, pool: Pool
) -> None:
    request, _ = await reviewed(somebody, office, system)
    both = office.as_actor(system.actor.account, "administrator", None, "security")
    assert (await decides(both, request)).json()["code"] == "lost-key.own-review"
    assert (await decides(both, request, approved=False)).json()["code"] == "lost-key.own-review"
    assert await pool.fetchval("select state from lost_keys") == "reviewed"


async def test_nothing_is_approved_that_was_not_reviewed(somebody: Person, security: Asking) -> None:
    request = (await asks_for(somebody)).json()["id"]
    assert (await decides(security, request)).json()["code"] == "lost-key.not-reviewed"
    assert (await decides(security, str(uuid4()))).status_code == 404


@pytest.mark.parametrize("role", ["audit", "system"])
async def test_only_a_security_administrator_approves(
    somebody: Person, office: Office, system: Asking, role: str
) -> None:
    request, _ = await reviewed(somebody, office, system)
    other = await office.administrator(role, f"other-{role}")  # type: ignore[arg-type]
    assert (await decides(other, request)).status_code == 403


async def test_who_is_no_administrator_sees_and_decides_nothing(
    somebody: Person, office: Office, security: Asking
) -> None:
    manager = await office.enter(somebody)
    request = (await asks_for(somebody)).json()["id"]
    assert (await manager.gets("/admin/lost-keys")).status_code == 403
    assert (await review(manager, request, manager.actor.account)).status_code == 403
    assert (await review(security, request, manager.actor.account)).status_code == 403


async def test_only_a_manager_of_that_organisation_is_chosen(
    somebody: Person, office: Office, system: Asking
) -> None:
    await office.enter(somebody)
    technician = await office.enter(somebody, token(serial=2))
    request = (await asks_for(somebody)).json()["id"]
    for account in (technician.actor.account, system.actor.account, uuid4()):
        answer = await review(system, request, account)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "account")


async def test_of_approvals_at_once_one_wins_and_its_code_works(
    somebody: Person, office: Office, system: Asking
) -> None:
    request, _ = await reviewed(somebody, office, system)
    people = [await office.administrator("security", f"sec-{number}") for number in range(8)]
    answers = await asyncio.gather(*(decides(by, request) for by in people))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 7]
    code = next(answer.json()["code"] for answer in answers if answer.status_code == 200)
    assert (await sets(somebody, code)).status_code == 200


async def test_of_reviews_at_once_one_wins(somebody: Person, office: Office) -> None:
    manager = await office.enter(somebody)
    request = (await asks_for(somebody)).json()["id"]
    people = [await office.administrator("system", f"sys-{number}") for number in range(8)]
    accounts = [manager.actor.account, None] * 4
    answers = await asyncio.gather(
        *(review(by, request, account) for by, account in zip(people, accounts, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [204, *[409] * 7]


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


async def test_the_list_names_the_organisation_and_its_managers_only(
    somebody: Person, office: Office, system: Asking
) -> None:
    manager = await office.enter(somebody)
    await office.enter(somebody, token(serial=2))
    await asks_for(somebody)
    await asks_for(somebody, UNKNOWN)
    items = {
        item["uscc"]: item for item in (await system.gets("/admin/lost-keys?state=asked")).json()["items"]
    }
    assert items[USCC]["organisation_name"] == NAME
    assert [entry["id"] for entry in items[USCC]["managers"]] == [str(manager.actor.account)]
    assert (items[UNKNOWN]["organisation_name"], items[UNKNOWN]["managers"]) == (None, [])
    assert (await system.gets("/admin/lost-keys?state=used")).json() == {"items": []}


async def test_a_demanded_certificate_keeps_a_managers_password_out_until_a_lost_key_was_approved(
    somebody: Person, office: Office, system: Asking, security: Asking, pool: Pool
) -> None:
    manager = await office.enter(somebody)
    name = await pool.fetchval("select name from accounts where account_id = $1", manager.actor.account)
    await pool.execute(
        "update accounts set password = $2 where account_id = $1", manager.actor.account, PASSWORD
    )
    assert (await somebody.logs_in(name)).status_code == 200
    assert (await manager.posts("/organisation/certificate-demand", {"demanded": True})).status_code == 204
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


async def test_nobody_demands_a_certificate_that_no_manager_holds(office: Office, security: Asking) -> None:
    nobody = office.as_actor(uuid4(), "operator", uuid4(), "manager")
    answer = await nobody.posts("/organisation/certificate-demand", {"demanded": True})
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
