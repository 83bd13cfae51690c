"""Closing never replaces the error that is being handled, never hangs, and never swallows a cancellation."""

import asyncio

import pytest
from qingyuan_runtime.process.closing import close, opened, quietly


class Client:
    """Closes in the way it is told to."""

    def __init__(self, way: str) -> None:
        self.way = way
        self.terminated = False

    async def close(self) -> None:
        if self.way == "raises":
            raise RuntimeError("closing failed")
        if self.way == "leaks":
            raise asyncio.CancelledError
        if self.way == "hangs":
            await asyncio.sleep(3600)

    def terminate(self) -> None:
        self.terminated = True


async def made(way: str) -> Client:
    return Client(way)


@pytest.mark.parametrize("way", ["well", "raises", "leaks", "hangs"])
async def test_the_error_that_is_handled_stays(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qingyuan_runtime.process.closing.SECONDS", 0.05)
    with pytest.raises(KeyError):
        async with opened(made(way)):
            raise KeyError("what really happened")


async def test_what_does_not_close_is_cut_off() -> None:
    client = Client("hangs")
    await close(client, within=0.01)
    assert client.terminated


async def test_our_own_cancellation_still_works() -> None:
    begun = asyncio.Event()

    async def work() -> None:
        async with opened(made("leaks")):
            begun.set()
            await asyncio.sleep(3600)

    task = asyncio.create_task(work())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert task.cancelled()


async def test_a_cancelled_closer_does_not_wait() -> None:
    task = asyncio.create_task(quietly(asyncio.sleep(3600), within=3600))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
