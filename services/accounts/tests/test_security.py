"""The security administrator's and the auditor's routes, on real PostgreSQL."""

import csv
import io
import json
from base64 import b64decode
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from accounts import attempts
from accounts.attempts import code_key
from accounts.certificates.log_in import Bare, verified_proof
from accounts_certificates import MovedTrust, token
from accounts_making import PASSWORD
from accounts_over_http import ACCOUNTS, NOW, Person, nobody_is_logged_in
from accounts_watching import AUDITOR, OTHER, SECURITY, SYSTEM, Officer
from qingyuan_certificates.refusals import CertificateRefused
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers

ZHOU = ACCOUNTS["zhou"].id
RELEASED = "select detail from security_log where what = 'lock-released'"


async def fails(people: dict[str, Person], name: str, times: int = 5, **where: str) -> None:
    for _ in range(times):
        await people["zhou"].logs_in(name, "wrong", **where)


@pytest.mark.parametrize("path", ["/security/locks", "/security/policy", "/security/roots", "/security/sessions?account=z"])  # fmt: skip
async def test_the_auditor_sees_no_page_of_the_security_administrator(auditor: Officer, path: str) -> None:
    assert (await auditor.reads(path)).status_code == 403


@pytest.mark.parametrize("path", ["/security-log", "/security-log.csv", "/security-log/words"])
async def test_the_security_administrator_does_not_read_the_log(officer: Officer, path: str) -> None:
    assert (await officer.reads(path)).status_code == 403


async def test_a_lock_is_seen_and_released_and_that_is_logged(
    people: dict[str, Person], officer: Officer, pool: Pool
) -> None:
    await fails(people, "zhou")
    assert (await people["zhou"].logs_in("zhou")).status_code == 423
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    assert (lock["of"], lock["account"]["name"]) == ("log-in", "zhou")
    assert (await officer.posts("/security/locks/release", {"id": lock["id"]})).status_code == 204
    assert (await people["zhou"].logs_in("zhou")).status_code == 200
    assert (await officer.reads("/security/locks")).json()["items"] == []
    line = await pool.fetchrow("select * from security_log where what = 'lock-released'")
    assert line is not None
    assert (line["actor"], line["account_id"]) == (SECURITY, ZHOU)


async def test_a_lock_of_a_session_is_told_apart(people: dict[str, Person], officer: Officer) -> None:
    for _ in range(5):
        await people["wang"].gives_second_factor("wrong")
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    assert (lock["of"], lock["account"]["name"]) == ("session", "wang")


async def test_wrong_codes_of_invitations_are_a_lock_of_an_address(
    people: dict[str, Person], officer: Officer, pool: Pool
) -> None:
    """Anybody can try codes, so this is what a stranger can do to this page."""
    where = {"X-Client-Address": "198.51.100.9"}
    for _ in range(5):
        answer = await people["zhou"].posts("/invitations/check", {"code": "WRONGCODE2"}, **where)
        assert answer.json()["code"] == "invitation.unknown"
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    assert (lock["of"], lock["account"], lock["address"]) == ("invitation", None, "198.51.100.9")
    assert (await officer.posts("/security/locks/release", {"id": lock["id"]})).status_code == 204
    assert (await officer.reads("/security/locks")).json()["items"] == []
    assert json.loads(await pool.fetchval(RELEASED)) == {"of": "invitation"}


async def test_wrong_codes_of_lost_keys_are_a_lock_of_an_address(
    people: dict[str, Person], officer: Officer, pool: Pool
) -> None:
    where = {"X-Client-Address": "198.51.100.9"}
    body = {"code": "WRONG-WRONG-WRONG-WRONG-WRONG", "password": "another password 电池"}
    said = [await people["zhou"].posts("/session/lost-key/password", body, **where) for _ in range(6)]
    assert [answer.status_code for answer in said] == [401] * 5 + [429]
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    assert (lock["of"], lock["account"], lock["address"]) == ("lost-key", None, "198.51.100.9")
    assert (await officer.posts("/security/locks/release", {"id": lock["id"]})).status_code == 204
    assert (await officer.reads("/security/locks")).json()["items"] == []
    again = await people["zhou"].posts("/session/lost-key/password", body, **where)
    assert again.status_code == 401
    assert json.loads(await pool.fetchval(RELEASED)) == {"of": "lost-key"}


async def test_wrong_codes_at_the_second_step_are_a_lock_of_the_account(officer: Officer, pool: Pool) -> None:
    await pool.execute("insert into guesses values ($1, 5, $2)", code_key(ZHOU), NOW)
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    assert (lock["of"], lock["account"]["name"]) == ("second-step", "zhou")
    assert (await officer.posts("/security/locks/release", {"id": lock["id"]})).status_code == 204
    assert (await officer.reads("/security/locks")).json()["items"] == []
    assert json.loads(await pool.fetchval(RELEASED)) == {"of": "second-step"}


