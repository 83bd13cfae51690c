"""Invitations over HTTP on real PostgreSQL: good once, for a time, while who made them manages; guesses are counted."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from accounts.passwords.one_time import INVITATION_LENGTH, SIGNS
from accounts_office import Office
from accounts_over_http import ACCOUNTS, NOW, VENDOR, Person
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers

LI = {"label": "李伟", "role": "technician"}
OWN = {"account": "li.wei", "password": "horses eat 苹果树"}


async def invites(by: Person, **wanted: object) -> dict[str, Any]:
    answer = await by.posts("/organisation/invitations", LI | wanted)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def accepts(by: Person, code: str, **own: str) -> httpx.Response:
    return await by.posts("/invitations/acceptance", {"code": code} | OWN | own)


async def test_a_wrong_code_is_in_the_security_log(people: dict[str, Person], pool: Pool) -> None:
    wrong = await people["zhou"].posts("/invitations/check", {"code": "ABCDEFGHJK"})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "invitation.unknown")
    row = await pool.fetchrow("select * from security_log order by id desc limit 1")
    assert (row["what"], row["result"]) == ("invitation-refused", "refused")


async def test_an_invited_person_has_the_account_that_was_meant(
    people: dict[str, Person], pool: Pool
) -> None:
    made = await invites(people["wang"])
    assert len(made["code"]) == INVITATION_LENGTH
    assert set(made["code"]) <= set(SIGNS)
    checked = (await people["zhou"].posts("/invitations/check", {"code": made["code"]})).json()
    assert (checked["label"], checked["role"], checked["kind"]) == ("李伟", "technician", "operator")
    account = (await accepts(people["zhou"], made["code"])).json()["account"]
    assert (account["name"], account["organisation"], account["role"]) == (
        "li.wei",
        str(VENDOR),
        "technician",
    )
    assert not await pool.fetchval("select must_change from accounts where name = 'li.wei'")
    assert await pool.fetchval("select code_hash from invitations") != made["code"].encode()


@pytest.mark.parametrize("typed", [str.lower, lambda code: f"{code[:5]}-{code[5:]} "])
async def test_a_code_is_typed_as_people_type(people: dict[str, Person], typed: Any) -> None:
    code = (await invites(people["wang"]))["code"]
    assert (await accepts(people["zhou"], typed(code))).status_code == 200


async def test_a_code_is_good_once_however_many_come_at_once(people: dict[str, Person], pool: Pool) -> None:
    code = (await invites(people["wang"]))["code"]
    answers = await asyncio.gather(*(accepts(people["zhou"], code, account=f"li{n}") for n in range(5)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200, 409, 409, 409, 409]
    assert await pool.fetchval("select count(*) from accounts where label = '李伟'") == 1


async def test_a_name_that_is_taken_or_a_weak_password_leaves_the_code_good(
    people: dict[str, Person],
) -> None:
    code = (await invites(people["wang"]))["code"]
    assert (await accepts(people["zhou"], code, account="zhou")).json()["code"] == "account.name-taken"
    weak = await accepts(people["zhou"], code, password="password123")
    assert [error["field"] for error in weak.json()["errors"]] == ["password"]
    assert (await accepts(people["zhou"], code)).status_code == 200


async def test_an_invitation_ends_with_its_time_its_withdrawal_and_its_maker(
    people: dict[str, Person], pool: Pool
) -> None:
    late, withdrawn, orphaned = [await invites(people["wang"]) for _ in range(3)]
    await pool.execute("update invitations set expires = $2 where invitation_id = $1", late["id"], NOW)
    path = f"/organisation/invitations/{withdrawn['id']}"
    assert (await people["zhou"].deletes(path)).status_code == 404, "another organisation's"
    assert (await people["wang"].deletes(path)).status_code == 204
    shown = (await people["wang"].gets("/organisation/invitations")).json()["items"]
    assert [row["id"] for row in shown] == [orphaned["id"]]
    await pool.execute("update accounts set role = 'technician' where name = 'wang'")
    for made in (late, withdrawn, orphaned):
        answer = await accepts(people["zhou"], made["code"])
        assert (answer.status_code, answer.json()["code"]) == (409, "invitation.unknown")


@pytest.mark.parametrize("how", ["role", "lock", "handover", "platform"])
async def test_an_invitation_does_not_come_alive_again_with_its_makers_role(
    people: dict[str, Person], office: Office, pool: Pool, how: str
) -> None:
    made, wang = await invites(people["wang"]), ACCOUNTS["wang"].id
    other = await pool.fetchval(
        "insert into accounts (account_id, name, label, kind, organisation, password, role) "
        "values (gen_random_uuid(), 'li', 'li', 'operator', $1, 'x', 'manager') returning account_id",
        VENDOR,
    )
    by = Person(people["wang"].http, replace(ACCOUNTS["wang"], id=other, name="li"))
    path = f"/organisation/accounts/{wang}"
    match how:
        case "role":
            answer = await by.puts(f"{path}/role", {"role": "technician"})
        case "lock":
            answer = await by.puts(f"{path}/lock", {"locked": True})
        case "handover":
            answer = await people["wang"].posts(
                "/organisation/handover", {"to": str(other), "role": "technician"}
            )
        case _:
            by.headers = (await office.administrator("system", "sys")).headers
            answer = await by.puts(f"/admin/accounts/{wang}/lock", {"locked": True})
    assert answer.status_code == 204, answer.text
    await pool.execute("update accounts set role = 'manager', disabled = false where name = 'wang'")
    assert (await accepts(people["zhou"], made["code"])).json()["code"] == "invitation.unknown"


async def test_it_is_good_for_three_days(people: dict[str, Person]) -> None:
    made = await invites(people["wang"])
    assert made["expires_at"] == (NOW + timedelta(hours=72)).isoformat()


async def test_after_five_wrong_codes_an_address_tries_no_more(people: dict[str, Person]) -> None:
    good = (await invites(people["wang"]))["code"]
    where = {"X-Client-Address": "203.0.113.7"}
    for n in range(5):
        answer = await people["zhou"].posts("/invitations/check", {"code": f"WRONGCODE{n + 2}"}, **where)
        assert answer.json()["code"] == "invitation.unknown"
    answer = await people["zhou"].posts("/invitations/check", {"code": good}, **where)
    assert (answer.status_code, answer.json()["code"]) == (429, "invitation.too-often")
    assert (await accepts(people["zhou"], good)).status_code == 200, "from elsewhere it is good"


async def test_only_a_manager_invites_and_only_to_what_the_kind_has(people: dict[str, Person]) -> None:
    assert (await people["an"].posts("/organisation/invitations", LI)).status_code == 403
    wrong = await people["zhou"].posts("/organisation/invitations", LI)
    assert [error["field"] for error in wrong.json()["errors"]] == ["role"]
    made = await invites(people["zhou"], role="signatory")
    account = (await accepts(people["wang"], made["code"])).json()["account"]
    assert (account["signs"], account["organisation"]) == (True, str(ACCOUNTS["zhou"].organisation))
