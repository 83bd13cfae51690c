"""A fact's place: its id, and the headers that carry both to Kafka and back."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

import pytest
from qingyuan_events import (
    Actor,
    Meta,
    Recorded,
    decode,
    encode,
    event_id,
    from_message,
    generate,
    to_headers,
)
from qingyuan_events.envelope import STREAM_NAMESPACE, Fact

TYPE = "outlet.closed.v1"
FACT: Fact = decode(TYPE, (generate.EXAMPLES / f"{TYPE}.json").read_text())
META = Meta(actor=Actor(account=UUID(int=9), kind="system"), command_id=UUID(int=1), correlation=UUID(int=2))
WHEN = datetime(2026, 11, 1, 8, tzinfo=UTC)


def headers(epoch: int = 1, **changed: bytes) -> dict[str, bytes]:
    made = to_headers(
        source="registry",
        stream="outlet-1",
        version=3,
        type_=TYPE,
        recorded_at=WHEN,
        meta=META,
        epoch=epoch,
    )
    return dict(made) | changed


@pytest.mark.parametrize("epoch", [0, 1, 2, 7])
def test_what_is_sent_comes_back_the_same(epoch: int) -> None:
    assert from_message(headers(epoch), encode(FACT)) == Recorded("outlet-1", 3, WHEN, META, FACT, epoch)


def test_ids_that_were_published_before_epochs_travelled_stay() -> None:
    known = uuid5(STREAM_NAMESPACE, "outlet-1/3")
    assert {event_id("outlet-1", 3), event_id("outlet-1", 3, 0), event_id("outlet-1", 3, 1)} == {known}
    assert headers()["ce_id"] == str(known).encode()


def test_a_version_given_again_after_a_restore_has_another_id() -> None:
    lost, later = (from_message(headers(epoch), encode(FACT)) for epoch in (1, 2))
    assert later.id == event_id("outlet-1", 3, 2) != lost.id
    assert headers(2)["ce_id"] == str(later.id).encode()


def test_a_message_without_an_epoch_is_of_the_first() -> None:
    old = headers(2)
    del old["ce_epoch"]
    assert from_message(old, encode(FACT)).epoch == 1


@pytest.mark.parametrize("text", ["-1", "+1", " 1", "１", "1_0", "", "x", "9" * 19])
def test_a_number_is_what_we_write_and_nothing_else(text: str) -> None:
    for name in ("ce_streamversion", "ce_epoch"):
        with pytest.raises(ValueError, match="no number"):
            from_message(headers(**{name: text.encode()}), encode(FACT))
