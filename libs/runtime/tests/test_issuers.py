"""Each issuer has its own keys, which are accepted only for its own tokens."""

import base64
import json
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from uuid import UUID

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey
from qingyuan_events import Actor
from qingyuan_local.keys import fresh_issuer_key, signing_keys, trusted_keys
from qingyuan_local.state import State
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.tokens import actors, evidence, issuers, second_factor
from qingyuan_runtime.tokens.actors import ACTING, SHOWING, Untrusted, Verifier
from qingyuan_runtime.tokens.evidence import Evidence
from qingyuan_runtime.tokens.issuers import NoSigningKey, NotIssued, Signer, Trusted
from qingyuan_runtime.topology import ISSUERS, Issuer

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
ZHOU = UUID(int=7)
OFFICER = Actor(account=ZHOU, kind="regulator", district="310118")
CONTENT = "a" * 64


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setattr(issuers, "_REFRESH_SECONDS", 0)
    return State.open(tmp_path)


def signer(state: State, issuer: Issuer) -> Signer:
    return Signer(issuer, signing_keys(state, issuer))


def trusted(state: State) -> Trusted:
    return Trusted(trusted_keys(state))


class Pretending:
    """Signs with the key of one issuer as another issuer."""

    def __init__(self, state: State, mine: Issuer) -> None:
        (path,) = signing_keys(state, mine).iterdir()
        self._key, self._name = issuers.read_key(path), path.stem

    def sign(self, issuer: Issuer, claims: issuers.Claims) -> str:
        assert self._key
        return issuers._signed(issuer, self._name, claims, self._key)


@pytest.mark.parametrize(("mine", "other"), list(product(ISSUERS, ISSUERS)))
def test_an_issuer_is_believed_for_itself_alone(state: State, mine: Issuer, other: Issuer) -> None:
    token = signer(state, mine).sign(mine, {"sub": "x"})
    if mine == other:
        assert trusted(state).read(token, other)["sub"] == "x"
        return
    with pytest.raises(NotIssued):
        trusted(state).read(token, other)
    with pytest.raises(NotIssued):
        trusted(state).read(Pretending(state, mine).sign(other, {"sub": "x"}), other)
    with pytest.raises(NoSigningKey):
        signer(state, mine).sign(other, {})


@pytest.mark.parametrize("mine", ["accounts", "files", "views", "messages"])
def test_only_the_gateway_says_who_is_acting(state: State, mine: Issuer) -> None:
    forged = actors.issue(OFFICER, Pretending(state, mine), now=NOW.timestamp())
    with pytest.raises(Untrusted):
        Verifier(trusted(state)).verify(forged, now=NOW.timestamp())


@pytest.mark.parametrize("mine", ["gateway", "files", "views", "messages"])
def test_only_accounts_knows_of_a_second_factor(state: State, mine: Issuer) -> None:
    token = second_factor.issue(ZHOU, [CONTENT], Pretending(state, mine), NOW).token
    with pytest.raises(second_factor.Unproven):
        second_factor.verify(token, ZHOU, CONTENT, trusted(state), NOW)


@pytest.mark.parametrize("mine", ["gateway", "accounts", "views", "messages"])
def test_only_files_knows_of_files(state: State, mine: Issuer) -> None:
    token = evidence.issue(ZHOU, Evidence({}, frozenset()), Pretending(state, mine), NOW).token
    with pytest.raises(Refused):
        evidence.verify(token, ZHOU, trusted(state), NOW)


def test_views_may_show_an_image_to_somebody_and_act_for_nobody(state: State) -> None:
    token = actors.issue(OFFICER, signer(state, "views"), now=NOW.timestamp(), purpose=SHOWING)
    at = {"now": NOW.timestamp()}
    assert Verifier(trusted(state), ACTING, SHOWING).verify(token, **at) == OFFICER
    with pytest.raises(Untrusted):
        Verifier(trusted(state)).verify(token, **at)
    with pytest.raises(NoSigningKey):
        actors.issue(OFFICER, signer(state, "views"), **at)


