"""Stores file contents under their hashes, through obstore: in a local folder, in S3, or in memory for tests."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, NotFoundError
from obstore.store import LocalStore, from_url

CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """An object in the store: its size, and its bytes as a stream."""

    size: int
    chunks: AsyncIterator[bytes]

    async def whole(self) -> bytes:
        return b"".join([chunk async for chunk in self.chunks])


class FileStore:
    """Originals are stored under their hash, once and for ever; copies under names derived from it."""

    def __init__(self, objects: Any) -> None:
        self._objects = objects
        self._folder = Path(objects.prefix) if isinstance(objects, LocalStore) and objects.prefix else None

    @classmethod
    def open(cls, url: str, **config: Any) -> "FileStore":
        """`url` is `file:///…` (created if missing), `memory:///` or `s3://bucket/…`, configured by `AWS_…` variables."""
        is_folder = urlsplit(url).scheme == "file"
        return cls(from_url(url, **config | ({"mkdir": True} if is_folder else {})))

    async def put_original(self, sha256: str, source: Path) -> None:
        """Durable when this returns. An object that exists under the same hash has the same content."""
        content = await asyncio.to_thread(source.read_bytes)
        key = original(sha256)
        try:
            await obstore.put_async(self._objects, key, content, mode="create", use_multipart=False)
        except AlreadyExistsError:
            await self._repair(key, content)
        await self._sync(key)

    async def _repair(self, key: str, content: bytes) -> None:
        """Write the object again if its size is wrong: a power failure can leave a name without its bytes."""
        if (await obstore.head_async(self._objects, key))["size"] != len(content):
            await obstore.put_async(self._objects, key, content, use_multipart=False)

    async def put_copy(self, sha256: str, name: str, content: bytes) -> None:
        await obstore.put_async(self._objects, copy(sha256, name), content, use_multipart=False)

    async def original(self, sha256: str) -> Stored | None:
        return await self._get(original(sha256))

    async def copy(self, sha256: str, name: str) -> Stored | None:
        return await self._get(copy(sha256, name))

    async def _get(self, key: str) -> Stored | None:
        try:
            result = await obstore.get_async(self._objects, key)
        except (NotFoundError, FileNotFoundError):
            return None
        meta: Mapping[str, Any] = result.meta
        return Stored(meta["size"], _chunks(result))

    async def _sync(self, key: str) -> None:
        """Flush a local file to disk, which obstore does not do. An S3 server has confirmed the object already."""
        if self._folder is not None:
            await asyncio.to_thread(_sync_file, self._folder / key, self._folder)


def original(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def copy(sha256: str, name: str) -> str:
    return f"shown/{name}/{sha256[:2]}/{sha256}.jpg"


async def _chunks(result: Any) -> AsyncIterator[bytes]:
    async for chunk in result.stream(min_chunk_size=CHUNK):
        yield bytes(chunk)


def _sync_file(path: Path, top: Path) -> None:
    for entry in (path, path.parent, top):
        descriptor = os.open(entry, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
