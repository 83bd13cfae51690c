"""Who may is asked in the transaction that does it: not before a password waits in the queue to be hashed."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import httpx
import pytest
from accounts_making import PASSWORD, CountedPasswords
from accounts_office import Asking, Office
from accounts_over_http import ACCOUNTS, VENDOR, Person
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers
WANG = ACCOUNTS["wang"].id
NEW = {"name": "li.wei", "label": "李伟"}
Happens = Callable[[], Awaitable[object]]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> list[Happens]:
    """What happens, once, while the next password is being hashed."""
    happens: list[Happens] = []

    async def hashed(_self: CountedPasswords, password: str) -> str:
        if happens:
            await happens.pop()()
        return password

    monkeypatch.setattr(CountedPasswords, "hash", hashed)
    return happens


@pytest.fixture
async def evil(office: Office, pool: Pool) -> Asking:
    return await another_manager(office, pool, "evil")


async def another_manager(office: Office, pool: Pool, name: str) -> Asking:
    account: UUID = await pool.fetchval(
        "insert into accounts (account_id, name, label, kind, organisation, password, role) "
        "values (gen_random_uuid(), $1, $1, 'operator', $2, $3, 'manager') returning account_id",
        name,
        VENDOR,
        PASSWORD,
    )
    return office.as_actor(account, "operator", VENDOR, "manager")


async def untouched(pool: Pool, person: Person) -> bool:
    row = await pool.fetchrow("select password, must_change from accounts where account_id = $1", WANG)
    assert row is not None
    assert await pool.fetchval("select count(*) from accounts where name = 'li.wei'") == 0
    return (row["password"], row["must_change"]) == (PASSWORD, False) and (
        await person.logs_in("wang")
    ).status_code == 200


@pytest.mark.parametrize("path", ["password", "factors/reset"])
async def test_a_manager_who_is_locked_meanwhile_does_not_take_over_who_locked_him(
    evil: Asking, people: dict[str, Person], pool: Pool, meanwhile: list[Happens], path: str
) -> None:
    answers: list[httpx.Response] = []

    async def locks() -> None:
        by = f"/organisation/accounts/{evil.actor.account}/lock"
        answers.append(await people["wang"].puts(by, {"locked": True}))

    meanwhile.append(locks)
    refused = await evil.posts(f"/organisation/accounts/{WANG}/{path}")
    assert [answer.status_code for answer in answers] == [204]
    assert (refused.status_code, refused.json()["code"]) == (403, "role.manager-only")
    assert await untouched(pool, people["zhou"])


@pytest.mark.parametrize("path", ["password", "factors/reset", ""])
async def test_a_system_administrator_who_is_locked_meanwhile_gives_no_password(
    office: Office, people: dict[str, Person], pool: Pool, meanwhile: list[Happens], path: str
) -> None:
    system = await office.administrator("system", "sys")
    meanwhile.append(lambda: pool.execute("update accounts set disabled = true where name = 'sys'"))
    if path:
        refused = await system.posts(f"/admin/accounts/{WANG}/{path}")
    else:
        new = NEW | {"kind": "regulator", "role": "reader", "district": "310113"}
        refused = await system.posts("/admin/accounts", new)
    assert refused.status_code == 403, refused.text
    assert await untouched(pool, people["zhou"])


async def test_a_system_administrator_who_is_locked_unlocks_nobody(
    office: Office, people: dict[str, Person], pool: Pool
) -> None:
    system = await office.administrator("system", "sys")
    await pool.execute("update accounts set disabled = true where name in ('sys', 'wang')")
    by = Person(people["zhou"].http, ACCOUNTS["zhou"])
    by.headers = system.headers
    assert (await by.puts(f"/admin/accounts/{WANG}/lock", {"locked": False})).status_code == 403
    assert await pool.fetchval("select disabled from accounts where name = 'wang'")


async def test_who_has_another_manager_meanwhile_is_reset_by_that_one(
    office: Office, people: dict[str, Person], pool: Pool, meanwhile: list[Happens]
) -> None:
    system = await office.administrator("system", "sys")
    meanwhile.append(lambda: another_manager(office, pool, "li"))
    refused = await system.posts(f"/admin/accounts/{WANG}/factors/reset")
    assert (refused.status_code, refused.json()["code"]) == (409, "account.own-manager")
    assert await untouched(pool, people["zhou"])
