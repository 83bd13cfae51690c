"""A repeat that changes nothing writes nothing into the security log. Over HTTP on real tables."""

import asyncio
from uuid import UUID, uuid4

import pytest
from accounts.attempts import address_key, name_key
from accounts_certificates import token
from accounts_making import PASSWORD, lines
from accounts_office import Asking
from accounts_over_http import ACCOUNTS, NOW, VENDOR, Person
from accounts_watching import Officer
from counting import until
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers
AN = f"/organisation/accounts/{ACCOUNTS['an'].id}"


@pytest.mark.parametrize(
    ("path", "body", "written"),
    [
        ("lock", {"locked": True}, ["disabled", "logged-out-everywhere"]),
        ("lock", {"locked": False}, []),
        ("role", {"role": "manager", "signs": True}, ["role-manager", "signs"]),
        ("role", {"role": "signatory", "signs": True}, []),
        ("label", {"label": "新名"}, ["label-changed"]),
    ],
)
async def test_what_a_manager_does_twice_is_written_once(
    people: dict[str, Person], pool: Pool, path: str, body: dict[str, object], written: list[str]
) -> None:
    before = len(await lines(pool))
    for _ in range(3):
        assert (await people["zhou"].puts(f"{AN}/{path}", body)).status_code == 204
    assert (await lines(pool))[before:] == written


async def test_the_contact_that_it_is_already_is_no_change(people: dict[str, Person], pool: Pool) -> None:
    for _ in range(2):
        body = {"email": "zhou@example.org", "mobile": None}
        assert (await people["zhou"].puts("/contact", body)).status_code == 204
    assert (await lines(pool)).count("contact-changed") == 1


async def test_a_demand_that_stands_is_not_set_again_but_one_that_rests_is(wang: Asking, pool: Pool) -> None:
    assert (await wang.adds(token())).status_code == 200

    async def demanded() -> int:
        for _ in range(3):
            answer = await wang.posts(
                "/organisation/certificate-demand", {"demanded": True, "password": PASSWORD}
            )
            assert answer.status_code == 204, answer.text
        return (await lines(pool)).count("certificate-demand-set")

    assert await demanded() == 1
    await pool.execute("update certificate_demands set suspended_until = '2099-01-01'")
    assert await demanded() == 2


@pytest.mark.parametrize("key", [name_key("an"), address_key("203.0.113.1")])
async def test_a_lock_is_released_once(officer: Officer, pool: Pool, key: bytes) -> None:
    await pool.execute("insert into guesses values ($1, 100, $2)", key, NOW)
    for _ in range(3):
        assert (await officer.posts("/security/locks/release", {"id": key.hex()})).status_code == 204
    assert (await lines(pool)).count("lock-released") == 1


async def test_a_person_who_gets_an_account_meanwhile_is_taken(
    people: dict[str, Person], wang: Asking, pool: Pool
) -> None:
    person, body = uuid4(), {"name": "tec", "label": "运维", "role": "technician"}
    account = UUID((await wang.posts("/organisation/accounts", body)).json()["id"])
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(_WITH_PERSON, VENDOR, person)
        path = f"/organisation/accounts/{account}/person"
        asked = asyncio.ensure_future(people["wang"].puts(path, {"person": str(person)}))
        await until(lambda: _one_waits(pool))
    answer = await asked
    assert (answer.status_code, answer.json()["code"]) == (409, "person.taken")


async def _one_waits(pool: Pool) -> bool:
    asked = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    return int(await pool.fetchval(asked)) == 1


_WITH_PERSON = """
    insert into accounts (account_id, name, label, kind, organisation, role, person)
    values (gen_random_uuid(), 'invited', 'x', 'operator', $1, 'technician', $2)
"""
