"""What takes an account back, or demands the certificate, is not gone round by what waited for it. On real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from accounts_certificates import token
from accounts_making import PASSWORD
from accounts_over_http import ACCOUNTS, FACTORY
from accounts_watching import ADD, SYSTEM, Officer
from accounts_wechat import Browser, Town
from counting import until
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers
ZHOU_ID = ACCOUNTS["zhou"].id
LOST = "11111111-1111-1111-1111-111111111111"


@asynccontextmanager
async def used_just_now(pool: Pool) -> AsyncIterator[None]:
    """A session of the account is being used, so whoever ends its sessions waits, while holding the account."""
    async with pool.acquire() as holder, holder.transaction():
        await holder.execute("update sessions set last_seen = last_seen where account_id = $1", ZHOU_ID)
        yield


async def meet(
    pool: Pool,
    first: Callable[[], Awaitable[httpx.Response]],
    second: Callable[[], Awaitable[httpx.Response]],
) -> tuple[httpx.Response, httpx.Response]:
    """`first` waits for the session that is being used, and `second` for `first`."""

    async def waiting(many: int) -> bool:
        asked = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        return int(await pool.fetchval(asked)) == many

    async with used_just_now(pool):
        earlier = asyncio.ensure_future(first())
        await until(lambda: waiting(1))
        other = asyncio.ensure_future(second())
        await until(lambda: waiting(2))
    return await earlier, await other


@pytest.fixture
async def zhou(town: Town) -> Browser:
    return await town.browser("zhou")


async def by_one_time_password(town: Town) -> httpx.Response:
    await town.pool.execute(ADD)
    return await Officer(town.http, SYSTEM, "system").posts(f"/admin/accounts/{ZHOU_ID}/password")


async def by_lost_key(town: Town) -> httpx.Response:
    body = {"code": "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA", "password": "horses eat 苹果树"}
    return await town.stranger().posts("/session/lost-key/password", body)


@pytest.mark.parametrize("taken_back", [by_one_time_password, by_lost_key])
async def test_no_binding_outlives_what_takes_the_account_back(
    town: Town, zhou: Browser, taken_back: Callable[[Town], Awaitable[httpx.Response]]
) -> None:
    await town.pool.execute(_APPROVED, LOST, ZHOU_ID, "AAAAAAAAAAAAAAAAAAAAAAAAA")
    state = await zhou.begins_binding()
    back, bound = await meet(town.pool, lambda: taken_back(town), lambda: zhou.arrives(state))
    assert back.status_code == 200, back.text
    assert (bound.status_code, bound.json()["code"]) == (409, "wechat.gone")
    assert await town.pool.fetchval("select count(*) from wechat_bindings") == 0
    assert (await town.stranger().logs_in()).json()["code"] == "wechat.unbound"


@pytest.mark.parametrize("how", ["password", "wechat"])
async def test_no_log_in_slips_through_the_beginning_of_a_demand(town: Town, how: str) -> None:
    await town.bound("zhou")
    stranger, manager = town.stranger(), Browser(town, ACCOUNTS["zhou"], "")
    begun = await stranger.begins_log_in()
    await town.pool.execute(_HOLDS_CERTIFICATE, ZHOU_ID, FACTORY, token().certificate)
    town.clock.passes(minutes=1)  # until the revocation lists are made

    async def logs_in() -> httpx.Response:
        if how == "wechat":
            return await stranger.logs_in(begun)
        return await stranger.posts("/session", {"account": "zhou", "password": PASSWORD})

    demand = "/organisation/certificate-demand"
    demanded, opened = await meet(
        town.pool, lambda: manager.posts(demand, {"demanded": True, "password": PASSWORD}), logs_in
    )
    assert demanded.status_code == 204, demanded.text
    assert opened.json()["code"] in ("credentials.wrong", "wechat.unbound", "log-in.certificate-demanded")
    assert await town.pool.fetchval("select count(*) from sessions where account_id = $1", ZHOU_ID) == 0


_APPROVED = """
    insert into lost_keys (request_id, uscc, name, contact, reason, address, asked, state, account_id, code_hash, code_expires)
    values ($1, 'x', 'x', 'x', 'x', 'x', now(), 'approved', $2, sha256(convert_to($3, 'UTF8')), '2099-01-01')
"""
_HOLDS_CERTIFICATE = """
    with named as (insert into organisations values ($2, '清泉化工'))
    insert into account_certificates (fingerprint, account_id, serial, content, first_used)
    values ('x', $1, '1', $3, now())
"""
