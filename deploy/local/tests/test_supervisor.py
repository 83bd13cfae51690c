"""What the supervisor does where the disk is full for a while."""

import errno

import pytest
from qingyuan_local import supervisor


async def test_what_has_no_room_is_done_once_as_soon_as_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "DISK_PAUSE", 0.0)
    full, done = [OSError(errno.ENOSPC, "no space left")] * 2, list[str]()

    async def start() -> None:
        if full:
            raise full.pop()
        done.append("started")

    await supervisor.retry_on_full_disk(start)
    assert (full, done) == ([], ["started"])


async def test_what_fails_otherwise_is_not_done_again() -> None:
    async def start() -> None:
        raise RuntimeError("no child of ours")

    with pytest.raises(RuntimeError):
        await supervisor.retry_on_full_disk(start)
