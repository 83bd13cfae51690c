"""Two credit codes at once: an organisation has one, and a name is registered once. On real PostgreSQL."""

import asyncio

import httpx
import pytest
from accounts_certificates import Token, asks, comes_with, token
from accounts_making import PASSWORD
from accounts_office import Asking, Office
from accounts_over_http import VENDOR, Person, opened
from counting import until
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers
OTHER_CODE: Token = token(uscc="91310120MA1K4WR0NM", serial=0x2001)
BRACKETS = "上海绿测(环境)有限公司", "上海绿测（环境）有限公司"


def codes(answers: list[httpx.Response]) -> list[str]:
    return sorted("added" if answer.status_code == 200 else answer.json()["code"] for answer in answers)


async def waiting(pool: Pool, many: int) -> bool:
    asked = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    return int(await pool.fetchval(asked)) >= many


async def at_once(pool: Pool, *asking: "asyncio.Future[httpx.Response]") -> list[httpx.Response]:
    """Each is let on when all have looked at what is known and wait to write it down."""
    async with pool.acquire() as holder, holder.transaction():
        await holder.execute("lock table organisation_codes in share row exclusive mode")
        await until(lambda: waiting(pool, len(asking)))
    return list(await asyncio.gather(*asking))


async def another_manager(office: Office, pool: Pool) -> Asking:
    account = await pool.fetchval(
        "insert into accounts (account_id, name, label, kind, organisation, password, role) "
        "values (gen_random_uuid(), 'li', 'li', 'operator', $1, $2, 'manager') returning account_id",
        VENDOR,
        PASSWORD,
    )
    await opened(pool, account)
    return office.as_actor(account, "operator", VENDOR, "manager")


async def test_of_two_credit_codes_that_a_manager_adds_at_once_one_is_the_organisations(
    wang: Asking, pool: Pool
) -> None:
    both = [asyncio.ensure_future(wang.adds(held)) for held in (token(), OTHER_CODE)]
    assert codes(await at_once(pool, *both)) == ["added", "certificate.other-organisation"]
    assert await pool.fetchval("select count(*) from organisation_codes") == 1


async def test_of_two_credit_codes_that_two_managers_add_at_once_one_is_the_organisations(
    wang: Asking, office: Office, pool: Pool
) -> None:
    li = await another_manager(office, pool)
    both = [asyncio.ensure_future(who.adds(held)) for who, held in ((wang, token()), (li, OTHER_CODE))]
    assert codes(await at_once(pool, *both)) == ["added", "certificate.other-organisation"]
    assert await pool.fetchval("select count(*) from organisation_codes") == 1


@pytest.mark.parametrize("names", [BRACKETS, (BRACKETS[0], BRACKETS[0])])
async def test_of_two_first_log_ins_of_one_name_at_once_one_registers_it(
    door: Person, pool: Pool, names: tuple[str, str]
) -> None:
    held = (
        token(name=names[0], serial=0x3001),
        token(name=names[1], uscc=OTHER_CODE.holder.uscc or "", serial=0x3002),
    )
    challenges = [await asks(door) for _ in held]
    both = [
        asyncio.ensure_future(comes_with(door, each, challenge))
        for each, challenge in zip(held, challenges, strict=True)
    ]
    assert codes(await at_once(pool, *both)) == ["added", "certificate.unbound"]
    assert await pool.fetchval("select count(*) from organisation_codes") == 1
    assert (
        await pool.fetchval("select count(distinct organisation) from accounts where password is null") == 1
    )


async def test_of_two_first_log_ins_of_one_name_one_after_the_other_one_registers_it(door: Person) -> None:
    first = await comes_with(door, token(name=BRACKETS[0], serial=0x3001))
    second = await comes_with(door, token(name=BRACKETS[1], uscc=OTHER_CODE.holder.uscc or "", serial=0x3002))
    assert codes([first, second]) == ["added", "certificate.unbound"]
