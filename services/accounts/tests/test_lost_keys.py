"""A second way in after a lost key: two people, one code, one password, and nothing told to strangers."""

import asyncio
from uuid import uuid4

import pytest
from accounts_certificates import token
from accounts_lost_keys import NEW, UNKNOWN, asks_for, decides, review, reviewed, sets
from accounts_making import lines
from accounts_office import Asking, Office
from accounts_over_http import Person
from qingyuan_runtime.database.connections import Pool
from signature_corpus import NAME, USCC

pytestmark = pytest.mark.servers


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
    written = await lines(pool)
    assert {"password-changed", "logged-out-everywhere", "certificates-ended"} <= set(written)
    steps = [line for line in written if line.startswith("lost-key")]
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


async def test_both_administrators_are_told_whom_to_call_back_and_nobody_else(
    somebody: Person, office: Office, system: Asking, security: Asking, pool: Pool
) -> None:
    manager = await office.enter(somebody)
    await pool.execute(
        "update accounts set mobile = '13800000001', email = 'wang@example.org' where account_id = $1",
        manager.actor.account,
    )
    known, unknown = [(await asks_for(somebody, uscc)).json()["id"] for uscc in (USCC, UNKNOWN)]
    path = f"/admin/lost-keys/{known}/contact"
    for officer in (system, security):
        told = (await officer.gets(path)).json()
        assert (told["organisation"], told["kind"]) == (str(manager.actor.organisation), "operator")
        assert [(each["mobile"], each["email"]) for each in told["managers"]] == [
            ("13800000001", "wang@example.org")
        ]
    nobody = {"organisation": None, "kind": None, "managers": []}
    assert (await system.gets(f"/admin/lost-keys/{unknown}/contact")).json() == nobody
    assert (await system.gets(f"/admin/lost-keys/{uuid4()}/contact")).status_code == 404
    audit = await office.administrator("audit", "other-audit")
    for other in (manager, audit):
        assert (await other.gets(path)).status_code == 403


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
