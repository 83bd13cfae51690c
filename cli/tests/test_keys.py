"""Keys are changed from the command line: what was signed before stays believed until its key is retired."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from believing import delivered, message
from qingyuan_cli import keys
from qingyuan_cli.app import app
from qingyuan_local.keys import keys_of, log_keys, signing_keys, trusted_keys
from qingyuan_local.state import State
from qingyuan_runtime import issuing, signing
from qingyuan_runtime.issuing import NotIssued, Signer, Trusted
from qingyuan_runtime.signing import Keyring
from qingyuan_runtime.topology import ISSUERS, WITH_LOG, Issuer
from typer.testing import CliRunner


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setenv("QINGYUAN_STATE", str(tmp_path))
    for module in (issuing, signing):
        monkeypatch.setattr(module, "_LOOK_AGAIN_SECONDS", 0)
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
