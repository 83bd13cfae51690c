"""Work for somebody who waits for its answer, and who may stop waiting."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request

R = TypeVar("R")


async def while_there(request: Request, work: Coroutine[Any, Any, R]) -> R:
    """What `work` gives; it is cancelled when the asker hangs up. Raises `ClientDisconnect` then, which nobody hears.

    For questions alone, and after the body was read: a command goes on, whether or not somebody hears of it.
    """
    doing, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait((doing, leaving), return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            return doing.result()
        raise ClientDisconnect
    finally:
        doing.cancel()
        leaving.cancel()
        await asyncio.gather(doing, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
