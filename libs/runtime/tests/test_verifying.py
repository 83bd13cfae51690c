"""Messages are verified by the owner's signature, or else by the owner's log, and by nothing else."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from qingyuan_runtime.bus import signing
from qingyuan_runtime.bus.port import Delivered
from qingyuan_runtime.bus.signing import Keyring, NoKeys, signed_bytes
from qingyuan_runtime.following.verifying import VerificationNotConfigured, VerifiedByLog
from qingyuan_runtime.process.unavailable import is_unavailable
from sample_messages import Rows, delivered, message, put_key


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    put_key(tmp_path, "20260101")
    return Keyring(tmp_path)


def changed(record: Delivered, header: str, value: bytes) -> Delivered:
    return replace(record, headers={**record.headers, header: value})


async def refused(trust: VerifiedByLog, *records: Delivered) -> list[str]:
    verified = await trust.verify(records, "test")
    assert len(verified.genuine) + len(verified.forged) == len(records)
    return [poison.error for poison in verified.forged]


async def test_what_the_owner_signed_is_believed_and_nobody_asks_the_log(keys: Keyring) -> None:
    rows = Rows()
    record = delivered(message(keys=keys))
    assert await refused(VerifiedByLog(keys, rows), record) == []
    assert rows.reads == 0


CHANGES = {
    "ce_type": b"outlet.closed.v1",
    "ce_subject": b"outlet-1",
    "ce_streamversion": b"2",
    "ce_epoch": b"2",
    "ce_time": b"2027-01-01T00:00:00+00:00",
    "ce_actor": b'{"account":"00000000-0000-0000-0000-000000000000","kind":"system"}',
    "ce_commandid": b"00000000-0000-0000-0000-000000000000",
    "ce_correlationid": b"00000000-0000-0000-0000-000000000000",
    "ce_causationid": b"00000000-0000-0000-0000-000000000000",
    "ce_id": b"00000000-0000-0000-0000-000000000000",
    "ce_source": b"/qingyuan/tasks",
    "ce_traceparent": b"00-ab-cd-01",
    "ce_signature": b"",
}


@pytest.mark.parametrize("header", CHANGES)
async def test_nothing_that_is_signed_can_be_changed(keys: Keyring, header: str) -> None:
    record = changed(delivered(message(keys=keys)), header, CHANGES[header])
    rows = Rows()
    rows.hold("outlet-0", 1)
    assert await refused(VerifiedByLog(keys, rows), record) == ["forged: wrong signature"]


async def test_neither_can_its_value_its_key_nor_what_is_left_out(keys: Keyring) -> None:
    whole = delivered(message(keys=keys))
    less = {name: raw for name, raw in whole.headers.items() if name != "ce_epoch"}
    others = (
        replace(whole, value=whole.value + b" "),
        replace(whole, key=b"outlet-1"),
        replace(whole, headers=less),
    )
    assert await refused(VerifiedByLog(keys, None), *others) == ["forged: wrong signature"] * 3


def test_no_two_messages_are_signed_as_the_same_bytes() -> None:
    """Bytes moved from one part to the next, missing parts and empty parts all give different bytes to sign."""
    signed = [
        signed_bytes(b"a", {"ce_type": b"bc"}, b"d"),
        signed_bytes(b"ab", {"ce_type": b"c"}, b"d"),
        signed_bytes(b"a", {"ce_type": b"b"}, b"cd"),
        signed_bytes(b"a", {"ce_type": b"", "ce_subject": b"bc"}, b"d"),
        signed_bytes(b"a", {"ce_subject": b"bc"}, b"d"),
    ]
    assert all(first != second for first, second in combinations(signed, 2))


async def test_the_newest_key_signs_and_all_that_are_there_verify(
    tmp_path: Path, keys: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "_REFRESH_SECONDS", 0)
    old = delivered(message(keys=keys))
    put_key(tmp_path, "20260601")
    new = delivered(message(keys=keys), 1)
    assert (old.headers["ce_keyid"], new.headers["ce_keyid"]) == (b"20260101", b"20260601")
    trust = VerifiedByLog(keys, None)
    assert await refused(trust, old, new) == []
    (tmp_path / "20260101").unlink()
    assert len(await refused(trust, old)) == 1
    assert await refused(trust, new) == []


async def test_a_key_that_is_not_known_here_leaves_the_word_to_the_log(tmp_path: Path, keys: Keyring) -> None:
    """A follower that does not have the new key yet must not lose messages, nor accept forged ones."""
    put_key(tmp_path / "new", "20260601")
    record = delivered(message(keys=Keyring(tmp_path / "new")))
    rows = Rows()
    assert len(await refused(VerifiedByLog(keys, rows), record)) == 1
    rows.hold("outlet-0", 1)
    assert await refused(VerifiedByLog(keys, rows), record) == []


async def test_what_bears_no_signature_is_what_the_log_says_or_forged(keys: Keyring) -> None:
    rows = Rows()
    rows.hold("outlet-0", 1)
    genuine, other = delivered(message()), delivered(message(name="另一个"), 1)
    ahead, older = delivered(message(version=2), 2), delivered(message(epoch=2), 3)
    elsewhere = replace(delivered(message(), 4), key=b"outlet-7")
    verified = await VerifiedByLog(keys, rows).verify([genuine, other, ahead, older, elsewhere], "test")
    assert verified.genuine == [genuine]
    assert [poison.error for poison in verified.forged] == [
        "forged: its owner's log says otherwise: data",
        "forged: no signature that is known here, and not in its owner's log",
        "forged: its owner's log says otherwise: epoch",
        "forged: its key is not its stream",
    ]


async def test_what_cannot_be_read_is_refused_and_ends_nothing(keys: Keyring) -> None:
    whole = delivered(message())
    garbage = [
        Delivered(0, 1, b"", b"", {}),
        Delivered(0, 2, b"\xff\x00", b"\xff", {"ce_subject": b"\xff", "ce_keyid": b"\xff"}),
        replace(changed(whole, "ce_streamversion", b"nine"), offset=3),
        replace(changed(whole, "ce_actor", b"{}"), offset=4),
        replace(changed(whole, "ce_signature", b"x"), offset=5),
    ]
    for trust in (VerifiedByLog(keys, Rows()), VerifiedByLog(keys, None)):
        assert len(await refused(trust, *garbage)) == len(garbage)


async def test_who_knows_neither_keys_nor_log_waits_for_them() -> None:
    with pytest.raises(VerificationNotConfigured) as error:
        await VerifiedByLog(None, None).verify([delivered(message())], "test")
    assert is_unavailable(error.value)


def test_nothing_is_published_unsigned_for_want_of_a_key(tmp_path: Path) -> None:
    (tmp_path / "short").write_text("c2hvcnQ=")
    (tmp_path / "torn").write_text("?")
    (tmp_path / "20260101.new").write_text("")
    with pytest.raises(NoKeys):
        message(keys=Keyring(tmp_path))
