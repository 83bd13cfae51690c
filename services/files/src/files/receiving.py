"""The storage of the tus library: received bytes go into a folder, everything else into the upload's row.

Only the row's offset counts. It is written after the bytes are on disk, so an offset that was confirmed to a client stays
valid after a restart. Bytes that a crashed process left beyond it are cut off before the next ones are written.
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

from files.upload_repository import UploadRepository

FLUSH_BYTES = 1024 * 1024

log = structlog.get_logger()


class UploadStorage(TusStorage):
    """Implements the storage interface of the tus library."""

    def __init__(self, folder: Path, uploads: UploadRepository) -> None:
        self._folder = folder
        self._uploads = uploads
        self._buffers: dict[str, bytearray] = {}

    def path(self, uid: str) -> Path:
        return self._folder / uid

    def location(self, uid: str) -> str:
        return str(self.path(uid))

    async def create(self, uid: str) -> None:
        """Nothing to do: the row was inserted at the announcement, and the file is created with the first bytes."""

    async def exists(self, uid: str) -> bool:
        return await self._uploads.read(uid) is not None

    async def size(self, uid: str) -> int:
        upload = await self._uploads.read(uid)
        return upload.received if upload else 0

    @asynccontextmanager
    async def lock(self, uid: str) -> AsyncIterator[None]:  # type: ignore[override]
        """One request at a time writes to an upload. Raises `TimeoutError` for a second one, whose client then retries."""
        if uid in self._buffers:
            raise TimeoutError("another request writes to this upload")
        self._buffers[uid] = bytearray()
        try:
            await asyncio.to_thread(_cut, self.path(uid), await self.size(uid))
            yield
        finally:
            del self._buffers[uid]

    async def append(self, uid: str, chunk: bytes) -> None:
        self._buffers[uid] += chunk
        if len(self._buffers[uid]) >= FLUSH_BYTES:
            await self.flush(uid)

    async def flush(self, uid: str) -> None:
        pending = bytes(self._buffers[uid])
        self._buffers[uid].clear()
        if not pending:
            return
        try:
            await asyncio.to_thread(_append, self.path(uid), pending)
        except OSError as error:
            # After any other exception the library would count these bytes as received.
            log.error("upload.not-written", upload=uid, reason=error)
            raise HTTPException(503) from error

    async def finalize(self, uid: str) -> None:
        """Nothing to do: with the last `write_info` the upload already waits for its check."""

    async def read(self, uid: str) -> bytes | None:
        path = self.path(uid)
        return await asyncio.to_thread(path.read_bytes) if await self.exists(uid) else None

    async def delete(self, uid: str) -> None:
        if await self._uploads.forget(uid):
            await asyncio.to_thread(self.path(uid).unlink, missing_ok=True)

    async def read_info(self, uid: str) -> dict[str, Any] | None:
        upload = await self._uploads.read(uid)
        return {**upload.tus, "offset": upload.received} if upload and upload.tus else None

    async def write_info(self, uid: str, data: dict[str, Any]) -> None:
        await self._uploads.advance(uid, data["offset"], data)

    async def list_uids(self) -> list[str]:
        return sorted(await self._uploads.with_bytes())


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
    """Flush the folder's entries to disk, too, so that new file names survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
