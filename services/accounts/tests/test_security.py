"""What the security administrator sees and does with sessions, accounts, policy and roots, on real PostgreSQL."""

from base64 import b64decode
from datetime import datetime, timedelta
from uuid import UUID

import pytest
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


@pytest.mark.parametrize("path", ["/security/locks", "/security/policy", "/security/roots", "/security/sessions?account=z"])  # fmt: skip
async def test_the_auditor_sees_no_page_of_the_security_administrator(auditor: Officer, path: str) -> None:
    assert (await auditor.reads(path)).status_code == 403


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
