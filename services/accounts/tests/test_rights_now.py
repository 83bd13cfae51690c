"""Whoever is locked or has another role meanwhile does nothing more with the token of some seconds ago. On real PostgreSQL."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import httpx
import pytest
from accounts.attempts import name_key
from accounts_certificates import Token, comes_with, token
from accounts_making import PASSWORD, lines
from accounts_office import Asking, Office
from accounts_over_http import ACCOUNTS, NOW, VENDOR, Person
from counting import until
from qingyuan_runtime.database.connections import Pool
from signature_corpus import USCC

pytestmark = pytest.mark.servers
DEMAND = "/organisation/certificate-demand"
AN, WANG = ACCOUNTS["an"].id, ACCOUNTS["wang"].id
LOCKED = "update accounts set disabled = true where account_id = $1"
OTHER_ROLE = """
    update accounts set role = case kind when 'administrator' then 'audit' else 'technician' end where account_id = $1
"""
TABLES = "accounts", "sessions", "certificate_demands", "lost_keys"
Act = Callable[[Asking], Awaitable[httpx.Response]]


@pytest.fixture
async def security(office: Office, pool: Pool) -> Asking:
    by = await office.administrator("security", "sec")
    await pool.execute("update accounts set password = $1 where name = 'sec'", PASSWORD)
    return by


@pytest.fixture
async def system(office: Office) -> Asking:
    return await office.administrator("system", "sys")


@pytest.fixture
async def wang(wang: Asking) -> Asking:
    """With a certificate, too."""
    assert (await wang.adds(token())).status_code == 200
    return wang


async def state(pool: Pool, but: UUID) -> list[object]:
    """What the tables hold but for the account that is changed meanwhile."""
    found = [
        await pool.fetchval(
            f"select array_agg(t::text order by t::text) from {table} t where strpos(t::text, $1) = 0",
            f"({but},",
        )
        for table in TABLES
    ]
    failures = await pool.fetchval("select array_agg(g::text) from guesses g where key = $1", name_key("an"))
    return [*found, failures, [line for line in await lines(pool) if line != "identity-shown-again"]]


async def waiting(pool: Pool) -> bool:
    asked = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    return int(await pool.fetchval(asked)) == 1


async def is_refused(pool: Pool, by: Asking, act: Act, meanwhile: str) -> None:
    """Once while the change of the account is being written, and once afterwards."""
    before = await state(pool, by.actor.account)
    async with pool.acquire() as writer, writer.transaction():
        await writer.execute(meanwhile, by.actor.account)
        acting = asyncio.ensure_future(act(by))
        await until(lambda: waiting(pool))
    for answer in (await acting, await act(by)):
        assert answer.status_code == 403, answer.text
    assert await state(pool, by.actor.account) == before


async def locks(by: Asking) -> httpx.Response:
    return await by.posts(f"/security/accounts/{AN}/lock")


async def unlocks(by: Asking) -> httpx.Response:
    return await by.posts(f"/security/accounts/{ACCOUNTS['gone'].id}/unlock")


async def ends_sessions(by: Asking) -> httpx.Response:
    return await by.deletes(f"/security/accounts/{AN}/sessions")


async def releases(by: Asking) -> httpx.Response:
    return await by.posts("/security/locks/release", {"id": name_key("an").hex()})


@pytest.mark.parametrize("meanwhile", [LOCKED, OTHER_ROLE])
@pytest.mark.parametrize("act", [locks, unlocks, ends_sessions, releases])
async def test_a_security_administrator_who_is_one_no_more(
    security: Asking, pool: Pool, act: Act, meanwhile: str
) -> None:
    await pool.execute("insert into guesses values ($1, 5, $2)", name_key("an"), NOW)
    await is_refused(pool, security, act, meanwhile)


@pytest.mark.parametrize("meanwhile", [LOCKED, OTHER_ROLE])
async def test_a_security_administrator_who_is_one_no_more_ends_no_session(
    security: Asking, pool: Pool, meanwhile: str
) -> None:
    session = await pool.fetchval("select session_id from sessions where account_id = $1", AN)
    await is_refused(pool, security, lambda by: by.deletes(f"/security/sessions/{session}"), meanwhile)


@pytest.mark.parametrize("meanwhile", [LOCKED, OTHER_ROLE])
@pytest.mark.parametrize("accepted", [True, False])
async def test_a_system_administrator_who_is_one_no_more_reviews_nothing(
    system: Asking, wang: Asking, door: Person, pool: Pool, meanwhile: str, accepted: bool
) -> None:
    request = await asked(door)
    body = {"account": str(WANG) if accepted else None, "note": "已核实"}
    await is_refused(pool, system, lambda by: by.posts(f"/admin/lost-keys/{request}/review", body), meanwhile)


@pytest.mark.parametrize("meanwhile", [LOCKED, OTHER_ROLE])
@pytest.mark.parametrize("approved", [True, False])
async def test_a_security_administrator_who_is_one_no_more_decides_nothing(
    system: Asking,
    security: Asking,
    wang: Asking,
    door: Person,
    pool: Pool,
    meanwhile: str,
    approved: bool,
) -> None:
    assert (await wang.posts(DEMAND, {"demanded": True, "password": PASSWORD})).status_code == 204
    request = await asked(door)
    reviewed = {"account": str(WANG), "note": "已核实"}
    assert (await system.posts(f"/admin/lost-keys/{request}/review", reviewed)).status_code == 204
    body = {"approved": approved, "note": "同意"}
    await is_refused(
        pool, security, lambda by: by.posts(f"/admin/lost-keys/{request}/decision", body), meanwhile
    )


@pytest.mark.parametrize("meanwhile", [LOCKED, OTHER_ROLE])
async def test_a_security_administrator_who_is_one_no_more_sets_no_demand(
    security: Asking, wang: Asking, pool: Pool, meanwhile: str
) -> None:
    path = f"/admin/organisations/{VENDOR}/certificate-demand"
    await is_refused(pool, security, lambda by: by.posts(path, {"demanded": True}), meanwhile)


async def test_a_security_administrator_who_is_one_no_more_ends_no_demand(
    security: Asking, wang: Asking, pool: Pool
) -> None:
    """Whoever is locked does not get so far: the password is not accepted."""
    assert (await wang.posts(DEMAND, {"demanded": True, "password": PASSWORD})).status_code == 204
    path = f"/admin/organisations/{VENDOR}/certificate-demand"
    body = {"demanded": False, "password": PASSWORD}
    await is_refused(pool, security, lambda by: by.posts(path, body), OTHER_ROLE)


@pytest.mark.parametrize(
    ("meanwhile", "demanded"), [(OTHER_ROLE, True), (OTHER_ROLE, False), (LOCKED, False)]
)
async def test_a_manager_who_is_one_no_more_neither_sets_nor_ends_a_demand(
    wang: Asking, door: Person, office: Office, pool: Pool, meanwhile: str, demanded: bool
) -> None:
    await colleague(pool, token(serial=0x1002))
    entered = await office.enter(door)
    assert entered.actor.account == WANG
    if not demanded:
        assert (await wang.posts(DEMAND, {"demanded": True, "password": PASSWORD})).status_code == 204
    body = {"demanded": demanded, "password": PASSWORD}
    await is_refused(pool, entered, lambda by: by.posts(DEMAND, body), meanwhile)


async def test_a_manager_who_was_locked_sets_no_demand(
    wang: Asking, door: Person, office: Office, pool: Pool
) -> None:
    """Whoever is locked already does not get so far: the password is not accepted, and the log has that."""
    await colleague(pool, token(serial=0x1002))
    entered = await office.enter(door)
    body = {"demanded": True, "password": PASSWORD}
    async with pool.acquire() as writer, writer.transaction():
        await writer.execute(LOCKED, WANG)
        acting = asyncio.ensure_future(entered.posts(DEMAND, body))
        await until(lambda: waiting(pool))
    assert [answer.status_code for answer in (await acting, await entered.posts(DEMAND, body))] == [403, 422]
    assert await pool.fetchval("select count(*) from certificate_demands") == 0


async def test_a_lock_that_ends_the_session_does_not_meet_the_end_of_a_demand_halfway(
    wang: Asking, door: Person, office: Office, pool: Pool
) -> None:
    """Both hold the account before the session."""
    assert (await wang.posts(DEMAND, {"demanded": True, "password": PASSWORD})).status_code == 204
    entered = await office.enter(door)
    async with pool.acquire() as writer, writer.transaction():
        await writer.execute(LOCKED, WANG)
        acting = asyncio.ensure_future(entered.posts(DEMAND, {"demanded": False}))
        await until(lambda: waiting(pool))
        await writer.execute("delete from sessions where account_id = $1", WANG)
    assert (await acting).json()["code"] == "certificate.session-needed"
    assert await pool.fetchval("select count(*) from certificate_demands") == 1


async def test_a_session_of_a_colleague_ends_no_demand_for_a_manager(
    wang: Asking, door: Person, office: Office, pool: Pool
) -> None:
    """The session that was opened by certificate is that of whoever asks."""
    await colleague(pool, token(serial=0x1002))
    assert (await wang.posts(DEMAND, {"demanded": True, "password": PASSWORD})).status_code == 204
    li = (await comes_with(door, token(serial=0x1002))).json()
    assert li["account"]["name"] == "li"
    of_li = await office.enter(door, token(serial=0x1002))
    borrowed = {"X-Session-Hash": of_li.headers["X-Session-Hash"]}
    answer = await wang.posts(DEMAND, {"demanded": False}, **borrowed)
    assert (answer.status_code, answer.json()["code"]) == (409, "certificate.session-needed")


async def colleague(pool: Pool, held: Token) -> None:
    """Another manager, who holds a certificate."""
    await pool.execute(_COLLEAGUE, VENDOR, held.certificate)


async def asked(door: Person) -> str:
    request = str(uuid4())
    body = {"id": request, "uscc": USCC, "name": "王", "contact": "021", "reason": "丢失"}
    assert (await door.posts("/session/lost-key", body)).status_code == 201
    return request


_COLLEAGUE = """
    with li as (
        insert into accounts (account_id, name, label, kind, organisation, password, role)
        values (gen_random_uuid(), 'li', 'li', 'operator', $1, 'x', 'manager') returning account_id
    )
    insert into account_certificates (fingerprint, account_id, serial, content, first_used)
    select sha256($2), account_id, '1002', $2, now() from li
"""
