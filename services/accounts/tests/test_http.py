"""Accounts over HTTP on real PostgreSQL: locks, sessions, passwords, display names and colleagues."""

import pytest
from accounts.sessions.tokens import token_hash
from accounts.settings import AccountsSettings
from accounts_making import PASSWORD
from accounts_over_http import ACCOUNTS, FACTORY, NOW, VENDOR, Person, nobody_is_logged_in
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers


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


async def test_sessions_are_shown_to_their_owner_and_ended_one_by_one(
    people: dict[str, Person], pool: Pool
) -> None:
    await nobody_is_logged_in(pool)
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


async def test_asking_how_long_a_session_lasts_does_not_keep_it_alive(
    people: dict[str, Person], pool: Pool
) -> None:
    zhou = people["zhou"]
    here = {"X-Session-Hash": token_hash((await zhou.logs_in("zhou")).json()["token"]).hex()}

    async def left() -> tuple[int, object]:
        answer = await zhou.http.get("/session/left", headers=zhou.headers | here)
        return answer.status_code, answer.json()

    assert await left() == (200, {"idle_seconds": 1_800, "whole_seconds": 43_200})
    await pool.execute("update sessions set last_seen = last_seen - interval '28 minutes'")
    assert await left() == (200, {"idle_seconds": 120, "whole_seconds": 43_200})
    assert await left() == (200, {"idle_seconds": 120, "whole_seconds": 43_200})
    await zhou.http.get("/session", headers=zhou.headers | here)
    assert await left() == (200, {"idle_seconds": 1_800, "whole_seconds": 43_200})
    await pool.execute("update sessions set created = created - interval '719 minutes'")
    assert await left() == (200, {"idle_seconds": 60, "whole_seconds": 60})
    await pool.execute("update sessions set last_seen = last_seen - interval '31 minutes'")
    assert (await left())[0] == 401
    assert (await zhou.http.get("/session/left", headers=zhou.headers)).status_code == 401


async def test_all_other_sessions_are_ended_at_once(people: dict[str, Person], pool: Pool) -> None:
    await nobody_is_logged_in(pool)
    zhou = people["zhou"]
    here = (await zhou.logs_in("zhou")).json()["token"]
    for _ in range(2):
        await zhou.logs_in("zhou")
    await zhou.logs_in("an")
    headers = zhou.headers | {"X-Session-Hash": token_hash(here).hex()}
    assert (await zhou.http.delete("/sessions/others", headers=headers)).status_code == 204
    assert [session["current"] for session in await zhou.sessions(here)] == [True]
    assert len(await people["an"].sessions()) == 1
