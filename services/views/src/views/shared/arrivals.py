"""Waiting until a read model has reached a version of a stream: one database query serves all who wait."""

import asyncio
from collections import Counter

import structlog
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.process.unavailable import UNAVAILABLE, Backoff

from views.shared.scope import Scope
from views.shared.shown import shown

PAUSE = 0.01

log = structlog.get_logger()


class Arrivals:
    """While somebody waits, one task reads the versions of all awaited streams every `PAUSE` seconds."""

    def __init__(self, pool: Pool, model: str) -> None:
        self._pool = pool
        self._versions_of = _versions_of(model)
        self._awaited: Counter[str] = Counter()
        self._versions: dict[str, int] = {}
        self._versions_read = asyncio.Condition()
        self._polling: asyncio.Task[None] | None = None
        self._backoff = Backoff(role="api")

    async def wait(self, stream: str, version: int, scope: Scope) -> None:
        """Returns when the model has reached `version` of `stream`.

        Never returns for a scope that may not see the stream.
        """
        self._awaited[stream] += 1
        try:
            async with self._versions_read:
                self._start_polling()
                await self._versions_read.wait_for(lambda: self._versions.get(stream, 0) >= version)
        finally:
            self._stop_awaiting(stream)
        if not await shown(self._pool, scope, stream):
            await asyncio.Event().wait()

    def _stop_awaiting(self, stream: str) -> None:
        self._awaited[stream] -= 1
        if not self._awaited[stream]:
            del self._awaited[stream]
            self._versions.pop(stream, None)

    def _start_polling(self) -> None:
        if self._polling is None or self._polling.done():
            self._polling = asyncio.create_task(self._poll())

    async def _poll(self) -> None:
        while self._awaited:
            await self._read()
            async with self._versions_read:
                self._versions_read.notify_all()
            await asyncio.sleep(PAUSE)
        self._backoff.reset()

    async def _read(self) -> None:
        try:
            rows = await self._pool.fetch(self._versions_of, list(self._awaited))
        except UNAVAILABLE as error:
            log.warning("arrivals.interrupted", reason=error)
            await self._backoff.after(error)
        else:
            self._backoff.reset()
            self._versions |= {row["stream_id"]: row["version"] for row in rows}


def _versions_of(model: str) -> str:
    return f'select stream_id, version from "{model}".projection_stream where stream_id = any($1)'
