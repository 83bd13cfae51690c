"""Locks after failures, seen and released by the security administrator, on real PostgreSQL."""

import json

import pytest
from accounts import attempts
from accounts.attempts import code_key
from accounts_over_http import ACCOUNTS, NOW, Person
from accounts_watching import SECURITY, Officer, fails
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers

ZHOU = ACCOUNTS["zhou"].id
RELEASED = "select detail from security_log where what = 'lock-released'"


async def test_a_lock_is_seen_and_released_and_that_is_logged(
    people: dict[str, Person], officer: Officer, pool: Pool
) -> None:
    await fails(people, "zhou")
    assert (await people["zhou"].logs_in("zhou")).status_code == 423
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    assert (lock["of"], lock["account"]["name"]) == ("log-in", "zhou")
    assert (await officer.posts("/security/locks/release", {"id": lock["id"]})).status_code == 204
    assert (await people["zhou"].logs_in("zhou")).status_code == 200
    assert (await officer.reads("/security/locks")).json()["items"] == []
    line = await pool.fetchrow("select * from security_log where what = 'lock-released'")
    assert line is not None
    assert (line["actor"], line["account_id"]) == (SECURITY, ZHOU)


async def test_a_lock_of_a_session_is_told_apart(people: dict[str, Person], officer: Officer) -> None:
    for _ in range(5):
        await people["wang"].gives_second_factor("wrong")
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    assert (lock["of"], lock["account"]["name"]) == ("session", "wang")


async def test_wrong_codes_of_invitations_are_a_lock_of_an_address(
    people: dict[str, Person], officer: Officer, pool: Pool
) -> None:
    """Anybody can try codes, so this is what a stranger can do to this page."""
    where = {"X-Client-Address": "198.51.100.9"}
    for _ in range(5):
        answer = await people["zhou"].posts("/invitations/check", {"code": "WRONGCODE2"}, **where)
        assert answer.json()["code"] == "invitation.unknown"
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    assert (lock["of"], lock["account"], lock["address"]) == ("invitation", None, "198.51.100.9")
    assert (await officer.posts("/security/locks/release", {"id": lock["id"]})).status_code == 204
    assert (await officer.reads("/security/locks")).json()["items"] == []
    assert json.loads(await pool.fetchval(RELEASED)) == {"of": "invitation", "address": "198.51.100.9"}


async def test_wrong_codes_of_lost_keys_are_a_lock_of_an_address(
    people: dict[str, Person], officer: Officer, pool: Pool
) -> None:
    where = {"X-Client-Address": "198.51.100.9"}
    body = {"code": "WRONG-WRONG-WRONG-WRONG-WRONG", "password": "another password 电池"}
    said = [await people["zhou"].posts("/session/lost-key/password", body, **where) for _ in range(6)]
    assert [answer.status_code for answer in said] == [401] * 5 + [429]
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    assert (lock["of"], lock["account"], lock["address"]) == ("lost-key", None, "198.51.100.9")
    assert (await officer.posts("/security/locks/release", {"id": lock["id"]})).status_code == 204
    assert (await officer.reads("/security/locks")).json()["items"] == []
    again = await people["zhou"].posts("/session/lost-key/password", body, **where)
    assert again.status_code == 401
    assert json.loads(await pool.fetchval(RELEASED)) == {"of": "lost-key", "address": "198.51.100.9"}


async def test_wrong_codes_at_the_second_step_are_a_lock_of_the_account(officer: Officer, pool: Pool) -> None:
    await pool.execute("insert into guesses values ($1, 5, $2)", code_key(ZHOU), NOW)
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    assert (lock["of"], lock["account"]["name"]) == ("second-step", "zhou")
    assert (await officer.posts("/security/locks/release", {"id": lock["id"]})).status_code == 204
    assert (await officer.reads("/security/locks")).json()["items"] == []
    assert json.loads(await pool.fetchval(RELEASED)) == {"of": "second-step"}


async def test_a_lock_that_cannot_be_logged_is_not_released(
    people: dict[str, Person], officer: Officer, pool: Pool
) -> None:
    await fails(people, "zhou")
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    await pool.execute("alter table security_log add constraint full_up check (what <> 'lock-released')")
    assert (await officer.posts("/security/locks/release", {"id": lock["id"]})).status_code == 500
    assert (await officer.reads("/security/locks")).json()["items"] == [lock]


def test_every_key_of_an_attempt_is_in_the_table_of_kinds() -> None:
    made = {name: make for name, make in vars(attempts).items() if name.endswith("_key")}
    keys = [make(ZHOU) if make.__annotations__.get("account") else make("x") for make in made.values()]
    assert {key[:1] for key in keys} == set(attempts.KINDS)
    assert len(keys) == len(attempts.KINDS)
    of_addresses = {make("x")[:1] for make in made.values() if make.__annotations__.get("address")}
    assert of_addresses == attempts.BY_ADDRESS


async def test_of_a_name_that_no_account_has_only_the_lock_is_known(
    people: dict[str, Person], officer: Officer
) -> None:
    await fails(people, "nobody-at-all")
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    assert (lock["of"], lock["account"], lock["address"]) == ("log-in", None, None)


async def test_an_address_that_must_wait_is_let_in_again(
    people: dict[str, Person], officer: Officer, pool: Pool
) -> None:
    await pool.execute("insert into guesses values ($1, 100, $2)", b"a203.0.113.1", NOW)
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    assert (lock["of"], lock["address"]) == ("address", "203.0.113.1")
    await officer.posts("/security/locks/release", {"id": lock["id"]})
    answer = await people["zhou"].logs_in("zhou", **{"X-Client-Address": "203.0.113.1"})
    assert answer.status_code == 200


async def test_a_lock_that_is_not_there_is_not_released(officer: Officer) -> None:
    assert (await officer.posts("/security/locks/release", {"id": "6e00"})).status_code == 404
    assert (await officer.posts("/security/locks/release", {"id": "x"})).status_code == 422
