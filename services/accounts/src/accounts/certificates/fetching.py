"""Fetches revocation lists and authorities from their addresses into the trust folder. Only the sweeper does this.

No log-in ever waits for another server: whoever verifies reads the files that are there.
"""

import asyncio
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

import httpx
import structlog
from qingyuan_certificates.certificate import read
from qingyuan_certificates.refusals import CertificateRefused
from qingyuan_certificates.revocation import read_list

from accounts.settings import AccountsSettings

MOST_BYTES: Final = 20 * 1024 * 1024
SECONDS: Final = 20.0
log = structlog.get_logger()


class Source(Protocol):
    """Where a file comes from."""

    async def content(self, url: str) -> bytes:
        """Raises NotFetched."""


class NotFetched(Exception):
    pass


class Web:
    """By HTTP, with limits on size and time. Lists are signed, so plain HTTP is as good; redirects are not followed."""

    async def content(self, url: str) -> bytes:
        received = bytearray()
        try:
            async with (
                asyncio.timeout(SECONDS * 3),
                httpx.AsyncClient(timeout=SECONDS) as client,
                client.stream("GET", url) as answer,
            ):
                if answer.status_code != httpx.codes.OK:
                    raise NotFetched(f"status {answer.status_code}")
                async for chunk in answer.aiter_bytes():
                    received += chunk
                    if len(received) > MOST_BYTES:
                        raise NotFetched("too large")
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise NotFetched(type(error).__name__) from error
        return bytes(received)


class TrustFetcher:
    def __init__(self, settings: AccountsSettings, source: Source) -> None:
        self._folder = settings.certificate_trust_dir
        self._lists = settings.certificate_list_urls.split()
        self._between = settings.certificate_between_urls.split()
        self._source = source

    async def fetch(self) -> None:
        """What cannot be fetched or read is told in the log; the file from before stays."""
        if self._folder is None:
            return
        for url in self._lists:
            await self._fetch_one(url, self._folder / "lists", read_list)
        for url in self._between:
            await self._fetch_one(url, self._folder / "between", read)

    async def _fetch_one(self, url: str, folder: Path, check: Callable[[bytes], object]) -> None:
        try:
            content = await self._source.content(url)
            check(content)
        except (NotFetched, CertificateRefused) as error:
            log.error("trust file not fetched", url=url, why=type(error).__name__)
            return
        await asyncio.to_thread(
            _write, folder / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.der", content
        )


def _write(path: Path, content: bytes) -> None:
    """Atomically, and only if it has changed: a reader never sees half a file, nor reads the same one again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.read_bytes() == content:
        return
    new = path.parent.parent / f"{path.name}.{os.getpid()}.new"
    new.write_bytes(content)
    new.replace(path)
