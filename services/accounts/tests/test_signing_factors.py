"""The second factor of a signature in four kinds, over HTTP on real PostgreSQL; what a certificate signed is verified without us."""

import base64
import json
import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from accounts_certificates import Token, of_another, token
from accounts_making import PASSWORD
from accounts_over_http import ACCOUNTS, ALSO_SHOWN, FACTORY, KEY, NOW, SHOWN, Person
from asn1crypto.algos import DSASignature
from certificate_proofs import openssl_agrees
from factor_calls import AT_SITE, SoftKey, code_of, enrol_key, enrol_totp
from gmalg import SM2
from qingyuan_certificates.certificate import read
from qingyuan_events import decode, encode
from qingyuan_events.signoff import ConfirmationSignedV2
from qingyuan_local.setup import checkout
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.tokens import second_factor
from qingyuan_runtime.tokens.second_factor import Given
from signature_corpus import USCC, Kind

pytestmark = pytest.mark.servers
EXAMPLE = "confirmation.signed.v2"


@pytest.fixture
def zhou(people: dict[str, Person]) -> Person:
    return people["zhou"]


@pytest.fixture
async def known(pool: Pool) -> None:
    """The credit code of the certificates is that of zhou's enterprise."""
    await pool.execute("insert into organisation_codes values ($1, $2)", USCC, FACTORY)


def given(answer: Any, content: str = SHOWN) -> Given:
    assert answer.status_code == 200, answer.text
    return second_factor.verify(answer.json()["token"], ACCOUNTS["zhou"].id, content, KEY, NOW)


async def asks(person: Person, method: str, over: list[str]) -> dict[str, Any]:
    answer = await person.posts("/second-factor/challenges", {"method": method, "over": over}, **AT_SITE)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_code_of_the_app_signs_once(zhou: Person) -> None:
    secret, _ = await enrol_totp(zhou)
    body = {"over": [SHOWN], "method": "totp", "code": code_of(secret)}
    assert given(await zhou.posts("/second-factor", body)) == Given(NOW, "totp")
    again = await zhou.posts("/second-factor", body)
    assert (again.status_code, again.json()["code"]) == (403, "second-factor.wrong")


async def test_a_recovery_code_signs_nothing(zhou: Person) -> None:
    _, codes = await enrol_totp(zhou)
    body = {"over": [SHOWN], "method": "totp", "code": codes[0]}
    assert (await zhou.posts("/second-factor", body)).status_code == 403


async def test_a_key_signs_exactly_what_it_was_asked_for_once(zhou: Person) -> None:
    key = SoftKey("蓝色")
    await enrol_key(zhou, key)
    asked = await asks(zhou, "webauthn", [SHOWN, ALSO_SHOWN])
    body = {"over": [ALSO_SHOWN, SHOWN], "method": "webauthn", "challenge": asked["id"]}
    body["assertion"] = key.signs(asked["webauthn"])
    assert given(await zhou.posts("/second-factor", body), ALSO_SHOWN) == Given(NOW, "webauthn")
    assert (await zhou.posts("/second-factor", body)).json()["code"] == "challenge.gone"
    other = await asks(zhou, "webauthn", [SHOWN])
    more = body | {"challenge": other["id"], "assertion": key.signs(other["webauthn"])}
    assert (await zhou.posts("/second-factor", more)).json()["code"] == "second-factor.other-contents"


async def signs(person: Person, holder: Token, over: list[str], **changed: Any) -> Any:
    asked = await asks(person, "certificate", over)
    body = {"over": over, "method": "certificate", "challenge": asked["id"]} | holder.signs(asked["text"])
    return await person.posts("/second-factor", body | changed)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("kind", ["sm2", "rsa"])
async def test_a_certificate_of_the_organisation_signs_a_text_with_site_and_hashes(
    zhou: Person, kind: Kind
) -> None:
    proof = given(await signs(zhou, token(kind), [SHOWN, ALSO_SHOWN])).certificate
    assert proof
    lines = proof.text.splitlines()
    assert lines[:2] == ["清源签字", "网址 qingyuan.example"]
    assert {f"内容 {SHOWN}", f"内容 {ALSO_SHOWN}"} <= set(lines)
    assert proof.serial == read(token(kind).certificate).serial


AT_EVIL = {"X-Client-Site": "evil.example"}


@pytest.mark.usefixtures("known")
async def test_a_certificate_that_signed_for_another_site_signs_nothing_here(zhou: Person) -> None:
    made = await zhou.posts(
        "/second-factor/challenges", {"method": "certificate", "over": [SHOWN]}, **AT_EVIL
    )
    body = {"over": [SHOWN], "method": "certificate", "challenge": made.json()["id"]}
    answer = await zhou.posts("/second-factor", body | token().signs(made.json()["text"]))
    assert (answer.status_code, answer.json()["code"]) == (409, "challenge.other-site")