async def test_a_lock_that_cannot_be_logged_is_not_released(
    people: dict[str, Person], officer: Officer, pool: Pool
) -> None:
    await fails(people, "zhou")
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    await pool.execute("alter table security_log add constraint full_up check (what <> 'lock-released')")
    assert (await officer.posts("/security/locks/release", {"id": lock["id"]})).status_code == 500
    assert (await officer.reads("/security/locks")).json()["items"] == [lock]


def test_every_key_of_an_attempt_is_in_the_table_of_kinds() -> None:
    made = {name: make for name, make in vars(attempts).items() if name.endswith("_key")}
    keys = [make(ZHOU) if make.__annotations__.get("account") else make("x") for make in made.values()]
    assert {key[:1] for key in keys} == set(attempts.KINDS)
    assert len(keys) == len(attempts.KINDS)
    of_addresses = {make("x")[:1] for make in made.values() if make.__annotations__.get("address")}
    assert of_addresses == attempts.BY_ADDRESS


async def test_of_a_name_that_no_account_has_only_the_lock_is_known(
    people: dict[str, Person], officer: Officer
) -> None:
    await fails(people, "nobody-at-all")
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    assert (lock["of"], lock["account"], lock["address"]) == ("log-in", None, None)


async def test_an_address_that_must_wait_is_let_in_again(
    people: dict[str, Person], officer: Officer, pool: Pool
) -> None:
    await pool.execute("insert into guesses values ($1, 100, $2)", b"a203.0.113.1", NOW)
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    assert (lock["of"], lock["address"]) == ("address", "203.0.113.1")
    await officer.posts("/security/locks/release", {"id": lock["id"]})
    answer = await people["zhou"].logs_in("zhou", **{"X-Client-Address": "203.0.113.1"})
    assert answer.status_code == 200


async def test_a_lock_that_is_not_there_is_not_released(officer: Officer) -> None:
    assert (await officer.posts("/security/locks/release", {"id": "6e00"})).status_code == 404
    assert (await officer.posts("/security/locks/release", {"id": "x"})).status_code == 422


async def test_sessions_of_others_are_found_and_ended(
    people: dict[str, Person], officer: Officer, pool: Pool
) -> None:
    await nobody_is_logged_in(pool)
    for _ in range(3):
        await people["zhou"].logs_in("zhou")
    [found] = (await officer.reads("/security/sessions", account="zhou")).json()["items"]
    assert (found["id"], len(found["sessions"]), found["locked"]) == (str(ZHOU), 3, False)
    one = found["sessions"][0]["id"]
    assert (await officer.deletes(f"/security/sessions/{one}")).status_code == 204
    assert (await officer.deletes(f"/security/sessions/{one}")).status_code == 404
    assert len(await people["zhou"].sessions()) == 2
    assert (await officer.deletes(f"/security/accounts/{ZHOU}/sessions")).status_code == 204
    assert await people["zhou"].sessions() == []


async def test_a_locked_account_is_out_until_it_is_unlocked(
    people: dict[str, Person], officer: Officer
) -> None:
    await people["zhou"].logs_in("zhou")
    assert (await officer.posts(f"/security/accounts/{ZHOU}/lock")).status_code == 204
    assert (await people["zhou"].logs_in("zhou", PASSWORD)).status_code == 401
    assert await people["zhou"].sessions() == []
    [found] = (await officer.reads("/security/sessions", account="清泉化工（企业账户）")).json()["items"]
    assert found["locked"] is True
    assert (await officer.posts(f"/security/accounts/{ZHOU}/unlock")).status_code == 204
    assert (await people["zhou"].logs_in("zhou", PASSWORD)).status_code == 200


@pytest.mark.parametrize(
    ("account", "code"),
    [
        (SECURITY, "account.own"),
        (OTHER, "account.guarded"),
        (AUDITOR, "account.guarded"),
        (SYSTEM, "account.guarded"),
    ],
)
async def test_nobody_locks_oneself_or_those_who_watch(
    officer: Officer, pool: Pool, account: object, code: str
) -> None:
    for change in ("lock", "unlock"):
        answer = await officer.posts(f"/security/accounts/{account}/{change}")
        assert (answer.status_code, answer.json()["code"]) == (403, code)
    assert not await pool.fetchval("select disabled from accounts where account_id = $1", account)


@pytest.mark.parametrize("account", [OTHER, AUDITOR, SYSTEM])
async def test_nobody_logs_out_those_who_watch(officer: Officer, pool: Pool, account: UUID) -> None:
    session = UUID(int=0x77)
    await pool.execute(
        "insert into sessions (token_hash, session_id, account_id, created, last_seen) values ('x', $1, $2, $3, $3)",
        session,
        account,
        NOW,
    )
    for path in (f"/security/sessions/{session}", f"/security/accounts/{account}/sessions"):
        answer = await officer.deletes(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "account.guarded")
    assert await pool.fetchval("select true from sessions where session_id = $1", session)


async def test_the_policy_says_what_holds_and_why(officer: Officer) -> None:
    items = {item["code"]: item for item in (await officer.reads("/security/policy")).json()["items"]}
    assert items["session-idle"]["value"] == "30 分钟"
    assert items["failures-account"]["value"] == "5 次"
    assert "网络安全法" in items["log-least"]["source"]
    assert items["log-months"]["since"] is None


