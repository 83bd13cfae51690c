"""The copies that are shown: made when first asked for, kept in the store beside their original."""

import asyncio
from typing import Final, Literal

from files.checking.images import make_copy
from files.checking.sniffing import SHOWABLE
from files.library import File
from files.store import FileStore, Stored

Size = Literal["thumb", "page"]
LONGEST: Final[dict[Size, int]] = {"thumb": 320, "page": 1600}
"""Pixels of the longer side."""


class Copies:
    def __init__(self, store: FileStore) -> None:
        self._store = store
        self._one_at_a_time = asyncio.Lock()

    async def shown(self, file: File, size: Size) -> Stored | None:
        """The copy; None where the original is no image that can be decoded here."""
        if file.media_type not in SHOWABLE:
            return None
        return await self._store.copy(file.sha256, size) or await self._made(file, size)

    async def _made(self, file: File, size: Size) -> Stored | None:
        """Decoding takes memory by the hundred megabytes, so one image at a time."""
        async with self._one_at_a_time:
            if found := await self._store.copy(file.sha256, size):
                return found
            original = await self._store.original(file.sha256)
            if original is None:
                return None
            content = await asyncio.to_thread(make_copy, await original.whole(), LONGEST[size])
        await self._store.put_copy(file.sha256, size, content)
        return await self._store.copy(file.sha256, size)