async def test_a_key_answers_where_it_was_asked(zhou: Person) -> None:
    """The site of the request counts, not what was stored with the challenge."""
    key = SoftKey("办公室")
    await enrol_key(zhou, key)
    made = await zhou.posts("/second-factor/challenges", {"method": "webauthn", "over": [SHOWN]}, **AT_EVIL)
    body = {"over": [SHOWN], "method": "webauthn", "challenge": made.json()["id"]}
    body["assertion"] = key.signs(made.json()["webauthn"], "evil.example")
    assert (await zhou.posts("/second-factor", body)).json()["code"] == "challenge.other-site"
    asked = await zhou.posts("/factors/webauthn/challenges", {"password": PASSWORD}, **AT_EVIL)
    credential = SoftKey("另一个").makes(asked.json()["webauthn"], "evil.example")
    added = {"challenge": asked.json()["id"], "name": "另一个", "credential": credential}
    assert (await zhou.posts("/factors/webauthn", added)).json()["code"] == "challenge.other-site"


@pytest.mark.usefixtures("known")
async def test_a_wrong_signature_is_refused_and_the_challenge_is_gone(zhou: Person) -> None:
    asked = await asks(zhou, "certificate", [SHOWN])
    body = {"over": [SHOWN], "method": "certificate", "challenge": asked["id"]}
    wrong = await zhou.posts("/second-factor", body | of_another().signs(asked["text"]))
    assert (wrong.status_code, wrong.json()["code"]) == (401, "certificate.signature")
    right = await zhou.posts("/second-factor", body | token().signs(asked["text"]))
    assert right.json()["code"] == "challenge.gone"


async def test_a_certificate_of_somebody_else_signs_nothing_here(zhou: Person) -> None:
    """It is believed, and its organisation is not zhou's."""
    answer = await signs(zhou, token(), [SHOWN])
    assert (answer.status_code, answer.json()["code"]) == (403, "second-factor.certificate-not-own")


@pytest.mark.usefixtures("known")
async def test_a_challenge_of_a_colleague_is_of_no_use(people: dict[str, Person]) -> None:
    asked = await asks(people["an"], "certificate", [SHOWN])
    body = {"over": [SHOWN], "method": "certificate", "challenge": asked["id"]} | token().signs(asked["text"])
    assert (await people["zhou"].posts("/second-factor", body)).json()["code"] == "challenge.gone"


@pytest.mark.parametrize(
    ("method", "field"),
    [("password", "password"), ("totp", "code"), ("webauthn", "challenge"), ("certificate", "challenge")],
)
async def test_what_a_method_lacks_is_said_at_its_field(zhou: Person, method: str, field: str) -> None:
    answer = await zhou.posts("/second-factor", {"over": [SHOWN], "method": method})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_an_office_is_asked_for_no_challenge(people: dict[str, Person]) -> None:
    answer = await people["office"].posts(
        "/second-factor/challenges", {"method": "certificate", "over": [SHOWN]}
    )
    assert answer.status_code == 403


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("kind", ["sm2", "rsa"])
@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
async def test_the_stored_fact_is_verified_by_openssl_alone(zhou: Person, kind: Kind, tmp_path: Path) -> None:
    """From the JSON of the log: the certificate, the signed text, the signature; the text names the content."""
    proof = given(await signs(zhou, token(kind), [SHOWN])).certificate
    stored = encode(_fact().model_copy(update={"content_sha256": SHOWN, "certificate": proof}))
    fact = json.loads(stored)
    assert f"内容 {fact['content_sha256']}" in fact["certificate"]["text"].splitlines()
    assert openssl_agrees(fact["certificate"], tmp_path)
    changed = fact["certificate"] | {"text": fact["certificate"]["text"].replace(SHOWN, ALSO_SHOWN)}
    assert not openssl_agrees(changed, tmp_path)


def test_the_published_example_is_verified_by_another_library() -> None:
    fact = json.loads(_example())
    proof = fact["certificate"]
    assert f"内容 {fact['content_sha256']}" in proof["text"].splitlines()
    der = base64.b64decode(proof["certificate"])
    point = read(der).parsed.tbs_certificate_bytes
    key = point[point.index(b"\x03\x42\x00\x04") + 4 :][:64]
    signature = DSASignature.load(base64.b64decode(proof["signature"]))
    pair = (signature["r"].native.to_bytes(32, "big"), signature["s"].native.to_bytes(32, "big"))
    second = SM2(uid=b"1234567812345678", pk=b"\x04" + key)
    assert second.verify(proof["text"].encode(), *pair)
    assert not second.verify(proof["text"].encode() + b" ", *pair)


def _example() -> str:
    folder = checkout() / "libs/events/src/qingyuan_events/examples"
    return (folder / f"{EXAMPLE}.json").read_text()


def _fact() -> ConfirmationSignedV2:
    fact = decode(EXAMPLE, _example())
    assert isinstance(fact, ConfirmationSignedV2)
    assert isinstance(fact.by, UUID)
    return fact
