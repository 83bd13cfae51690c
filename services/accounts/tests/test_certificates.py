"""Log in with a certificate over HTTP on real PostgreSQL: the first one registers its organisation, a challenge serves once."""

import asyncio
from pathlib import Path

import pytest
from accounts.certificates.trust import TrustFiles
from accounts.settings import AccountsSettings
from accounts_certificates import MovedTrust, asks, comes_with, of_another, token
from accounts_making import lines
from accounts_over_http import NOW, Person
from qingyuan_runtime.database.connections import Pool
from signature_corpus import NAME, USCC, Kind, authorities

pytestmark = pytest.mark.servers


@pytest.fixture
def somebody(people: dict[str, Person]) -> Person:
    return people["zhou"]


@pytest.mark.parametrize("kind", ["sm2", "rsa"])
async def test_the_first_certificate_registers_its_organisation_with_a_manager(
    somebody: Person, kind: Kind
) -> None:
    answer = await comes_with(somebody, token(kind))
    assert answer.status_code == 200, answer.text
    account = answer.json()["account"]
    assert (account["kind"], account["role"], account["organisation_name"]) == ("operator", "manager", NAME)
    again = (await comes_with(somebody, token(kind))).json()
    assert again["account"]["id"] == account["id"]
    assert (answer.json()["registered"], again["registered"]) == (True, False)


async def test_a_later_certificate_belongs_to_the_organisation_and_manages_nothing(somebody: Person) -> None:
    first = (await comes_with(somebody, token(serial=1))).json()["account"]
    second = (await comes_with(somebody, token(serial=2))).json()["account"]
    assert second["organisation"] == first["organisation"]
    assert second["id"] != first["id"]
    assert (first["role"], second["role"]) == ("manager", "technician")


async def test_two_first_certificates_at_once_make_one_organisation_with_one_manager(
    somebody: Person, pool: Pool
) -> None:
    answers = await asyncio.gather(*(comes_with(somebody, token(serial=serial)) for serial in range(1, 7)))
    accounts = [answer.json()["account"] for answer in answers]
    assert len({account["organisation"] for account in accounts}) == 1
    assert sorted(account["role"] for account in accounts) == ["manager", *["technician"] * 5]
    assert await pool.fetchval("select count(*) from organisation_codes") == 1


async def test_the_same_certificate_at_once_makes_one_account(somebody: Person) -> None:
    answers = await asyncio.gather(*(comes_with(somebody, token()) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["account"]["id"] for answer in answers}) == 1


async def test_an_unknown_organisation_is_asked_before_it_is_registered(somebody: Person, pool: Pool) -> None:
    answer = await comes_with(somebody, token(), register=False)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (409, "certificate.unknown-organisation")
    assert (told["organisation"], told["uscc"]) == (NAME, USCC)
    assert await pool.fetchval("select count(*) from organisation_codes") == 0
    assert await pool.fetchval("select count(*) from accounts where password is null") == 0
    first = await comes_with(somebody, token())
    assert (first.status_code, first.json()["registered"]) == (200, True)
    again = await comes_with(somebody, token(), register=False)
    assert (again.status_code, again.json()["registered"]) == (200, False)
    later = await comes_with(somebody, token(serial=2), register=False)
    assert (later.status_code, later.json()["code"]) == (409, "certificate.unknown-holder")
    colleague = await comes_with(somebody, token(serial=2))
    assert (colleague.status_code, colleague.json()["account"]["role"]) == (200, "technician")


async def test_an_organisation_registers_as_an_operator_or_not_at_all(somebody: Person) -> None:
    asked = await asks(somebody)
    body = {"challenge": asked["id"], "register": "enterprise"} | token().signs(asked["text"])
    assert (await somebody.posts("/session/certificate", body)).status_code == 422


