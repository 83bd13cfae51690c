"""Keys are changed from the command line: what was signed before stays believed until its key is retired."""

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from joserfc import jws
from qingyuan_cli import keys
from qingyuan_cli.app import app
from qingyuan_local import keys as local_keys
from qingyuan_local.keys import keys_of, log_keys, signing_keys, trusted_keys
from qingyuan_local.state import State
from qingyuan_runtime.bus import signing
from qingyuan_runtime.bus.signing import Keyring
from qingyuan_runtime.tokens import issuers as issuing
from qingyuan_runtime.tokens.issuers import NotIssued, Signer, Trusted
from qingyuan_runtime.topology import ISSUERS, WITH_LOG, Issuer
from sample_messages import delivered, message
from typer.testing import CliRunner


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setenv("QINGYUAN_STATE", str(tmp_path))
    for module in (issuing, signing):
        monkeypatch.setattr(module, "_REFRESH_SECONDS", 0)
    return State.open(tmp_path)


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["keys", *arguments], env={**os.environ, "TERMINAL_WIDTH": "200"})
    assert done.exit_code == code, done.output
    return done.output


def later(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    monkeypatch.setattr(keys, "now", lambda: datetime.now(UTC) + timedelta(**time))


@pytest.mark.parametrize("service", WITH_LOG)
def test_messages_from_before_and_after_verify_and_the_old_key_can_be_retired(
    state: State, monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    relay, follower = (Keyring(log_keys(state) / service) for _ in range(2))
    before = delivered(message(version=1, keys=relay))
    assert "开始签名" in run("rotate", service)
    after = delivered(message(version=2, keys=relay))
    assert before.headers[signing.KEY_ID] < after.headers[signing.KEY_ID]
    assert [follower.verify(record) for record in (before, after)] == [True, True]

    later(monkeypatch, days=89)
    assert "没有可以停用的旧密钥；须等新密钥启用满 90 天" in run("retire", service)
    assert follower.verify(before)
    later(monkeypatch, days=91)
    assert "已停用" in run("retire", service)
    assert [follower.verify(record) for record in (before, after)] == [None, True]
    assert delivered(message(version=3, keys=relay)).headers[signing.KEY_ID] == after.headers[signing.KEY_ID]


@pytest.mark.parametrize("issuer", ISSUERS)
def test_tokens_from_before_and_after_are_believed_and_the_old_key_can_be_retired(
    state: State, monkeypatch: pytest.MonkeyPatch, issuer: Issuer
) -> None:
    speaks, listens = Signer(issuer, signing_keys(state, issuer)), Trusted(trusted_keys(state))
    before = speaks.sign(issuer, {"n": 1})
    run("rotate", issuer)
    after = speaks.sign(issuer, {"n": 2})
    assert [listens.read(token, issuer)["n"] for token in (before, after)] == [1, 2]

    later(monkeypatch, minutes=59)
    assert "须等新密钥启用满 60 分钟" in run("retire", issuer)
    assert listens.read(before, issuer)
    later(monkeypatch, minutes=61)
    run("retire", issuer)
    assert listens.read(after, issuer)["n"] == 2
    with pytest.raises(NotIssued):
        listens.read(before, issuer)
    assert len(list(signing_keys(state, issuer).iterdir())) == 1, "the private half is gone, too"


def test_a_key_that_leaked_is_retired_at_once_and_the_newest_never_is(state: State) -> None:
    for owner in keys.OWNERS:
        (first,) = keys_of(state, owner)
        run("rotate", owner)
        run("retire", owner, "--at-once")
        (second,) = keys_of(state, owner)
        assert second > first
        run("retire", owner, "--at-once")
        assert list(keys_of(state, owner)) == [second]


def signs(state: State, owner: str) -> str:
    """The name of the key by which its own process signs."""
    if owner in WITH_LOG:
        return (
            delivered(message(version=1, keys=Keyring(log_keys(state) / owner)))
            .headers[signing.KEY_ID]
            .decode()
        )
    issuer = cast("Issuer", owner)
    token = Signer(issuer, signing_keys(state, issuer)).sign(issuer, {"n": 1})
    Trusted(trusted_keys(state)).read(token, issuer)
    return str(jws.extract_compact(token.encode()).headers()["kid"])


def named(state: State, owner: str, name: str) -> None:
    """The only key gets another name, as by a clock that was ahead or by a person's hand."""
    for path in keys_of(state, owner)[signs(state, owner)]:
        path.rename(path.with_name(name + path.suffix))


LAST = ("20990101T000000-000000000", "20991399T999999-999999999", "key-20990101T000000-000000000", "zz", "2")
OWNERS = pytest.mark.parametrize("owner", keys.OWNERS)


@OWNERS
@pytest.mark.parametrize("last", LAST)
def test_the_new_key_signs_whatever_the_last_one_is_called(state: State, owner: str, last: str) -> None:
    """A clock was ahead when the last one was made, or is behind now; or somebody gave it a name by hand."""
    named(state, owner, last)
    assert signs(state, owner) == last
    for _ in range(2):
        old = list(keys_of(state, owner))
        name = signs_after_rotate(state, owner)
        assert f"已停用 {'、'.join(old)}。" in run("retire", owner, "--at-once")
        assert list(keys_of(state, owner)) == [name] == [signs(state, owner)]


def signs_after_rotate(state: State, owner: str) -> str:
    said = run("rotate", owner)
    name = signs(state, owner)
    assert f"新密钥 {name} 开始签名" in said
    return name


@OWNERS
def test_a_key_with_a_name_of_its_own_holds_up_no_retiring_for_ever(
    state: State, monkeypatch: pytest.MonkeyPatch, owner: str
) -> None:
    (first,) = keys_of(state, owner)
    signs_after_rotate(state, owner)
    named(state, owner, "zz-by-hand")
    assert "没有可以停用的旧密钥" in run("retire", owner)
    later(monkeypatch, days=91)
    assert f"已停用 {first}。" in run("retire", owner)
    assert list(keys_of(state, owner)) == ["zz-by-hand"]


def test_who_is_told_that_a_key_signs_is_told_the_truth(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else put one in that comes later, in the same moment."""
    (signing_now,) = keys_of(state, "gateway")
    monkeypatch.setattr(keys, "fresh_key", lambda *_: "0")
    assert f"gateway：新密钥 0 没有启用，签名的仍是 {signing_now}" in run("rotate", "gateway")


def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for one more file."""
    room, write = iter([True]), local_keys.write_private

    def written(path: Path, text: str) -> None:
        if not next(room, False):
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, text)

    monkeypatch.setattr(local_keys, "write_private", written)


@pytest.mark.parametrize("issuer", ISSUERS)
def test_half_a_pair_counts_for_nothing(
    state: State, monkeypatch: pytest.MonkeyPatch, issuer: Issuer
) -> None:
    (first,) = keys_of(state, issuer)
    with monkeypatch.context() as patched:
        full_disk(patched)
        with pytest.raises(OSError, match="No space"):
            keys.act(state, "rotate", issuer, at_once=False)
    (half,) = {path.stem for path in (trusted_keys(state) / issuer).iterdir()} - {first}
    assert f"{issuer}：{first} 签名；只有一半，不能用：{half}" in run()
    later(monkeypatch, minutes=61)
    assert "没有可以停用的旧密钥" in run("retire", issuer)
    assert "没有可以停用的旧密钥" in run("retire", issuer, "--at-once")
    assert signs(state, issuer) == first

    name = signs_after_rotate(state, issuer)
    run("retire", issuer, "--at-once")
    assert {path.stem for path in (trusted_keys(state) / issuer).iterdir()} == {name}, "the half is gone, too"


@pytest.mark.parametrize("issuer", ISSUERS)
def test_what_a_retiring_that_died_left_of_a_leaked_key_goes_the_next_time(
    state: State, issuer: Issuer
) -> None:
    """Its private half went first; the public one is what makes it believed."""
    (leaked,) = keys_of(state, issuer)
    name = signs_after_rotate(state, issuer)
    (signing_keys(state, issuer) / f"{leaked}.json").unlink()
    assert f"只有一半，不能用：{leaked}" not in run(), "it still verifies"
    assert f"已停用 {leaked}" in run("retire", issuer, "--at-once")
    assert {path.stem for path in (trusted_keys(state) / issuer).iterdir()} == {name}


@OWNERS
def test_a_file_that_holds_no_key_is_no_key(state: State, owner: str) -> None:
    (first,) = keys_of(state, owner)
    for path in keys_of(state, owner)[first]:
        path.with_name("zz" + path.suffix).write_text("{")
    assert f"{owner}：{first} 签名" in run()
    assert "没有可以停用的旧密钥" in run("retire", owner, "--at-once")
    assert signs(state, owner) == first
    assert signs_after_rotate(state, owner) > "zz"


def test_all_are_listed_and_changed_together(state: State) -> None:
    before = {owner: list(keys_of(state, owner)) for owner in keys.OWNERS}
    run("rotate")
    shown = run()
    for owner, (old,) in before.items():
        *known, newest = keys_of(state, owner)
        assert known == [old]
        assert f"{owner}：{newest} 签名；仍可核对：{old}" in shown


@pytest.mark.parametrize("wrong", [("burn",), ("rotate", "nobody"), ("retire", "../secrets")])
def test_what_is_not_understood_changes_nothing(state: State, wrong: tuple[str, ...]) -> None:
    run(*wrong, code=1)
    assert all(len(keys_of(state, owner)) == 1 for owner in keys.OWNERS)
