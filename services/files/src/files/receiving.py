"""Where tus puts what arrives: bytes into a folder, everything else into the upload's row.

Only the row says how far an upload is. It is written after the bytes are on disk, so an offset is never promised
that a restart could take back; bytes that a dying process left beyond it are cut off before the next ones come.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog
from fastapi import HTTPException
from tuspyserver.storage import TusStorage

from files.desk import UploadDesk

SPILL = 1024 * 1024

log = structlog.get_logger()


class Receiving(TusStorage):
    """The port that the tus library offers for a storage of one's own."""

    def __init__(self, folder: Path, desk: UploadDesk) -> None:
        self._folder = folder
        self._desk = desk
        self._arriving: dict[str, bytearray] = {}

    def path(self, uid: str) -> Path:
        return self._folder / uid

    def location(self, uid: str) -> str:
        return str(self.path(uid))

    async def create(self, uid: str) -> None:
        """Nothing: the row was made when the upload was announced, the file comes with the first byte."""

    async def exists(self, uid: str) -> bool:
        return await self._desk.read(uid) is not None

    async def size(self, uid: str) -> int:
        upload = await self._desk.read(uid)
        return upload.received if upload else 0

    @asynccontextmanager
    async def lock(self, uid: str) -> AsyncIterator[None]:  # type: ignore[override]
        """One request at a time writes to an upload; a second one is told to come back. Raises `TimeoutError`."""
        if uid in self._arriving:
            raise TimeoutError("another request writes to this upload")
        self._arriving[uid] = bytearray()
        try:
            await asyncio.to_thread(_cut, self.path(uid), await self.size(uid))
            yield
        finally:
            del self._arriving[uid]

    async def append(self, uid: str, chunk: bytes) -> None:
        self._arriving[uid] += chunk
        if len(self._arriving[uid]) >= SPILL:
            await self.flush(uid)

    async def flush(self, uid: str) -> None:
        pending = bytes(self._arriving[uid])
        self._arriving[uid].clear()
        if not pending:
            return
        try:
            await asyncio.to_thread(_append, self.path(uid), pending)
        except OSError as error:
            # Any other exception would make the library count these bytes as arrived.
            log.error("upload.not-written", upload=uid, reason=error)
            raise HTTPException(503) from error

    async def finalize(self, uid: str) -> None:
        """Nothing: the last `write_info` has put the upload among those to be checked."""

    async def read(self, uid: str) -> bytes | None:
        path = self.path(uid)
        return await asyncio.to_thread(path.read_bytes) if await self.exists(uid) else None

    async def delete(self, uid: str) -> None:
        if await self._desk.forget(uid):
            await asyncio.to_thread(self.path(uid).unlink, missing_ok=True)

    async def read_info(self, uid: str) -> dict[str, Any] | None:
        upload = await self._desk.read(uid)
        return {**upload.tus, "offset": upload.received} if upload and upload.tus else None

    async def write_info(self, uid: str, data: dict[str, Any]) -> None:
        await self._desk.advance(uid, data["offset"], data)

    async def list_uids(self) -> list[str]:
        return sorted(await self._desk.with_bytes())


def _cut(path: Path, size: int) -> None:
    if path.exists() and path.stat().st_size > size:
        os.truncate(path, size)


def _append(path: Path, content: bytes) -> None:
    is_new = not path.exists()
    with path.open("ab") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    if is_new:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder as durable as the bytes."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