async def test_the_roots_and_the_age_of_the_lists_are_shown(officer: Officer) -> None:
    answer = (await officer.reads("/security/roots")).json()
    assert [item["part"] for item in answer["certificates"]] == ["root", "root", "between", "between"]
    assert all(item["valid"] for item in answer["certificates"])
    assert len(answer["lists"]) == 4
    assert not any(found["overdue"] for found in answer["lists"])
    assert datetime.fromisoformat(answer["at"]) == NOW
    assert {datetime.fromisoformat(item["list_made_at"]) for item in answer["certificates"]} == {NOW}
    assert not any(item["list_overdue"] for item in answer["certificates"])


async def test_what_is_overdue_is_so_at_the_time_that_is_told(officer: Officer, trust: MovedTrust) -> None:
    """And a certificate is refused at that same time, by the same list."""
    trust.lists_made, trust.lists_next = NOW - timedelta(days=2), NOW - timedelta(seconds=1)
    answer = (await officer.reads("/security/roots")).json()
    assert all(found["overdue"] for found in answer["lists"])
    assert all(item["list_overdue"] for item in answer["certificates"])
    with pytest.raises(CertificateRefused, match="吊销列表"):
        verified_proof(signed_by_token(), b"x", trust.trust(), datetime.fromisoformat(answer["at"]))
    verified_proof(signed_by_token(), b"x", trust.trust(), trust.lists_next)


def signed_by_token() -> Bare:
    signed = token().signs("x")
    return Bare(signed["certificate"], b64decode(signed["signature"]))


async def test_the_log_is_narrowed_and_read_page_by_page(people: dict[str, Person], auditor: Officer) -> None:
    await fails(people, "zhou", 3, **{"X-Client-Address": "198.51.100.7"})
    await people["an"].logs_in("an")
    first = (await auditor.reads("/security-log", what="log-in-failed", limit="2")).json()
    rest = (await auditor.reads("/security-log", what="log-in-failed", after=first["next"])).json()
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    ids = [line["id"] for line in first["items"] + rest["items"]]
    assert ids == sorted(ids, reverse=True)

    async def found(**query: str) -> set[str]:
        answer = await auditor.reads("/security-log", **query)
        assert answer.status_code == 200, answer.text
        return {line["what"] for line in answer.json()["items"]}

    assert await found(account="ＺＨＯＵ") == {"log-in-failed"}
    assert await found(account="an") == {"logged-in"}
    assert await found(account="nobody-at-all") == set()
    assert await found(result="failed") == {"log-in-failed"}
    assert await found(address="198.51.100.7") == {"log-in-failed"}
    assert await found(to="2020-01-01") == set()
    assert "logged-in" in await found(**{"from": "2020-01-01", "to": "2090-01-01"})


async def test_the_log_is_narrowed_to_an_organisation(
    people: dict[str, Person], auditor: Officer, pool: Pool
) -> None:
    organisation = ACCOUNTS["zhou"].organisation
    await pool.execute("insert into organisations values ($1, '清泉化工')", organisation)
    await people["zhou"].logs_in("zhou")
    await people["zhou"].logs_in("wang")
    items = (await auditor.reads("/security-log", organisation="清泉", what="logged-in")).json()["items"]
    assert [line["organisation_name"] for line in items] == ["清泉化工"]


async def test_the_export_holds_the_same_lines_and_no_formulas(
    people: dict[str, Person], auditor: Officer, pool: Pool
) -> None:
    await people["zhou"].logs_in("zhou", **{"X-Client-Address": "=1+1"})
    answer = await auditor.reads("/security-log.csv", what="logged-in")
    assert answer.headers["content-type"].startswith("text/csv")
    head, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[0] == "时间"
    assert [line[1], line[2], line[4], line[7]] == ["登录", "成功", "zhou", "'=1+1"]


async def test_what_was_released_or_given_is_said_in_words(
    people: dict[str, Person], officer: Officer, auditor: Officer, pool: Pool
) -> None:
    await fails(people, "zhou")
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    await officer.posts("/security/locks/release", {"id": lock["id"]})
    await pool.execute(
        "insert into security_log (what, detail) values ('personal-data-read', $1)",
        '{"path": "/api/colleagues"}',
    )
    for what, said in (("lock-released", "登录"), ("personal-data-read", "本单位账户名单")):
        [line] = (await auditor.reads("/security-log", what=what)).json()["items"]
        assert line["explanation"] == said
        exported = (await auditor.reads("/security-log.csv", what=what)).content.decode("utf-8-sig")
        assert next(iter(csv.DictReader(io.StringIO(exported))))["说明"] == said


async def test_an_export_that_is_too_large_is_refused(
    people: dict[str, Person], auditor: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.http.security_log_routes.EXPORT_MOST", 1)
    for _ in range(2):
        await people["zhou"].logs_in("zhou")
    answer = await auditor.reads("/security-log.csv")
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "export.too-large")


async def test_a_malformed_page_is_refused(auditor: Officer) -> None:
    for after in ("x", "9" * 20):
        answer = await auditor.reads("/security-log", after=after)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "after")
