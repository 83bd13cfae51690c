"""Accounts over HTTP on real PostgreSQL: the second factor, locks, sessions, passwords, display names and colleagues."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from accounts.account import Account, new_account
from accounts.account_service import AccountService
from accounts.http import build_app
from accounts.settings import AccountsSettings
from accounts.tokens import token_hash
from accounts_making import CountedPasswords, make_tables
from conforming import Conforming
from qingyuan_events import Actor
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.tokens import second_factor
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer

pytestmark = pytest.mark.servers

KEY = EveryIssuer()
NOW = datetime(2026, 11, 24, 8, 1, tzinfo=UTC)
PASSWORD = "correct horse 电池"
FACTORY, VENDOR = UUID(int=1), UUID(int=2)
SHOWN, ALSO_SHOWN = "a" * 64, "b" * 64
ACCOUNTS = {
    account.name: account
    for account in (
        new_account("zhou", "清泉化工（企业账户）", "enterprise", FACTORY, None),
        new_account("an", "清泉化工（二车间）", "enterprise", FACTORY, None),
        new_account("gone", "清泉化工（离职）", "enterprise", FACTORY, None),
        new_account("wang", "甲运维（王）", "operator", VENDOR, None),
        new_account("office", "青浦区生态环境局", "regulator", None, "310118"),
    )
}


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

    async def gives_second_factor(
        self, password: str = PASSWORD, over: list[str] | None = None, **where: str
    ) -> httpx.Response:
        body = {"password": password, "over": [SHOWN] if over is None else over}
        return await self._http.post("/second-factor", json=body, headers=self._headers | where)

    async def changes_password(self, current: str, new: str = "another password 电池") -> httpx.Response:
        headers = self._headers | {"X-Session-Hash": "00"}
        body = {"current": current, "new": new}
        return await self._http.post("/password", json=body, headers=headers)

    async def logs_in(self, name: str, password: str = PASSWORD, **where: str) -> httpx.Response:
        body = {"account": name, "password": password}
        return await self._http.post("/session", json=body, headers=self._headers | where)

    async def sessions(self, token: str = "") -> list[dict[str, object]]:
        headers = self._headers | {"X-Session-Hash": token_hash(token).hex()}
        answer = await self._http.get("/sessions", headers=headers)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, object]] = answer.json()["items"]
        return items

    async def ends(self, session: object) -> httpx.Response:
        return await self._http.delete(f"/sessions/{session}", headers=self._headers)

    async def reads_labels(self, *names: str, **vouched: str) -> set[str]:
        answer = await self.asks_labels(*names, **vouched)
        assert answer.status_code == 200, answer.text
        return {name for name in names if str(ACCOUNTS[name].id) in answer.json()["labels"]}

    async def asks_labels(self, *names: str, **vouched: str) -> httpx.Response:
        ids = ",".join(str(ACCOUNTS[name].id) for name in names)
        return await self._http.get("/account-labels", params={"ids": ids}, headers=self._headers | vouched)

    async def colleagues(self) -> httpx.Response:
        return await self._http.get("/colleagues", headers=self._headers)


@pytest.fixture
async def pool(postgres_server: DatabaseServer) -> AsyncIterator[Pool]:
    pool = await open_pool(await postgres_server.fresh("accounts"))
    await make_tables(pool)
    yield pool
    await pool.close()


@pytest.fixture
async def people(pool: Pool) -> AsyncIterator[dict[str, Person]]:
    accounts = AccountService(pool, CountedPasswords(), AccountsSettings(), lambda: NOW)
    rows = [
        (
            account.id,
            account.name,
            account.label,
            account.kind,
            account.organisation,
            account.district,
            PASSWORD,
            account.role,
        )
        for account in ACCOUNTS.values()
    ]
    await pool.executemany(
        """
        insert into accounts (account_id, name, label, kind, organisation, district, password, role)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        rows,
    )
    await accounts.disable(ACCOUNTS["gone"].id, disabled=True)

    async def ready() -> None:
        return None

    app = build_app(accounts, trusted=KEY, signer=KEY, ready=ready, idle_minutes=30)
    async with httpx.AsyncClient(
        transport=Conforming(app, without={"/session": "token"}), base_url="http://accounts"
    ) as http:
        yield {name: Person(http, account) for name, account in ACCOUNTS.items()}


