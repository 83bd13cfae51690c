"""What cannot be written to the security log is not done: act and line are one transaction. On real PostgreSQL."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from accounts_certificates import token
from accounts_making import PASSWORD
from accounts_office import Office
from accounts_over_http import ACCOUNTS, FACTORY, VENDOR, Person
from accounts_watching import Officer
from accounts_wechat import Town
from factor_calls import enrol_totp
from qingyuan_runtime.database.connections import Pool
from signature_corpus import NAME, USCC

pytestmark = pytest.mark.servers
Asks = Callable[[], Awaitable[httpx.Response]]
AN = f"/organisation/accounts/{ACCOUNTS['an'].id}"
TABLES = (
    "accounts",
    "sessions",
    "invitations",
    "wechat_bindings",
    "account_certificates",
    "certificate_demands",
    "lost_keys",
    "totp_keys",
    "recovery_codes",
)


@asynccontextmanager
async def no_lines(pool: Pool) -> AsyncIterator[None]:
    """Nothing can be logged, but for what is said before the act."""
    await pool.execute(_FULL)
    yield
    await pool.execute("drop trigger no_lines on security_log")


async def state(pool: Pool) -> list[object]:
    return [
        await pool.fetchval(f"select array_agg(t::text order by t::text) from {table} t") for table in TABLES
    ]


async def was_done(pool: Pool, asks: Asks) -> bool:
    before = await state(pool)
    async with no_lines(pool):
        try:
            answer = await asks()
        except asyncpg.RaiseError:
            pass
        else:
            assert answer.status_code >= 500, answer.text
    return await state(pool) != before


async def done(pool: Pool, acts: dict[str, Asks]) -> list[str]:
    return [name for name, asks in acts.items() if await was_done(pool, asks)]


async def test_what_a_manager_does(people: dict[str, Person], pool: Pool) -> None:
    zhou = people["zhou"]
    await zhou.logs_in("an")
    new = {"label": "李伟", "role": "signatory"}
    made = (await zhou.posts("/organisation/invitations", new)).json()["id"]
    acts: dict[str, Asks] = {
        "label": lambda: zhou.puts(f"{AN}/label", {"label": "x"}),
        "role": lambda: zhou.puts(f"{AN}/role", {"role": "manager"}),
        "lock": lambda: zhou.puts(f"{AN}/lock", {"locked": True}),
        "password": lambda: zhou.posts(f"{AN}/password", None),
        "factors": lambda: zhou.posts(f"{AN}/factors/reset", None),
        "sessions": lambda: zhou.deletes(f"{AN}/sessions"),
        "account": lambda: zhou.posts("/organisation/accounts", new | {"name": "li.wei"}),
        "invitation": lambda: zhou.posts("/organisation/invitations", new),
        "withdrawal": lambda: zhou.deletes(f"/organisation/invitations/{made}"),
        "handover": lambda: zhou.posts(
            "/organisation/handover", {"to": str(ACCOUNTS["an"].id), "role": None}
        ),
    }
    assert await done(pool, acts) == []


async def test_what_a_person_does_with_the_own_account(people: dict[str, Person], pool: Pool) -> None:
    zhou = people["zhou"]
    session = (await zhou.logs_in("zhou")).json()["token"]
    assert session
    await enrol_totp(zhou)
    acts: dict[str, Asks] = {
        "password": lambda: zhou.changes_password(PASSWORD),
        "sessions": lambda: zhou.deletes("/sessions"),
        "codes": lambda: zhou.posts("/factors/recovery", {"password": PASSWORD}),
        "app": lambda: zhou.posts("/factors/totp/removal", {"password": PASSWORD}),
        "contact": lambda: zhou.puts("/contact", {"email": "zhou@example.org", "mobile": None}),
    }
    assert await done(pool, acts) == []


async def test_certificates_and_their_demand(people: dict[str, Person], office: Office, pool: Pool) -> None:
    await pool.execute("insert into organisations values ($1, $2)", VENDOR, NAME)
    wang = office.as_actor(ACCOUNTS["wang"].id, "operator", VENDOR, "manager")
    assert (await wang.adds(token())).status_code == 200
    own = (await wang.gets("/certificates")).json()["items"][0]["id"]
    here = {"X-Session-Hash": "00" * 32}
    acts: dict[str, Asks] = {
        "added": lambda: wang.adds(token(serial=0x1002)),
        "removed": lambda: wang.deletes(f"/certificates/{own}"),
        "demanded": lambda: wang.posts(
            "/organisation/certificate-demand", {"demanded": True, "password": PASSWORD}, **here
        ),
    }
    assert await done(pool, acts) == []


async def test_what_administrators_do(
    people: dict[str, Person], office: Office, officer: Officer, pool: Pool
) -> None:
    system, door = await office.administrator("system", "sys"), people["zhou"]
    request = {"uscc": USCC, "name": "x", "contact": "y", "reason": "z"}
    known = str(uuid4())
    assert (await door.posts("/session/lost-key", request | {"id": known})).status_code == 201
    await pool.execute(_DEMANDS, FACTORY, ACCOUNTS["zhou"].id)
    await pool.execute("update accounts set password = $1 where kind = 'administrator'", PASSWORD)
    ending = {"demanded": False, "password": PASSWORD}
    new = {"name": "bao.shan", "label": "x", "kind": "regulator", "role": "reader", "district": "310113"}
    acts: dict[str, Asks] = {
        "account": lambda: system.posts("/admin/accounts", new),
        "password": lambda: system.posts(f"/admin/accounts/{ACCOUNTS['an'].id}/password"),
        "factors": lambda: system.posts(f"/admin/accounts/{ACCOUNTS['office'].id}/factors/reset"),
        "lock": lambda: officer.posts(f"/security/accounts/{ACCOUNTS['an'].id}/lock"),
        "asked": lambda: door.posts("/session/lost-key", request | {"id": str(UUID(int=5))}),
        "refused": lambda: system.posts(f"/admin/lost-keys/{known}/review", {"note": "no"}),
        "ended": lambda: officer.posts(f"/admin/organisations/{FACTORY}/certificate-demand", ending),
    }
    assert await done(pool, acts) == []


async def test_a_wechat_binding(town: Town) -> None:
    zhou = await town.bound("zhou")
    (binding,) = await zhou.bindings()
    state = await zhou.begins_binding("另一部手机")
    acts: dict[str, Asks] = {
        "unbound": lambda: zhou.unbinds(binding["id"]),
        "bound": lambda: zhou.arrives(state, "another-openid"),
    }
    assert await done(town.pool, acts) == []


_FULL = """
    create or replace function no_lines() returns trigger language plpgsql as $$
    begin
        if new.what <> 'identity-shown-again' then raise exception 'the disk is full'; end if;
        return new;
    end $$;
    create trigger no_lines before insert on security_log for each row execute function no_lines();
"""
_DEMANDS = "insert into certificate_demands (organisation, demanded_by, demanded) values ($1, $2, now())"
