"""A log-in by certificate that fails is in the security log, as one by password is, with the account of the certificate."""

import json
from uuid import UUID

import pytest
from accounts.security.explaining import explanation
from accounts_certificates import MovedTrust, Token, comes_with, of_another, token
from accounts_office import Asking
from accounts_over_http import NOW, Person
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers
SERIAL = 0x1001
LAST = "select what, account_id, result from security_log order by id desc limit 1"


@pytest.fixture
async def wang(wang: Asking) -> Asking:
    """With a certificate, too."""
    assert (await wang.adds(token())).status_code == 200
    return wang


async def fails(door: Person, pool: Pool, held: Token, code: str, account: UUID | None) -> None:
    before = await pool.fetchval("select count(*) from security_log")
    assert (await comes_with(door, held)).json()["code"] == code
    assert await pool.fetchval("select count(*) from security_log") == before + 1
    assert tuple(await pool.fetchrow(LAST)) == ("log-in-failed", account, "failed")


async def test_one_that_is_revoked_or_forged(
    wang: Asking, door: Person, pool: Pool, trust: MovedTrust
) -> None:
    forged = Token(of_another().holder, token().certificate)
    await fails(door, pool, forged, "certificate.signature", wang.actor.account)
    trust.revoked.append((SERIAL, NOW))
    await fails(door, pool, token(), "certificate.revoked", wang.actor.account)
    await fails(door, pool, Token(token().holder, b"x"), "certificate.unreadable", None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("update accounts set disabled = true where name = 'wang'", "credentials.wrong"),
        ("update account_certificates set removed = now()", "certificate.removed"),
    ],
)
async def test_one_that_was_removed_or_whose_account_is_disabled(
    wang: Asking, door: Person, pool: Pool, change: str, code: str
) -> None:
    await pool.execute(change)
    await fails(door, pool, token(), code, wang.actor.account)


async def test_why_is_said_and_of_a_certificate_without_account_the_organisation(
    wang: Asking, door: Person, pool: Pool, trust: MovedTrust
) -> None:
    """Such as one that has expired: its code is known though no account ever held it."""
    trust.revoked.append((0x2002, NOW))
    assert (await comes_with(door, token(serial=0x2002))).json()["code"] == "certificate.revoked"
    last = await pool.fetchrow(
        "select account_id, organisation, kind, detail from security_log order by id desc"
    )
    assert tuple(last)[:3] == (None, wang.actor.organisation, "operator")
    assert explanation(json.loads(last["detail"])) == "证书已被吊销"


async def test_to_be_asked_what_one_is_is_no_failure(door: Person, pool: Pool) -> None:
    answer = await comes_with(door, token(), register=False)
    assert answer.json()["code"] == "certificate.unknown-organisation"
    assert await pool.fetchval("select count(*) from security_log where what = 'log-in-failed'") == 0