async def test_a_challenge_serves_once_also_for_two_at_once(somebody: Person) -> None:
    challenge = await asks(somebody)
    answers = await asyncio.gather(*(comes_with(somebody, token(), challenge) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]


async def test_after_a_wrong_signature_the_challenge_is_gone(somebody: Person) -> None:
    challenge = await asks(somebody)
    wrong = await comes_with(somebody, of_another(), challenge)
    assert (wrong.status_code, wrong.json()["code"]) == (401, "certificate.signature")
    assert (await comes_with(somebody, token(), challenge)).json()["code"] == "challenge.gone"


async def test_a_challenge_is_too_old_after_two_minutes(somebody: Person, pool: Pool) -> None:
    challenge = await asks(somebody)
    await pool.execute("update challenges set expires = expires - interval '121 seconds'")
    assert (await comes_with(somebody, token(), challenge)).json()["code"] == "challenge.gone"


async def test_what_was_signed_for_another_site_does_not_open_this_one(somebody: Person) -> None:
    ours, theirs = await asks(somebody), await asks(somebody, "qingyuan.evil")
    assert "网址 qingyuan.evil\n" in theirs["text"]
    answer = await comes_with(somebody, token(), ours | {"text": theirs["text"]})
    assert answer.json()["code"] == "certificate.signature"


@pytest.mark.parametrize("path", ["/session/certificate", "/session/certificate/trial"])
async def test_what_was_signed_for_another_site_is_not_relayed_here(somebody: Person, path: str) -> None:
    """A page of others has a challenge made in its own name, lets somebody sign it, and brings the signature here."""
    theirs = await asks(somebody, "evil.example")
    answer = await somebody.posts(path, {"challenge": theirs["id"]} | token().signs(theirs["text"]))
    assert (answer.status_code, answer.json()["code"]) == (409, "challenge.other-site")


async def test_a_revoked_certificate_opens_nothing_and_registers_nobody(
    somebody: Person, trust: MovedTrust, pool: Pool
) -> None:
    trust.revoked.append((0x1001, NOW))
    answer = await comes_with(somebody, token())
    assert (answer.status_code, answer.json()["code"]) == (401, "certificate.revoked")
    assert await pool.fetchval("select count(*) from organisation_codes") == 0


async def test_a_disabled_account_is_not_opened_by_its_certificate(somebody: Person, pool: Pool) -> None:
    await comes_with(somebody, token())
    await pool.execute("update accounts set disabled = true where password is null")
    answer = await comes_with(somebody, token())
    assert (answer.status_code, answer.json()["code"]) == (401, "credentials.wrong")


async def test_the_next_key_of_an_organisation_whose_managers_are_locked_makes_no_account(
    somebody: Person, pool: Pool
) -> None:
    await comes_with(somebody, token(serial=1))
    colleague = (await comes_with(somebody, token(serial=2))).json()["account"]
    await pool.execute("update accounts set disabled = true where password is null and role = 'manager'")
    before = await pool.fetchval("select count(*) from accounts")
    answer = await comes_with(somebody, token(serial=3))
    assert (answer.status_code, answer.json()["code"]) == (409, "certificate.no-manager")
    assert await pool.fetchval("select count(*) from accounts") == before
    known = await comes_with(somebody, token(serial=2))
    assert known.json()["account"]["id"] == colleague["id"], "who was not locked comes in"


async def test_a_name_that_is_taken_keeps_no_certificate_out(somebody: Person, pool: Pool) -> None:
    usual = (await comes_with(somebody, token(serial=1))).json()["account"]["name"]
    await pool.execute("update accounts set name = $1 where name = 'wang'", f"{usual[:-1]}2")
    answer = await comes_with(somebody, token(serial=2))
    assert answer.status_code == 200, answer.text
    assert answer.json()["account"]["name"].startswith(USCC.lower())
    again = (await comes_with(somebody, token(serial=2))).json()["account"]
    assert again["id"] == answer.json()["account"]["id"]


async def test_no_password_opens_an_account_that_has_none(somebody: Person) -> None:
    account = (await comes_with(somebody, token())).json()["account"]
    assert (await somebody.logs_in(account["name"], "")).status_code == 422
    assert (await somebody.logs_in(account["name"], "None")).json()["code"] == "credentials.wrong"


async def test_the_security_log_tells_of_it(somebody: Person, pool: Pool) -> None:
    await comes_with(somebody, token())
    assert (await lines(pool))[-2:] == ["account-made", "logged-in-by-certificate"]


async def test_an_address_that_asks_for_too_many_challenges_waits(somebody: Person) -> None:
    for _ in range(60):
        await asks(somebody)
    answer = await somebody.posts("/session/challenges", None)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "120")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"certificate": "x"},
        {"signature": "eA=="},
        {"signed_data": "eA==", "certificate": "x", "signature": "eA=="},
        {"signed_data": "%%"},
    ],
)
async def test_half_a_proof_is_refused_before_the_challenge_is_spent(
    somebody: Person, body: dict[str, str]
) -> None:
    challenge = await asks(somebody)
    assert (
        await somebody.posts("/session/certificate", {"challenge": challenge["id"]} | body)
    ).status_code == 422
    assert (await comes_with(somebody, token(), challenge)).status_code == 200


def _folder(path: Path) -> AccountsSettings:
    for part in ("roots", "between", "lists"):
        (path / part).mkdir()
    made = authorities("sm2")
    (path / "roots" / "root.der").write_bytes(made.root_der)
    (path / "between" / "middle.der").write_bytes(made.middle_der)
    return AccountsSettings(certificate_trust_dir=path, certificate_demo_roots=True)


def test_a_new_file_is_believed_without_a_restart_and_one_that_is_taken_away_is_not(tmp_path: Path) -> None:
    source = TrustFiles(_folder(tmp_path))
    assert (len(source.trust().roots), len(source.trust().intermediates), len(source.trust().lists)) == (
        1,
        1,
        0,
    )
    (tmp_path / "lists" / "middle.crl").write_bytes(authorities("sm2").lists[1])
    assert len(source.trust().lists) == 1
    (tmp_path / "roots" / "root.der").unlink()
    assert source.trust().roots == []


def test_a_file_that_cannot_be_read_leaves_the_others_believed(tmp_path: Path) -> None:
    source = TrustFiles(_folder(tmp_path))
    (tmp_path / "roots" / "broken.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\n")
    assert len(source.trust().roots) == 1


def test_a_root_of_the_demo_is_refused_where_records_are_evidence(tmp_path: Path) -> None:
    settings = _folder(tmp_path).model_copy(update={"certificate_demo_roots": False})
    assert TrustFiles(settings).trust().roots == []


def test_without_a_folder_nobody_is_believed() -> None:
    assert TrustFiles(AccountsSettings()).trust().roots == []
