"""Who was logged in takes nothing from an account, and gets nothing more of it, after the session ended or the account was locked."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import httpx
import pytest
from accounts.service.account_service import AccountService
from accounts.settings import AccountsSettings
from accounts_certificates import token
from accounts_making import PASSWORD, CountedPasswords
from accounts_office import Asking
from accounts_over_http import ACCOUNTS, NOW, Person
from counting import until
from factor_calls import SoftKey, code_of, enrol_key, enrol_totp
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers
ID: Final = ACCOUNTS["wang"].id
ENDED: Final = "delete from sessions where account_id = $1"
DISABLED: Final = "update accounts set disabled = true where account_id = $1"
HAS: Final = """
    select password, email, (select count(*) from totp_keys) as apps, (select count(*) from webauthn_keys) as keys,
           (select count(*) from account_certificates where removed is null) as certificates,
           (select array_agg(hash order by hash) from recovery_codes) as codes
      from accounts where account_id = $1
"""


@dataclass
class Owner:
    """Has one of everything that can be taken away. A code of the app shows who asks: it asks for no enabled account."""

    wang: Asking
    person: Person
    secret: str

    def again(self) -> dict[str, str]:
        return {"code": code_of(self.secret)}

    async def renews_codes(self) -> httpx.Response:
        return await self.wang.posts("/factors/recovery", self.again())

    async def removes_app(self) -> httpx.Response:
        return await self.wang.posts("/factors/totp/removal", self.again())

    async def removes_key(self) -> httpx.Response:
        [key] = (await self.wang.gets("/factors")).json()["webauthn"]
        return await self.wang.posts(f"/factors/webauthn/{key['id']}/removal", self.again())

    async def removes_certificate(self) -> httpx.Response:
        [held] = (await self.wang.gets("/certificates")).json()["items"]
        return await self.wang.deletes(f"/certificates/{held['id']}")

    async def changes_contact(self) -> httpx.Response:
        return await self.person.puts("/contact", {"email": "thief@example.com", "mobile": None})

    async def changes_password(self) -> httpx.Response:
        return await self.person.changes_password(PASSWORD)


Act = Callable[[Owner], Awaitable[httpx.Response]]
WITHOUT_PASSWORD: tuple[Act, ...] = (
    Owner.renews_codes,
    Owner.removes_app,
    Owner.removes_key,
    Owner.removes_certificate,
    Owner.changes_contact,
)


@pytest.fixture
async def owner(wang: Asking, people: dict[str, Person]) -> Owner:
    assert (await wang.adds(token())).status_code == 200
    secret, _ = await enrol_totp(people["wang"])
    await enrol_key(people["wang"], SoftKey("key"))
    return Owner(wang, people["wang"], secret)


async def has(pool: Pool) -> dict[str, object]:
    row = await pool.fetchrow(HAS, ID)
    assert row is not None
    return dict(row)


@pytest.mark.parametrize("act", [*WITHOUT_PASSWORD, Owner.changes_password])
async def test_nothing_is_changed_in_a_session_that_ended(owner: Owner, pool: Pool, act: Act) -> None:
    before = await has(pool)
    await pool.execute(ENDED, ID)
    answer = await act(owner)
    assert (answer.status_code, answer.json()["code"]) == (401, "session.missing")
    assert await has(pool) == before


@pytest.mark.parametrize("act", WITHOUT_PASSWORD)
async def test_nothing_is_changed_at_an_account_that_is_locked_since(
    owner: Owner, pool: Pool, act: Act
) -> None:
    before = await has(pool)
    await pool.execute(DISABLED, ID)
    answer = await act(owner)
    assert (answer.status_code, answer.json()["code"]) == (401, "session.missing")
    assert await has(pool) == before


async def test_codes_that_waited_for_a_reset_are_not_made(owner: Owner, pool: Pool) -> None:
    """They would be the thief's, and outlive the reset: new second steps get codes only where there are none."""
    accounts = AccountService(pool, CountedPasswords(), AccountsSettings(), lambda: NOW)
    new = await accounts.one_time("wang")
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("select from accounts where account_id = $1 for update", ID)
        thief = asyncio.ensure_future(owner.wang.posts("/factors/recovery", {"password": PASSWORD}))
        await until(lambda: _one_waits(pool))
        await accounts.ways_in.set_one_time(ID, new, connection, factors_too=True)
    assert (await thief).json()["code"] == "session.missing"
    assert await pool.fetchval("select count(*) from recovery_codes") == 0


async def _one_waits(pool: Pool) -> bool:
    asked = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    return int(await pool.fetchval(asked)) == 1
