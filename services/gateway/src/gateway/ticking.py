"""The parts of a stream, and a moment to look around while none comes."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, nullcontext


async def with_ticks(content: AsyncIterator[bytes], seconds: float) -> AsyncGenerator[bytes | None]:
    """The content; None whenever nothing came for so long. Its source is closed with it."""
    async with aclosing(content) if isinstance(content, AsyncGenerator) else nullcontext():
        coming: asyncio.Future[bytes | None] | None = None
        try:
            while True:
                coming = coming or asyncio.ensure_future(anext(content, None))
                await asyncio.wait({coming}, timeout=seconds)
                if not coming.done():
                    yield None
                    continue
                part, coming = coming.result(), None
                if part is None:
                    return
                yield part
        finally:
            if coming:
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)
