"""Smaller copies of images for display, created at the first request and stored beside the original."""

import asyncio
from collections import Counter
from typing import Final, Literal

import structlog
from qingyuan_runtime.process import isolated

from files.checking.sniffing import SHOWABLE
from files.file_repository import File
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
        """The copy; None where the original is no image, or cannot be decoded here."""
        if file.media_type not in SHOWABLE:
            return None
        return _unless_empty(await self._store.copy(file.sha256, size) or await self._made(file, size))

    async def _made(self, file: File, size: Size) -> Stored | None:
        """Decoding takes hundreds of megabytes of memory, so one image at a time."""
        async with self._one_at_a_time:
            if existing := await self._store.copy(file.sha256, size):
                return existing
            original = await self._store.original(file.sha256)
            if original is None:
                return None
            content = await self._copy(await original.whole(), file.sha256, size)
        if content is None:
            return None
        await self._store.put_copy(file.sha256, size, content)
        return await self._store.copy(file.sha256, size)

    async def _copy(self, content: bytes, sha256: str, size: Size) -> bytes | None:
        """None after a failure, and empty after the last try, so that an image that kills its decoder is not tried for ever."""
        try:
            copy: bytes = await isolated.call(
                MAKE_COPY, content, LONGEST[size], seconds=SECONDS, megabytes=MEGABYTES
            )
        except isolated.Unfinished as unfinished:
            self._tries[sha256] += 1
            log.warning("copy.failed", sha256=sha256, tries=self._tries[sha256], reason=unfinished)
            return b"" if self._tries[sha256] >= TRIES_MAX else None
        return copy


def _unless_empty(copy: Stored | None) -> Stored | None:
    return copy if copy and copy.size else None
