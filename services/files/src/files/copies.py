"""The copies that are shown: made when first asked for, kept in the store beside their original."""

import asyncio
from collections import Counter
from typing import Final, Literal

import structlog
from qingyuan_runtime.process import isolated as confined

from files.checking.sniffing import SHOWABLE
from files.library import File
from files.store import FileStore, Stored

Size = Literal["thumb", "page"]
LONGEST: Final[dict[Size, int]] = {"thumb": 320, "page": 1600}
"""Pixels of the longer side."""

MAKE_COPY: Final = "files.checking.images:make_copy"
SECONDS: Final = 60
MEGABYTES: Final = 2048
TRIES_MAX: Final = 3

log = structlog.get_logger()


class Copies:
    def __init__(self, store: FileStore) -> None:
        self._store = store
        self._one_at_a_time = asyncio.Lock()
        self._tries: Counter[str] = Counter()

    async def shown(self, file: File, size: Size) -> Stored | None:
        """The copy; None where the original is no image that can be decoded here."""
        if file.media_type not in SHOWABLE:
            return None
        return _unless_empty(await self._store.copy(file.sha256, size) or await self._made(file, size))

    async def _made(self, file: File, size: Size) -> Stored | None:
        """Decoding takes memory by the hundred megabytes, so one image at a time."""
        async with self._one_at_a_time:
            if found := await self._store.copy(file.sha256, size):
                return found
            original = await self._store.original(file.sha256)
            if original is None:
                return None
            content = await self._copy(await original.whole(), file.sha256, size)
        if content is None:
            return None
        await self._store.put_copy(file.sha256, size, content)
        return await self._store.copy(file.sha256, size)

    async def _copy(self, content: bytes, sha256: str, size: Size) -> bytes | None:
        """Empty when it has failed often enough: an image that kills its decoder is not decoded for ever."""
        try:
            made: bytes = await confined.call(
                MAKE_COPY, content, LONGEST[size], seconds=SECONDS, megabytes=MEGABYTES
            )
        except confined.Unfinished as unfinished:
            self._tries[sha256] += 1
            log.warning("copy.failed", sha256=sha256, tries=self._tries[sha256], reason=unfinished)
            return b"" if self._tries[sha256] >= TRIES_MAX else None
        return made


def _unless_empty(copy: Stored | None) -> Stored | None:
    return copy if copy and copy.size else None
