"""Work is cancelled when its client disconnects."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from qingyuan_runtime.edge.hang_ups import while_connected
from starlette.requests import ClientDisconnect, Request


def asking(hangs_up: asyncio.Event) -> Request:
    messages = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        await hangs_up.wait()
        return {"type": "http.disconnect"}

    return Request({"type": "http"}, receive)


class Work:
    """Runs until `end` is set, and records how it ended."""

    def __init__(self) -> None:
        self.begun, self.end = asyncio.Event(), asyncio.Event()
        self.ended = ""

    async def do(self) -> str:
        self.begun.set()
        try:
            await self.end.wait()
        except asyncio.CancelledError:
            self.ended = "cancelled"
            raise
        self.ended = "done"
        return "answer"


async def test_who_waits_is_answered() -> None:
    work = Work()
    work.end.set()
    assert await while_connected(asking(asyncio.Event()), work.do()) == "answer"


async def test_what_goes_wrong_is_told_to_who_waits() -> None:
    async def wrong() -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        await while_connected(asking(asyncio.Event()), wrong())


def hang_up(gone: asyncio.Event, _task: "asyncio.Task[str]") -> None:
    gone.set()


def cancel(_gone: asyncio.Event, task: "asyncio.Task[str]") -> None:
    task.cancel()


@pytest.mark.parametrize(
    ("happens", "raised"), [(hang_up, ClientDisconnect), (cancel, asyncio.CancelledError)]
)
async def test_work_ends_with_who_asked_for_it(
    happens: Callable[[asyncio.Event, "asyncio.Task[str]"], None], raised: type[BaseException]
) -> None:
    work, gone = Work(), asyncio.Event()
    task = asyncio.create_task(while_connected(asking(gone), work.do()))
    await work.begun.wait()
    happens(gone, task)
    with pytest.raises(raised):
        await task
    assert work.ended == "cancelled"