def test_the_newest_key_signs_and_an_old_one_is_believed_until_it_is_taken_away(state: State) -> None:
    speaks, listens = signer(state, "gateway"), trusted(state)
    old = speaks.sign("gateway", {"n": 1})
    (first,) = (path.stem for path in signing_keys(state, "gateway").iterdir())
    name = fresh_issuer_key(state, "gateway")
    new = speaks.sign("gateway", {"n": 2})
    assert [jwt_header(token)["kid"] for token in (old, new)] == [first, name]
    assert [listens.read(token, "gateway")["n"] for token in (old, new)] == [1, 2]
    (trusted_keys(state) / "gateway" / f"{first}.json").unlink()
    assert listens.read(new, "gateway")["n"] == 2
    with pytest.raises(NotIssued):
        listens.read(old, "gateway")


@pytest.fixture
def no_refresh(state: State, monkeypatch: pytest.MonkeyPatch) -> State:
    """Key folders are not read again after some time."""
    monkeypatch.setattr(issuers, "_REFRESH_SECONDS", float("inf"))
    return state


@pytest.mark.parametrize("issuer", ISSUERS)
def test_whoever_listens_knows_a_new_key_as_soon_as_it_signs(no_refresh: State, issuer: Issuer) -> None:
    """The signing process may read a new key two seconds earlier than the verifying one."""
    listens = trusted(no_refresh)
    listens.read(signer(no_refresh, issuer).sign(issuer, {"n": 0}), issuer)
    for n in range(1, 4):
        fresh_issuer_key(no_refresh, issuer)
        assert listens.read(signer(no_refresh, issuer).sign(issuer, {"n": n}), issuer)["n"] == n


@pytest.mark.parametrize("issuer", ISSUERS)
def test_whoever_speaks_leaves_a_key_that_was_taken_away_at_once(no_refresh: State, issuer: Issuer) -> None:
    speaks = signer(no_refresh, issuer)
    (leaked,) = (path.stem for path in signing_keys(no_refresh, issuer).iterdir())
    assert jwt_header(speaks.sign(issuer, {"n": 1}))["kid"] == leaked
    fresh_issuer_key(no_refresh, issuer)
    for folder in (signing_keys(no_refresh, issuer), trusted_keys(no_refresh) / issuer):
        (folder / f"{leaked}.json").unlink()
    assert trusted(no_refresh).read(speaks.sign(issuer, {"n": 2}), issuer)["n"] == 2


def test_who_sends_unknown_key_names_makes_nobody_read_the_keys(
    no_refresh: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    listens, read = trusted(no_refresh), []
    (key_file,) = (trusted_keys(no_refresh) / "gateway").iterdir()
    key_file.with_name("spoilt.json").write_text("{")
    listens.read(signer(no_refresh, "gateway").sign("gateway", {}), "gateway")
    monkeypatch.setattr(issuers, "read_key", read.append)
    for name in ("nobody", "spoilt", "../gateway/" + key_file.stem, "", "*"):
        with pytest.raises(NotIssued):
            listens.read(issuers._signed("gateway", name, {}, OKPKey.generate_key("Ed25519")), "gateway")
    assert read == []


def jwt_header(token: str) -> dict[str, str]:
    head = token.partition(".")[0]
    found: dict[str, str] = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    return found


def test_no_public_key_is_taken_for_a_secret(state: State) -> None:
    """A known attack: an HMAC whose secret is the public key."""
    (path,) = (trusted_keys(state) / "gateway").iterdir()
    text = path.read_bytes()
    for secret in (text, json.loads(text)["x"].encode()):
        header = {"alg": "HS256", "kid": path.stem}
        forged = jwt.encode(header, {"iss": "gateway", "sub": "x"}, OctKey.import_key(secret))
        with pytest.raises(NotIssued):
            trusted(state).read(forged, "gateway")


@pytest.mark.parametrize(
    "text", ["", "a.b.c", "é", "...", "bnVsbA.bnVsbA.bnVsbA", "W10.W10.W10", "a" * 50_000]
)
def test_what_is_no_token_is_refused(state: State, text: str) -> None:
    with pytest.raises(NotIssued):
        trusted(state).read(text, "gateway")


def test_a_file_that_holds_no_key_spoils_no_other(state: State) -> None:
    for folder in (signing_keys(state, "gateway"), trusted_keys(state) / "gateway"):
        (folder / "99999999.json").write_text("{")
    token = signer(state, "gateway").sign("gateway", {"sub": "x"})
    assert trusted(state).read(token, "gateway")["sub"] == "x"
