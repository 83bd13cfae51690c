"""The images of a record, requested from the files service on behalf of the person who prints."""

import asyncio
import time
from collections.abc import Mapping
from typing import Final, Protocol

import structlog
from qingyuan_events import Actor
from qingyuan_runtime.edge.fetching import NoResponse, fetch
from qingyuan_runtime.tokens.actors import SHOWING, issue
from qingyuan_runtime.tokens.issuers import Signs

log = structlog.get_logger()
SECONDS_MAX: Final = 10
AT_ONCE: Final = 4


class Pictures(Protocol):
    """A port: images as JPEG, each only for actors who may see it."""

    async def fetch(self, actor: Actor, sha256: str) -> bytes | None:
        """None if there is no such image, the actor may not see it, or the files service is not available. The record is then
        printed without it."""
        ...


class ServedPictures:
    """The files service over HTTP, with a new token of the requesting person, so that the files service checks who may
    see the image."""

    def __init__(self, url: str, key: Signs) -> None:
        self._url = url
        self._key = key
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def fetch(self, actor: Actor, sha256: str) -> bytes | None:
        token = issue(actor, self._key, now=time.time(), purpose=SHOWING)
        async with self._slots:
            return await asyncio.to_thread(self._get, sha256, token)

    def _get(self, sha256: str, token: str) -> bytes | None:
        url, headers = f"{self._url}/{sha256}/shown?size=page", {"Authorization": f"Bearer {token}"}
        try:
            answer = fetch(url, headers, seconds=SECONDS_MAX)
        except NoResponse as error:
            log.warning("picture.missing", sha256=sha256, reason=error)
            return None
        if answer.status != 200 or not answer.content:
            log.warning("picture.refused", sha256=sha256, status=answer.status)
            return None
        return answer.content


class MemoryPictures:
    """The fake of the port, for tests: images in memory, each with an actor whose organisation may see it."""

    def __init__(self, images: Mapping[str, tuple[bytes, Actor]]) -> None:
        self._images = images

    async def fetch(self, actor: Actor, sha256: str) -> bytes | None:
        found = self._images.get(sha256)
        return found[0] if found and found[1].organisation == actor.organisation else None


async def fetch_all(pictures: Pictures, actor: Actor, wanted: set[str]) -> dict[str, bytes]:
    """The images that could be fetched, by their hash."""
    hashes = sorted(wanted)
    found = await asyncio.gather(*(pictures.fetch(actor, sha256) for sha256 in hashes))
    return {sha256: image for sha256, image in zip(hashes, found, strict=True) if image is not None}
