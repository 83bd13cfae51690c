"""The greatest epoch in a topic, so that none is begun a second time."""

from collections.abc import Sequence
from pathlib import Path

from qingyuan_runtime.bus.memory import MemoryPublisher, MemoryReader, MemoryTopic
from qingyuan_runtime.bus.port import Message, OffsetGone, Reader
from qingyuan_runtime.bus.signing import Keyring
from qingyuan_runtime.publishing.epochs import published_epoch
from sample_messages import message, put_key


async def greatest(messages: Sequence[Message], keys: Keyring) -> int:
    topic = MemoryTopic(3)
    await MemoryPublisher(topic).publish(messages)

    async def reader() -> Reader:
        return MemoryReader(topic)

    return await published_epoch(reader, keys)


async def test_the_greatest_epoch_may_lie_before_what_a_restored_relay_repeats(tmp_path: Path) -> None:
    put_key(tmp_path, "20260101")
    keys = Keyring(tmp_path)
    sent = [message(version=1, epoch=epoch, keys=keys) for epoch in (1, 7_000, 1, 1)]
    assert await greatest(sent, keys) == 7_000
    assert await greatest([], keys) == 0


async def test_who_has_no_key_of_the_owner_uses_up_no_epochs(tmp_path: Path) -> None:
    put_key(tmp_path / "ours", "20260101")
    put_key(tmp_path / "theirs", "20260101")
    keys = Keyring(tmp_path / "ours")
    far = 2**31 - 1
    forged = [
        message(epoch=far),
        message(epoch=far, keys=Keyring(tmp_path / "theirs")),
        Message(b"", b"", []),
    ]
    assert await greatest([message(epoch=5, keys=keys), *forged], keys) == 5


async def test_a_topic_that_is_not_there_tells_of_none(tmp_path: Path) -> None:
    class Nowhere(MemoryReader):
        async def beginnings(self) -> dict[int, int]:
            raise OffsetGone("it does not exist")

    async def reader() -> Reader:
        return Nowhere(MemoryTopic(1))

    assert await published_epoch(reader, Keyring(tmp_path)) == 0
