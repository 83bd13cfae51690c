"""Own certificates: added by signing, removed, and never those of another organisation or account."""

import asyncio
from uuid import UUID

import pytest
from accounts_certificates import Token, asks, comes_with, of_another, token
from accounts_making import PASSWORD, lines
from accounts_office import Asking, Office
from accounts_over_http import ACCOUNTS, VENDOR, Person, opened
from qingyuan_runtime.database.connections import Pool
from signature_corpus import NAME, USCC

pytestmark = pytest.mark.servers
OTHER: Token = token(name="上海他山环境技术有限公司", uscc="91310120MA1K4WR0NM", serial=0x2001)


@pytest.fixture
def somebody(people: dict[str, Person]) -> Person:
    return people["zhou"]


def added(challenge: dict[str, str]) -> dict[str, object]:
    """What is sent to add a certificate that has signed this challenge."""
    proof = {"challenge": challenge["id"]} | token().signs(challenge["text"])
    return {"added": proof, "password": PASSWORD}


async def test_a_certificate_that_was_added_opens_the_account(
    wang: Asking, somebody: Person, pool: Pool
) -> None:
    added = await wang.adds(token())
    assert added.status_code == 200, added.text
    assert (added.json()["organisation"], added.json()["uscc"]) == (NAME, USCC)
    assert (await wang.gets("/certificates")).json() == {"items": [added.json()]}
    assert (await comes_with(somebody, token())).json()["account"]["name"] == "wang"
    assert "certificate-added" in await lines(pool)


async def test_an_organisation_with_accounts_is_not_registered_a_second_time(
    wang: Asking, somebody: Person, pool: Pool
) -> None:
    answer = await comes_with(somebody, token())
    assert (answer.status_code, answer.json()["code"]) == (409, "certificate.unbound")
    assert await pool.fetchval("select count(*) from organisation_codes") == 0


