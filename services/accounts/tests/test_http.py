"""Accounts over HTTP on real PostgreSQL: the second factor, its lock, and whom one may call a colleague."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from uuid import UUID

import httpx
import pytest
from accounts.book import Account, Book, new_account
from accounts.http import build_app
from accounts.passwords import Passwords
from accounts.settings import AccountsSettings
from joserfc.jwk import OctKey
from qingyuan_events import Actor
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime import second_factor
from qingyuan_runtime.actors import issue
from qingyuan_runtime.database import Pool, open_pool

pytestmark = pytest.mark.servers

KEY = OctKey.generate_key(256)
NOW = datetime(2026, 11, 24, 8, 1, tzinfo=UTC)
PASSWORD = "correct horse 电池"
FACTORY, VENDOR = UUID(int=1), UUID(int=2)
SHOWN, ALSO_SHOWN = "a" * 64, "b" * 64
ACCOUNTS = {
    one.name: one
    for one in (
        new_account("zhou", "清泉化工（企业账户）", "enterprise", FACTORY, None),
        new_account("an", "清泉化工（二车间）", "enterprise", FACTORY, None),
        new_account("gone", "清泉化工（离职）", "enterprise", FACTORY, None),
        new_account("wang", "甲运维（王）", "operator", VENDOR, None),
        new_account("office", "青浦区生态环境局", "regulator", None, "310118"),
    )
}


@cache
def hashed() -> str:
    """Once for all: hashing is slow on purpose."""
    return Passwords().hash_now(PASSWORD)


class Person:
    def __init__(self, http: httpx.AsyncClient, account: Account) -> None:
        actor = Actor(
            account=account.id,
            kind=account.kind,
            organisation=account.organisation,
            district=account.district,
        )
        self._http = http
        self._headers = {"Authorization": f"Bearer {issue(actor, KEY, now=time.time())}"}

    async def proves(self, password: str = PASSWORD, over: list[str] | None = None) -> httpx.Response:
        body = {"password": password, "over": [SHOWN] if over is None else over}
        return await self._http.post("/second-factor", json=body, headers=self._headers)

    async def changes_password(self, current: str) -> httpx.Response:
        headers = self._headers | {"X-Session-Hash": "00"}
        body = {"current": current, "new": "another password 电池"}
        return await self._http.post("/password", json=body, headers=headers)

    async def colleagues(self) -> httpx.Response:
        return await self._http.get("/colleagues", headers=self._headers)


@pytest.fixture
async def pool(postgres_server: DatabaseServer) -> AsyncIterator[Pool]:
    pool = await open_pool(await postgres_server.fresh("accounts"))
    await pool.execute(import_module("accounts.migrations.versions.0001_accounts").TABLES)
    yield pool
    await pool.close()


@pytest.fixture
async def people(pool: Pool) -> AsyncIterator[dict[str, Person]]:
    book = Book(pool, Passwords(), AccountsSettings(), lambda: NOW)
    rows = [
        (one.id, one.name, one.label, one.kind, one.organisation, one.district, hashed())
        for one in ACCOUNTS.values()
    ]
    await pool.executemany(
        """
        insert into accounts (account_id, name, label, kind, organisation, district, password)
        values ($1, $2, $3, $4, $5, $6, $7)
        """,
        rows,
    )
    await book.disable(ACCOUNTS["gone"].id, disabled=True)

    async def ready() -> None:
        return None

    app = build_app(book, actor_key=KEY, ready=ready, idle_minutes=30)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://accounts") as http:
        yield {name: Person(http, account) for name, account in ACCOUNTS.items()}


async def test_the_password_once_more_is_a_proof_for_what_was_shown(people: dict[str, Person]) -> None:
    answer = await people["zhou"].proves(over=[SHOWN, ALSO_SHOWN])
    assert answer.status_code == 200
    made = answer.json()
    assert datetime.fromisoformat(made["expires_at"]) == NOW + timedelta(minutes=5)
    for content in (SHOWN, ALSO_SHOWN):
        assert second_factor.verify(made["token"], ACCOUNTS["zhou"].id, content, KEY, NOW) == NOW


async def test_five_wrong_ones_lock_the_account_for_the_right_one_too(
    people: dict[str, Person], pool: Pool
) -> None:
    for _ in range(5):
        answer = await people["zhou"].proves("wrong")
        assert (answer.status_code, answer.json()["code"]) == (403, "second-factor.wrong")
    answer = await people["zhou"].proves()
    assert (answer.status_code, answer.json()["code"]) == (423, "account.locked")
    assert (await people["an"].proves()).status_code == 200
    said = [row["what"] for row in await pool.fetch("select what from security_log order by id")]
    assert said[-7:] == [*["log-in-failed"] * 5, "locked", "second-factor-given"]


async def test_a_wrong_present_password_and_a_wrong_second_factor_count_together(
    people: dict[str, Person],
) -> None:
    for _ in range(3):
        answer = await people["zhou"].changes_password("wrong")
        assert (answer.status_code, answer.json()["code"]) == (401, "credentials.wrong")
    for _ in range(2):
        assert (await people["zhou"].proves("wrong")).status_code == 403
    answer = await people["zhou"].changes_password(PASSWORD)
    assert (answer.status_code, answer.json()["code"]) == (423, "account.locked")
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await people["an"].changes_password(PASSWORD)).status_code == 204


async def test_a_right_one_forgets_the_wrong_ones_before_it(people: dict[str, Person]) -> None:
    for _ in range(2):
        for _ in range(4):
            assert (await people["zhou"].proves("wrong")).status_code == 403
        assert (await people["zhou"].proves()).status_code == 200


@pytest.mark.parametrize("over", [[], ["A" * 64], [SHOWN] * 101])
async def test_a_proof_is_over_something(people: dict[str, Person], over: list[str]) -> None:
    answer = await people["zhou"].proves(over=over)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.malformed")


@pytest.mark.parametrize("who", ["wang", "office"])
async def test_only_an_enterprise_signs(people: dict[str, Person], who: str) -> None:
    assert (await people[who].proves()).status_code == 403


async def test_an_account_that_was_disabled_proves_nothing(people: dict[str, Person]) -> None:
    answer = await people["gone"].proves()
    assert (answer.status_code, answer.json()["code"]) == (403, "second-factor.wrong")


async def test_colleagues_are_of_the_same_organisation_and_may_log_in(people: dict[str, Person]) -> None:
    expected = {
        "zhou": ["an", "zhou"],
        "wang": ["wang"],
    }
    for who, names in expected.items():
        answer = await people[who].colleagues()
        assert answer.status_code == 200
        assert answer.json()["items"] == [
            {"id": str(ACCOUNTS[name].id), "name": name, "label": ACCOUNTS[name].label} for name in names
        ]
    assert (await people["office"].colleagues()).status_code == 403