async def test_a_second_factor_is_valid_for_each_content_that_was_shown(people: dict[str, Person]) -> None:
    answer = await people["zhou"].gives_second_factor(over=[SHOWN, ALSO_SHOWN])
    assert answer.status_code == 200
    made = answer.json()
    assert datetime.fromisoformat(made["expires_at"]) == NOW + timedelta(minutes=5)
    for content in (SHOWN, ALSO_SHOWN):
        assert second_factor.verify(made["token"], ACCOUNTS["zhou"].id, content, KEY, NOW) == NOW


async def test_after_five_wrong_second_factors_the_right_password_is_refused_too(
    people: dict[str, Person], pool: Pool
) -> None:
    for _ in range(5):
        answer = await people["zhou"].gives_second_factor("wrong")
        assert (answer.status_code, answer.json()["code"]) == (403, "second-factor.wrong")
    answer = await people["zhou"].gives_second_factor()
    assert (answer.status_code, answer.json()["code"]) == (423, "account.locked")
    assert (await people["an"].gives_second_factor()).status_code == 200
    logged = [row["what"] for row in await pool.fetch("select what from security_log order by id")]
    assert logged[-7:] == [*["log-in-failed"] * 5, "locked", "second-factor-given"]


@pytest.mark.parametrize("typed", ["session of {}", "SESSION OF {}", "s{}", "{}"])
async def test_no_name_typed_at_the_log_in_counts_against_an_accounts_second_factor(
    people: dict[str, Person], typed: str
) -> None:
    """An account's id is on every record that it signed, so anybody who reads one could type the id as a name."""
    for _ in range(5):
        assert (await people["zhou"].logs_in(typed.format(ACCOUNTS["zhou"].id), "x")).status_code == 401
    assert (await people["zhou"].gives_second_factor()).status_code == 200
    assert (await people["zhou"].changes_password(PASSWORD)).status_code == 204


async def test_failed_log_ins_from_the_same_address_do_not_keep_a_user_from_signing(
    people: dict[str, Person], pool: Pool
) -> None:
    await pool.execute("insert into guesses values ($1, 100, $2)", b"a203.0.113.1", NOW)
    where = {"X-Client-Address": "203.0.113.1"}
    assert (await people["an"].logs_in("an", **where)).status_code == 429
    for _ in range(5):
        assert (await people["zhou"].gives_second_factor("wrong", **where)).status_code == 403
    assert (await people["zhou"].gives_second_factor(**where)).status_code == 423, "its own count still holds"
    assert (await people["an"].gives_second_factor(**where)).status_code == 200


async def test_a_wrong_present_password_and_a_wrong_second_factor_count_together(
    people: dict[str, Person],
) -> None:
    for _ in range(3):
        answer = await people["zhou"].changes_password("wrong")
        assert (answer.status_code, answer.json()["code"]) == (401, "credentials.wrong")
    for _ in range(2):
        assert (await people["zhou"].gives_second_factor("wrong")).status_code == 403
    answer = await people["zhou"].changes_password(PASSWORD)
    assert (answer.status_code, answer.json()["code"]) == (423, "account.locked")
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await people["an"].changes_password(PASSWORD)).status_code == 204


async def test_a_right_second_factor_forgets_the_failures_before_it(people: dict[str, Person]) -> None:
    for _ in range(2):
        for _ in range(4):
            assert (await people["zhou"].gives_second_factor("wrong")).status_code == 403
        assert (await people["zhou"].gives_second_factor()).status_code == 200


@pytest.mark.parametrize("over", [[], ["A" * 64], [SHOWN] * 101])
async def test_a_second_factor_needs_one_to_a_hundred_valid_hashes(
    people: dict[str, Person], over: list[str]
) -> None:
    answer = await people["zhou"].gives_second_factor(over=over)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.malformed")


@pytest.mark.parametrize("who", ["wang", "office"])
async def test_only_an_enterprise_may_give_a_second_factor(people: dict[str, Person], who: str) -> None:
    assert (await people[who].gives_second_factor()).status_code == 403


async def test_a_disabled_account_cannot_give_a_second_factor(people: dict[str, Person]) -> None:
    answer = await people["gone"].gives_second_factor()
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


CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 15; HarmonyOS) AppleWebKit/537.36 Chrome/99.0 Mobile Safari/537.36"