async def test_the_same_twice_and_at_once_is_one(wang: Asking) -> None:
    answers = await asyncio.gather(*(wang.adds(token()) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    assert len((await wang.gets("/certificates")).json()["items"]) == 1


async def test_one_of_another_organisation_is_refused(wang: Asking, somebody: Person, office: Office) -> None:
    assert (await wang.adds(OTHER)).json()["code"] == "certificate.other-organisation"
    await office.enter(somebody, OTHER)
    assert (await wang.adds(OTHER)).json()["code"] == "certificate.other-organisation"
    await wang.adds(token())
    assert (await wang.adds(OTHER)).json()["code"] == "certificate.other-organisation"


async def test_one_that_opens_another_account_is_refused(
    wang: Asking, somebody: Person, office: Office
) -> None:
    await wang.adds(token())
    colleague = await office.enter(somebody, token(serial=2))
    assert (await colleague.adds(token(), by=token(serial=2))).json()["code"] == "certificate.taken"


async def test_the_first_of_an_organisation_is_added_by_a_manager(wang: Asking, office: Office) -> None:
    technician = office.as_actor(wang.actor.account, "operator", VENDOR, "technician")
    await office.pool.execute(
        "update accounts set role = 'technician' where account_id = $1", wang.actor.account
    )
    assert (await technician.adds(token())).json()["code"] == "certificate.manager-first"


async def test_what_was_signed_for_another_site_adds_nothing_here(wang: Asking) -> None:
    asked = (await wang.posts("/certificates/challenges", **{"X-Client-Site": "evil.example"})).json()
    answer = await wang.posts("/certificates", added(asked))
    assert (answer.status_code, answer.json()["code"]) == (409, "challenge.other-site")


async def test_what_was_signed_to_log_in_adds_nothing_and_the_other_way_round(
    wang: Asking, somebody: Person
) -> None:
    challenge = await asks(somebody)
    assert (await wang.posts("/certificates", added(challenge))).json()["code"] == "challenge.gone"
    challenge = (await wang.posts("/certificates/challenges")).json()
    assert "账户 wang\n" in challenge["text"]
    assert (await comes_with(somebody, token(), challenge)).json()["code"] == "challenge.gone"


async def test_what_was_signed_for_one_account_adds_nothing_to_another(
    wang: Asking, somebody: Person, office: Office
) -> None:
    await wang.adds(token())
    second = token(serial=2)
    colleague = await office.enter(somebody, second)
    asked = (await wang.posts("/certificates/challenges")).json()
    proof = await colleague.signed(second, "/factors/identity/challenges")
    signed = {"challenge": asked["id"]} | token(serial=3).signs(asked["text"])
    answer = await colleague.posts("/certificates", {"added": signed, "proof": proof})
    assert (answer.status_code, answer.json()["code"]) == (409, "challenge.gone")
    assert len((await colleague.gets("/certificates")).json()["items"]) == 1


async def test_a_wrong_signature_adds_nothing(wang: Asking) -> None:
    assert (await wang.adds(of_another())).json()["code"] == "certificate.signature"
    assert (await wang.gets("/certificates")).json() == {"items": []}


async def test_one_that_was_removed_opens_nothing_makes_no_account_and_can_be_added_again(
    wang: Asking, somebody: Person, pool: Pool
) -> None:
    own = (await wang.adds(token())).json()["id"]
    assert (await wang.deletes(f"/certificates/{own}")).status_code == 204
    assert (await wang.deletes(f"/certificates/{own}")).status_code == 404
    accounts = await pool.fetchval("select count(*) from accounts")
    assert (await comes_with(somebody, token())).json()["code"] == "certificate.removed"
    assert await pool.fetchval("select count(*) from accounts") == accounts
    assert (await wang.adds(token())).status_code == 200
    assert (await comes_with(somebody, token())).status_code == 200


async def test_nobody_removes_the_certificate_of_another(
    wang: Asking, somebody: Person, office: Office
) -> None:
    own = (await wang.adds(token())).json()["id"]
    colleague = await office.enter(somebody, token(serial=2))
    assert (await colleague.deletes(f"/certificates/{own}")).status_code == 404


async def test_of_two_only_ways_in_one_stays_however_they_are_removed(
    somebody: Person, office: Office, pool: Pool
) -> None:
    """In a session that neither of them opened, so that it outlives both."""
    entered = (await office.enter(somebody)).actor
    await opened(pool, entered.account)
    manager = office.as_actor(entered.account, "operator", entered.organisation, "manager")
    await manager.adds(token(serial=2), by=token())
    ids = [item["id"] for item in (await manager.gets("/certificates")).json()["items"]]
    assert len(ids) == 2
    answers = await asyncio.gather(*(manager.deletes(f"/certificates/{own}") for own in ids))
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert len((await manager.gets("/certificates")).json()["items"]) == 1


async def test_with_a_password_the_last_certificate_may_go(
    somebody: Person, office: Office, pool: Pool
) -> None:
    manager = await office.enter(somebody)
    own = (await manager.gets("/certificates")).json()["items"][0]["id"]
    assert (await manager.deletes(f"/certificates/{own}")).json()["code"] == "certificate.only-way"
    await pool.execute("update accounts set password = $1 where password is null", PASSWORD)
    assert (await manager.deletes(f"/certificates/{own}")).status_code == 204


async def test_who_has_no_organisation_has_no_certificate(office: Office) -> None:
    regulator = office.as_actor(ACCOUNTS["office"].id, "regulator", None, None)
    assert (await regulator.posts("/certificates/challenges")).json()["code"] == "certificate.no-organisation"


async def test_an_unknown_certificate_of_an_enterprise_makes_no_account(
    somebody: Person, office: Office, pool: Pool
) -> None:
    factory = UUID(int=1)
    await pool.execute("insert into organisation_codes values ($1, $2)", USCC, factory)
    answer = await comes_with(somebody, token())
    assert (answer.status_code, answer.json()["code"]) == (409, "certificate.unbound")


async def test_a_trial_says_what_the_certificate_holds_and_opens_nothing(
    somebody: Person, pool: Pool
) -> None:
    challenge = await asks(somebody)
    body = {"challenge": challenge["id"]} | token().signs(challenge["text"])
    answer = await somebody.posts("/session/certificate/trial", body)
    assert (answer.status_code, answer.json()["uscc"], answer.json()["list_overdue"]) == (200, USCC, False)
    assert await pool.fetchval("select count(*) from organisation_codes") == 0
    assert (await comes_with(somebody, token(), challenge)).json()["code"] == "challenge.gone"