async def test_sessions_are_shown_to_their_owner_and_ended_one_by_one(people: dict[str, Person]) -> None:
    zhou = people["zhou"]
    where = {"X-Client-Address": "198.51.100.7", "X-Client-Agent": CHROME}
    here = (await zhou.logs_in("zhou", **where)).json()["token"]
    await zhou.logs_in("zhou", **{"X-Client-Agent": PHONE})
    await zhou.logs_in("an")
    found = {session["device"]: session for session in await zhou.sessions(here)}
    assert set(found) == {"电脑 · Chrome", "手机 · Chrome"}
    assert (found["电脑 · Chrome"]["current"], found["手机 · Chrome"]["current"]) == (True, False)
    assert found["电脑 · Chrome"]["address"] == "198.51.100.7"
    [of_another] = await people["an"].sessions()
    assert (await zhou.ends(of_another["id"])).status_code == 404
    assert (await people["an"].sessions()) == [of_another]
    assert (await zhou.ends(found["手机 · Chrome"]["id"])).status_code == 204
    assert [session["device"] for session in await zhou.sessions(here)] == ["电脑 · Chrome"]


async def test_an_account_has_only_the_allowed_number_of_sessions(people: dict[str, Person]) -> None:
    for _ in range(AccountsSettings().sessions_most + 3):
        assert (await people["zhou"].logs_in("zhou")).status_code == 200
    assert len(await people["zhou"].sessions()) == AccountsSettings().sessions_most


@pytest.mark.parametrize("name", ["zhou", "nobody-at-all"])
async def test_a_lock_looks_the_same_for_a_name_that_no_account_has(
    people: dict[str, Person], name: str
) -> None:
    for _ in range(5):
        answer = await people["zhou"].logs_in(name, "wrong")
        assert (answer.status_code, answer.json()["code"]) == (401, "credentials.wrong")
    answer = await people["zhou"].logs_in(name, PASSWORD)
    assert (answer.status_code, answer.json()["code"]) == (423, "account.locked")
    assert set(answer.json()) == {"type", "title", "status", "code", "until"}


async def test_an_address_with_too_many_failures_is_answered_429(
    people: dict[str, Person], pool: Pool
) -> None:
    await pool.execute("insert into guesses values ($1, 100, $2)", b"a203.0.113.1", NOW)
    answer = await people["zhou"].logs_in("zhou", **{"X-Client-Address": "203.0.113.1"})
    assert (answer.status_code, answer.json()["code"]) == (429, "log-in.too-often")
    assert answer.headers["retry-after"]


@pytest.mark.parametrize("new", [PASSWORD, "Password2026!!", "zhou is my name 1", "清泉化工2026-2027"])
async def test_a_new_password_is_not_the_old_one_nor_a_common_one_nor_the_name(
    people: dict[str, Person], new: str
) -> None:
    answer = await people["zhou"].changes_password(PASSWORD, new)
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "password-strength")


@pytest.mark.parametrize(
    ("who", "read"),
    [
        ("zhou", {"zhou", "an"}),
        ("wang", {"wang"}),
        ("office", {"zhou", "an", "wang", "office"}),
    ],
)
async def test_display_names_are_read_by_offices_and_within_an_organisation(
    people: dict[str, Person], who: str, read: set[str]
) -> None:
    assert await people[who].reads_labels("zhou", "an", "wang", "office") == read


async def test_display_names_that_the_gateway_vouches_for_are_readable_too(people: dict[str, Person]) -> None:
    wang, office = str(ACCOUNTS["wang"].id), str(ACCOUNTS["office"].id)
    vouched = {"X-Vouched-Accounts": office, "X-Sent-Accounts": wang, "X-Named-Organisations": str(VENDOR)}
    assert await people["zhou"].reads_labels("wang", "office", **vouched) == {"wang", "office"}
    foreign = vouched | {"X-Named-Organisations": str(FACTORY)}
    assert await people["zhou"].reads_labels("wang", "office", **foreign) == {"office"}


@pytest.mark.parametrize("header", ["X-Vouched-Accounts", "X-Sent-Accounts", "X-Named-Organisations"])
async def test_a_malformed_id_in_a_header_is_refused(people: dict[str, Person], header: str) -> None:
    answer = await people["zhou"].asks_labels("wang", **{header: "nobody"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, header.lower())
